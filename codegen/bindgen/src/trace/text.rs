use std::io::{self, Write};

/// Turns the JSON of one message into text for people while it is written: names without quotes,
/// a space after `:` and `,`, and two spaces before the whole instead of braces around it.
///
/// `_msgname` and `_crc` are left out. Strings stay JSON strings, so that a control character
/// from a trace does not reach the terminal.
pub struct TextWriter<W> {
    to: W,
    /// One entry per open bracket: whether it is an object.
    open: Vec<bool>,
    state: State,
    /// The number of fields of the message that are still to be left out.
    leave_out: u8,
    /// Whether the separator before the first field was written.
    has_begun: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before a name or a value.
    Start,
    Name,
    Text,
    Escape,
    Value,
}

impl<W: Write> TextWriter<W> {
    /// Leaves out the first `leave_out` fields of the message.
    pub fn new(to: W, leave_out: u8) -> Self {
        Self {
            to,
            open: Vec::new(),
            state: State::Start,
            leave_out,
            has_begun: false,
        }
    }

    fn byte(&mut self, byte: u8) -> io::Result<()> {
        let is_left_out = self.leave_out > 0;
        let in_object = self.open.last() == Some(&true);
        let out: &[u8] = match (self.state, byte) {
            (State::Name, b'"') => {
                self.state = State::Value;
                b""
            }
            (State::Escape, _) => {
                self.state = State::Text;
                &[byte]
            }
            (State::Text, b'\\') => {
                self.state = State::Escape;
                &[byte]
            }
            (State::Text, b'"') => {
                self.state = State::Value;
                &[byte]
            }
            (State::Name | State::Text, _) => &[byte],
            (State::Start, b'"') if in_object => {
                self.state = State::Name;
                b""
            }
            (_, b'"') => {
                self.state = State::Text;
                &[byte]
            }
            (_, b'{' | b'[') => {
                self.open.push(byte == b'{');
                self.state = State::Start;
                if self.open.len() == 1 { b"" } else { &[byte] }
            }
            (_, b'}' | b']') => {
                self.open.pop();
                self.state = State::Value;
                if self.open.is_empty() { b"" } else { &[byte] }
            }
            (_, b',') => {
                self.state = State::Start;
                if is_left_out && self.open.len() == 1 {
                    self.leave_out -= 1;
                    return Ok(());
                }
                b", "
            }
            // After a name comes a value, in which a quote begins a text.
            (_, b':') => {
                self.state = State::Value;
                b": "
            }
            _ => &[byte],
        };
        if is_left_out || out.is_empty() {
            return Ok(());
        }
        if !self.has_begun {
            self.has_begun = true;
            self.to.write_all(b"  ")?;
        }
        self.to.write_all(out)
    }
}

impl<W: Write> Write for TextWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.iter().try_for_each(|byte| self.byte(*byte))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        let mut out = Vec::new();
        TextWriter::new(&mut out, 2)
            .write_all(json.as_bytes())
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_lose_their_quotes_and_texts_keep_them() {
        assert_eq!(
            text(
                r#"{"_msgname":"a","_crc":"1","x":1,"s":"a\",:{\\","n":{"l":[1,{"y":"z"}],"e":[]}}"#
            ),
            r#"  x: 1, s: "a\",:{\\", n: {l: [1, {y: "z"}], e: []}"#
        );
    }

    #[test]
    fn message_without_fields_is_empty() {
        assert_eq!(text(r#"{"_msgname":"a","_crc":"1"}"#), "");
    }
}
