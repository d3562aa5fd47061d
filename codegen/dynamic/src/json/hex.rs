//! Arrays of bytes: `"0x…"`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

/// Bytes that are written as `"0x…"`, block by block.
pub struct Hex<'a>(pub &'a [u8]);

/// The number of bytes per block.
const BLOCK: usize = 256;

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        f.write_str("0x")?;
        let mut digits = [b'0'; 2 * BLOCK];
        for block in self.0.chunks(BLOCK) {
            for (byte, pair) in block.iter().zip(digits.chunks_exact_mut(2)) {
                pair[0] = DIGITS[usize::from(byte >> 4)];
                pair[1] = DIGITS[usize::from(byte & 15)];
            }
            let text = std::str::from_utf8(&digits[..2 * block.len()]);
            f.write_str(text.map_err(|_| fmt::Error)?)?;
        }
        Ok(())
    }
}

/// Reads bytes from `"0x…"`. `length` is their number, if it is fixed.
pub fn read<'de, D: Deserializer<'de>>(length: Option<u64>, from: D) -> Result<Vec<u8>, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    let bytes = text.strip_prefix("0x").and_then(parse_digits);
    let bytes = bytes.ok_or_else(|| {
        D::Error::custom(format_args!(
            "{text:?} is not 0x followed by pairs of hex digits"
        ))
    })?;
    match length {
        Some(length) if length != bytes.len() as u64 => {
            let found = bytes.len();
            Err(D::Error::custom(format_args!(
                "the field takes {length} bytes, found {found}"
            )))
        }
        _ => Ok(bytes),
    }
}

fn parse_digits(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        let digit = char::from(byte).to_digit(16);
        digit.and_then(|digit| u8::try_from(digit).ok())
    };
    let pairs = digits.as_bytes().chunks(2).map(|pair| match *pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_two_digits_in_every_block() {
        assert_eq!(Hex(&[]).to_string(), "0x");
        assert_eq!(Hex(&[0, 0x0f, 0xa0, 0xff]).to_string(), "0x000fa0ff");
        for length in [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let text = Hex(&vec![0x5a; length]).to_string();
            assert_eq!(text, format!("0x{}", "5a".repeat(length)), "{length}");
        }
    }
}
