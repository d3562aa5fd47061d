use std::fmt;

use serde::ser::{Serialize, Serializer};

/// Bytes that become `"0x…"`, a block at a time.
pub struct Hex<'a>(pub &'a [u8]);

/// The bytes of a block.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_two_digits_each_across_blocks() {
        assert_eq!(Hex(&[]).to_string(), "0x");
        assert_eq!(Hex(&[0, 0x0f, 0xa0, 0xff]).to_string(), "0x000fa0ff");
        for length in [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let text = Hex(&vec![0x5a; length]).to_string();
            assert_eq!(text, format!("0x{}", "5a".repeat(length)), "{length}");
        }
    }
}
