use std::collections::HashMap;
use std::io;
use std::path::Path;

use cnivpp::api::infra::AnyOf;
use vpp_definitions::{Error, Input, Options};

/// The messages that a program needs.
///
/// The text form has one need per line: a message by name and CRC (`memif_create_b1b25061`) or
/// by name alone. If the program can fall back to older messages, the line lists them after the
/// preferred one, separated by `|`. A line that ends with a colon names the configurations of
/// the program that need the messages after it. `#` starts a comment.
///
/// ```
/// use vpp_bindgen::check::Needs;
///
/// let needs: Needs = "
///     memif_create_v2_8c7de5f7 | memif_create_b1b25061
///     control_ping   # with any CRC
///
///     proxy ARP:
///     proxy_arp_add_del_1823c3e7
/// "
/// .parse()?;
/// assert_eq!(needs.0.len(), 3);
/// assert_eq!(needs.0[1].only_for, None);
/// assert_eq!(needs.0[2].only_for.as_deref(), Some("proxy ARP"));
/// assert_eq!(needs.0[0].fallbacks[0].crc, Some(0xb1b2_5061));
/// # Ok::<(), vpp_bindgen::check::ParseNeedsError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs(pub Vec<Need>);

/// Alternative messages. The program uses the first one that VPP has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The message that the program prefers.
    pub preferred: MessageKey,
    /// The messages that the program uses otherwise, in this order.
    pub fallbacks: Vec<MessageKey>,
    /// The configurations that need it; `None` if all do.
    pub only_for: Option<String>,
}

impl Need {
    /// Creates a need from names and CRCs, the preferred message first.
    fn of(any_of: AnyOf, only_for: Option<&str>) -> Option<Self> {
        let mut messages = any_of.iter().map(|(name, crc)| MessageKey {
            name: (*name).to_owned(),
            crc: Some(*crc),
        });
        Some(Self {
            preferred: messages.next()?,
            fallbacks: messages.collect(),
            only_for: only_for.map(str::to_owned),
        })
    }

    /// All messages, the preferred one first.
    pub fn messages(&self) -> impl Iterator<Item = &MessageKey> {
        std::iter::once(&self.preferred).chain(&self.fallbacks)
    }
}

/// A message by name, and by CRC if it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageKey {
    /// The name.
    pub name: String,
    /// The CRC in the program; `None` if the list has none.
    pub crc: Option<u32>,
}

/// The error of a line in a list of messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}: {text:?} is not a message: expected name or name_crc, such as \
     memif_create_b1b25061"
)]
pub struct ParseNeedsError {
    /// The line number, from 1.
    pub line: usize,
    /// The text of the line.
    pub text: String,
}

impl Needs {
    /// The messages that `cnivpp` needs.
    #[must_use]
    pub fn of_cnivpp() -> Self {
        let of_all = |only_for: Option<&str>, needs: &[AnyOf]| {
            let needs = needs.iter().filter_map(|any_of| Need::of(any_of, only_for));
            needs.collect::<Vec<_>>()
        };
        let required = cnivpp::api::NEEDS
            .iter()
            .flat_map(|needs| of_all(None, needs));
        let optional = cnivpp::api::OPTIONAL
            .iter()
            .flat_map(|(only_for, needs)| of_all(Some(only_for), needs));
        Self(required.chain(optional).collect())
    }

    /// Sets missing CRCs to those of the definitions.
    ///
    /// # Errors
    /// The definitions cannot be read.
    pub fn with_crcs_of(mut self, definitions: &[Input]) -> Result<Self, Error> {
        let model = vpp_definitions::load(definitions.iter().cloned(), &Options::default())?;
        let messages = model.api.modules.iter().flat_map(|module| &module.messages);
        let mut crcs = HashMap::new();
        for message in messages {
            crcs.entry(message.name.as_str()).or_insert(message.crc);
        }
        for need in &mut self.0 {
            for wanted in std::iter::once(&mut need.preferred).chain(&mut need.fallbacks) {
                wanted.crc = wanted
                    .crc
                    .or_else(|| crcs.get(wanted.name.as_str()).copied());
            }
        }
        Ok(self)
    }

    /// All messages, fallbacks included: by key, or by name if the CRC is missing.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let wanted = self.0.iter().flat_map(Need::messages);
        wanted.map(|MessageKey { name, crc }| match crc {
            Some(crc) => format!("{name}_{crc:08x}"),
            None => name.clone(),
        })
    }
}

impl std::str::FromStr for Needs {
    type Err = ParseNeedsError;

    fn from_str(text: &str) -> Result<Self, ParseNeedsError> {
        let lines = text.lines().enumerate();
        let lines = lines.map(|(at, line)| (at + 1, line.split('#').next().unwrap_or(line).trim()));
        let mut only_for = None;
        let mut needs = Vec::new();
        for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
            let bad = || ParseNeedsError {
                line,
                text: text.to_owned(),
            };
            match text.strip_suffix(':').map(str::trim_end) {
                Some("") => return Err(bad()),
                Some(name) => only_for = Some(name.to_owned()),
                None => needs.push(need(text, only_for.as_deref()).ok_or_else(bad)?),
            }
        }
        Ok(Self(needs))
    }
}

fn need(text: &str, only_for: Option<&str>) -> Option<Need> {
    let mut words = text.split('|').map(|word| wanted(word.trim()));
    Some(Need {
        preferred: words.next()??,
        fallbacks: words.collect::<Option<_>>()?,
        only_for: only_for.map(str::to_owned),
    })
}

fn wanted(word: &str) -> Option<MessageKey> {
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !is_name(word) {
        return None;
    }
    let (name, crc) = match word.rsplit_once('_') {
        Some((name, crc)) if crc.len() == 8 && is_name(name) => {
            (name, u32::from_str_radix(crc, 16).ok())
        }
        _ => (word, None),
    };
    Some(MessageKey {
        name: if crc.is_some() { name } else { word }.to_owned(),
        crc,
    })
}

/// Reads a list of messages from a file; `-` is standard input.
pub fn read_needs(file: &Path) -> Result<Needs, String> {
    let text = if file.as_os_str() == "-" {
        io::read_to_string(io::stdin().lock())
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let needs: Result<Needs, ParseNeedsError> = text.parse();
    match needs {
        Ok(needs) if needs.0.is_empty() => Err(format!("{} lists no messages", file.display())),
        Ok(needs) => Ok(needs),
        Err(error) => Err(format!("{}: {error}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_that_ends_with_eight_letters_has_no_crc() {
        let needs: Needs = "sw_interface_set_flags\nsnort_instance_get_reply"
            .parse()
            .unwrap();
        assert!(needs.0.iter().all(|need| need.preferred.crc.is_none()));
        assert_eq!(
            needs.keys().next().as_deref(),
            Some("sw_interface_set_flags")
        );
    }

    #[test]
    fn invalid_line_is_rejected_with_its_number() {
        for text in ["a b", "x |", "| x", "$", "a || b", "_b1b25061", ":"] {
            let error = format!("# list\n{text}").parse::<Needs>().unwrap_err();
            assert_eq!((error.line, error.text.as_str()), (2, text));
        }
    }
}
