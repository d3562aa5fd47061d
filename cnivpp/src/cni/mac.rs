//! MAC addresses.

use std::fmt;
use std::str::FromStr;

/// An Ethernet MAC address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Parses the address of an interface.
    ///
    /// # Errors
    /// The reason, as text that follows the address: it is not a MAC address, or it is zero or a
    /// multicast address.
    pub fn parse_unicast(text: &str) -> Result<Self, &'static str> {
        let mac: Self = text.parse()?;
        let [first, ..] = mac.0;
        if mac == Self::default() {
            Err("is zero")
        } else if first & 1 != 0 {
            Err("is a multicast address")
        } else {
            Ok(mac)
        }
    }
}

impl FromStr for Mac {
    type Err = &'static str;

    /// Parses the formats `02:00:00:00:00:01`, `02-00-00-00-00-01` and `0200.0000.0001`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const REASON: &str = "is not a MAC address (for example 02:fe:00:00:00:01)";
        let (separator, digits) = match text.as_bytes() {
            [_, _, b':', ..] => (':', 2),
            [_, _, b'-', ..] => ('-', 2),
            [_, _, _, _, b'.', ..] => ('.', 4),
            _ => return Err(REASON),
        };
        let groups: Vec<&str> = text.split(separator).collect();
        let is_group =
            |it: &&str| it.len() == digits && it.bytes().all(|it| it.is_ascii_hexdigit());
        if groups.len() * digits != 12 || !groups.iter().all(is_group) {
            return Err(REASON);
        }
        let number = u64::from_str_radix(&groups.concat(), 16).map_err(|_| REASON)?;
        let [_, _, bytes @ ..] = number.to_be_bytes();
        Ok(Self(bytes))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_formats_are_parsed() {
        for text in ["02:FE:00:00:00:01", "02-fe-00-00-00-01", "02fe.0000.0001"] {
            assert_eq!(
                text.parse::<Mac>().unwrap().to_string(),
                "02:fe:00:00:00:01"
            );
        }
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in [
            "",
            "02:fe:00:00:00",
            "02:fe:00:00:00:01:02",
            "02:fe:00:00:00:0g",
            "02:fe:00:00:00:+1",
            "02:fe-00:00:00:01",
            "02fe00000001",
            "0:2:fe:00:00:00",
            "é:fe:00:00:00:01",
        ] {
            assert!(text.parse::<Mac>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_interface_address_must_be_unicast() {
        assert_eq!(Mac::parse_unicast("00:00:00:00:00:00"), Err("is zero"));
        assert_eq!(
            Mac::parse_unicast("01:00:5e:00:00:01"),
            Err("is a multicast address")
        );
        assert!(Mac::parse_unicast("02:fe:00:00:00:01").is_ok());
    }
}
