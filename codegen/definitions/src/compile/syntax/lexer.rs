//! Splits text into tokens.

use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::source::Span;

#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Name,
    /// A reserved word except `false`.
    Word(&'static str),
    /// `false`. It is a token even if more letters follow.
    False,
    Number(Number),
    /// The value of a string, without quotation marks.
    Text(String),
    Comment,
    Punctuation(char),
    /// Invalid text, and the rule that it breaks.
    Bad(Rule),
    End,
}

/// All reserved words except `false`.
const RESERVED: &[&str] = &[
    "service",
    "rpc",
    "returns",
    "null",
    "stream",
    "events",
    "define",
    "typedef",
    "enum",
    "enumflag",
    "typeonly",
    "manual_print",
    "manual_endian",
    "dont_trace",
    "autoreply",
    "autoendian",
    "option",
    "u8",
    "u16",
    "u32",
    "u64",
    "i8",
    "i16",
    "i32",
    "i64",
    "f64",
    "bool",
    "string",
    "import",
    "true",
    "union",
    "counters",
    "paths",
    "units",
    "severity",
    "type",
    "description",
];

/// Returns all tokens of a text, comments included, and [`Kind::End`].
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 6);
    let mut at = 0;
    while let Some(first) = text.as_bytes().get(at) {
        if matches!(first, b' ' | b'\t' | b'\n') {
            at += 1;
            continue;
        }
        let (kind, length) = token(&text[at..]);
        let span = Span::new(at, at + length);
        tokens.push(Token { kind, span });
        at += length;
    }
    tokens.push(Token {
        kind: Kind::End,
        span: Span::new(text.len(), text.len()),
    });
    tokens
}

/// Returns the first token of `rest` and its length.
///
/// As in VPP's tool, `false` is matched first, even at the beginning of a longer word, and
/// `true` is a reserved word like the others.
fn token(rest: &str) -> (Kind, usize) {
    if rest.starts_with("false") {
        return (Kind::False, "false".len());
    }
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or_default();
    match (first, chars.next()) {
        ('0'..='9', _) | ('-', Some('0'..='9')) => number(rest),
        ('A'..='Z' | 'a'..='z' | '_', _) => {
            let end = rest.find(|c| !is_in_name(c)).unwrap_or(rest.len());
            let word = RESERVED.iter().find(|word| **word == &rest[..end]);
            (word.map_or(Kind::Name, |word| Kind::Word(word)), end)
        }
        ('"', _) => string(rest),
        ('/', Some('/')) => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        ('/', Some('*')) => match rest[2..].find("*/") {
            Some(end) => (Kind::Comment, end + 4),
            None => (Kind::Bad(Rule::UnterminatedComment), 2),
        },
        (':' | '{' | '}' | '[' | ']' | ';' | '=' | '.' | ',', _) => (Kind::Punctuation(first), 1),
        _ => (Kind::Bad(Rule::IllegalCharacter), first.len_utf8().max(1)),
    }
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Parses `0x` and hexadecimal digits, or decimal digits with an optional sign and fraction.
fn number(rest: &str) -> (Kind, usize) {
    let bad = Kind::Bad(Rule::Number);
    let digits = |text: &str, is_digit: fn(&char) -> bool| {
        text.find(|c| !is_digit(&c)).unwrap_or(text.len())
    };
    if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let length = digits(hex, char::is_ascii_hexdigit);
        if length > 0 {
            let value = i128::from_str_radix(&hex[..length], 16).ok();
            let value = value.filter(|_| rest.starts_with("0x"));
            let kind = value.map_or(bad, |value| Kind::Number(Number::Int(value)));
            return (kind, length + 2);
        }
    }
    let sign = usize::from(rest.starts_with('-'));
    let mut end = sign + digits(&rest[sign..], char::is_ascii_digit);
    let is_float = rest[end..].starts_with('.');
    if is_float {
        end += 1;
        end += digits(&rest[end..], char::is_ascii_digit);
    }
    let text = &rest[..end];
    let value = if is_float {
        text.parse().ok().map(Number::Float)
    } else {
        text.parse().ok().map(Number::Int)
    };
    (value.map_or(bad, Kind::Number), end)
}

/// Parses a string on one line. A backslash escapes the next character. The value is the raw
/// text without quotation marks.
fn string(rest: &str) -> (Kind, usize) {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (Kind::Text(rest[..=at].replace('"', "")), at + 1),
            '\n' => break,
            '\\' if chars.next().is_some_and(|(_, next)| next != '\n') => {}
            '\\' => break,
            _ => {}
        }
    }
    (Kind::Bad(Rule::UnterminatedString), 1)
}
