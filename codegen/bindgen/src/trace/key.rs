use std::fmt;

/// The name and CRC of a message in a trace's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageName<'a> {
    /// The name. The whole key if it does not end with a CRC.
    pub name: &'a str,
    /// The CRC in hex; empty if the key has none.
    pub crc: &'a str,
}

impl<'a> MessageName<'a> {
    /// Splits a key of a message table: name, `_`, CRC in 8 hex digits.
    pub fn of_key(key: &'a str) -> Self {
        let is_crc = |crc: &str| crc.len() == 8 && crc.bytes().all(|b| b.is_ascii_hexdigit());
        match key.rsplit_once('_') {
            Some((name, crc)) if is_crc(crc) => Self { name, crc },
            _ => Self { name: key, crc: "" },
        }
    }
}

impl fmt::Display for MessageName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.crc {
            "" => f.write_str(self.name),
            crc => write!(f, "{}_{crc}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_crc_is_split_from_a_key() {
        for (key, name, crc) in [
            ("memif_delete_f9e6675e", "memif_delete", "f9e6675e"),
            ("memif_delete", "memif_delete", ""),
            ("a_0123456", "a_0123456", ""),
            ("", "", ""),
        ] {
            let split = MessageName::of_key(key);
            assert_eq!((split.name, split.crc), (name, crc));
            assert_eq!(split.to_string(), key);
        }
    }
}
