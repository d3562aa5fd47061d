use std::collections::HashMap;

use cnivpp::api::infra::AnyOf;
use vpp_definitions::{Error, Input, Options};

/// The messages that a program needs.
///
/// As text, one need a line: a message by name and CRC (`memif_create_b1b25061`) or by name
/// alone; where the program falls back to older messages, all of them, the preferred first,
/// with `|` between. A line that ends with a colon begins the messages that only some
/// configurations of the program need, and names these. `#` starts a comment.
///
/// ```
/// use vpp_bindgen::check::Needs;
///
/// let needs: Needs = "
///     memif_create_v2_8c7de5f7 | memif_create_b1b25061
///     control_ping   # with whatever CRC
///
///     proxy ARP:
///     proxy_arp_add_del_1823c3e7
/// "
/// .parse()?;
/// assert_eq!(needs.0.len(), 3);
/// assert_eq!(needs.0[1].only_for, None);
/// assert_eq!(needs.0[2].only_for.as_deref(), Some("proxy ARP"));
/// assert_eq!(needs.0[0].fallbacks[0].crc, Some(0xb1b2_5061));
/// # Ok::<(), vpp_bindgen::check::BadNeed>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs(pub Vec<Need>);

/// Messages of which one is needed; the first that VPP has is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The message that is sent where VPP has it.
    pub preferred: Wanted,
    /// What is sent where it has not, in this order.
    pub fallbacks: Vec<Wanted>,
    /// The configurations that need it; `None` where all do.
    pub only_for: Option<String>,
}

impl Need {
    /// A need that a program states as names and CRCs, the preferred message first.
    fn of(any_of: AnyOf, only_for: Option<&str>) -> Option<Self> {
        let mut messages = any_of.iter().map(|(name, crc)| Wanted {
            name: (*name).to_owned(),
            crc: Some(*crc),
        });
        Some(Self {
            preferred: messages.next()?,
            fallbacks: messages.collect(),
            only_for: only_for.map(str::to_owned),
        })
    }

    /// All of its messages, the preferred one first.
    pub fn messages(&self) -> impl Iterator<Item = &Wanted> {
        std::iter::once(&self.preferred).chain(&self.fallbacks)
    }
}

/// A message that a program would send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// The CRC that the program has of it; `None` where the list does not say.
    pub crc: Option<u32>,
}

/// A line of a list that names no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}: {text:?} is no message: expected name or name_crc, such as memif_create_b1b25061"
)]
pub struct BadNeed {
    /// The number of the line, from 1.
    pub line: usize,
    /// What it says.
    pub text: String,
}

impl Needs {
    /// What `cnivpp` needs of VPP.
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

    /// Gives messages that are listed without CRC the one that the definitions have.
    ///
    /// # Errors
    /// When the definitions cannot be read.
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

    /// All messages, fallbacks included, as a list has them: by key, or by name where it says
    /// no CRC.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let wanted = self.0.iter().flat_map(Need::messages);
        wanted.map(|Wanted { name, crc }| match crc {
            Some(crc) => format!("{name}_{crc:08x}"),
            None => name.clone(),
        })
    }
}

impl std::str::FromStr for Needs {
    type Err = BadNeed;

    fn from_str(text: &str) -> Result<Self, BadNeed> {
        let lines = text.lines().enumerate();
        let lines = lines.map(|(at, line)| (at + 1, line.split('#').next().unwrap_or(line).trim()));
        let mut only_for = None;
        let mut needs = Vec::new();
        for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
            let bad = || BadNeed {
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

fn wanted(word: &str) -> Option<Wanted> {
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
    Some(Wanted {
        name: if crc.is_some() { name } else { word }.to_owned(),
        crc,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_end_in_eight_letters() {
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
    fn what_names_no_message_is_refused_with_its_line() {
        for text in ["a b", "x |", "| x", "$", "a || b", "_b1b25061", ":"] {
            let error = format!("# list\n{text}").parse::<Needs>().unwrap_err();
            assert_eq!((error.line, error.text.as_str()), (2, text));
        }
    }
}
