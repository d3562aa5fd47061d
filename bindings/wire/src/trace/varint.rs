//! The integers of variable length in the message table (`serialize_likely_small_unsigned_integer`
//! in VPP's `src/vppinfra/serialize.h`).
//!
//! | lowest bits of the first byte | size | value |
//! |---|---|---|
//! | `1` | 1 | the other 7 bits: 0 to 127 |
//! | `10` | 2, little endian | the other 14 bits, plus 128: to 16,511 |
//! | `100` | 4, little endian | the other 29 bits, plus 16,512 |
//! | `000` | 9 | the value, little endian, in the 8 bytes after the first |

const TWO_BYTES: u64 = 1 << 7;
const FOUR_BYTES: u64 = TWO_BYTES + (1 << 14);
const NINE_BYTES: u64 = FOUR_BYTES + (1 << 29);

/// Takes an integer from the start of `from`. Returns the number of missing bytes if it is
/// incomplete.
pub(super) fn take(from: &mut &[u8]) -> Result<u64, usize> {
    let Some(first) = from.first() else {
        return Err(1);
    };
    let (value, size) = match first.trailing_zeros() {
        0 => (u64::from(*first) >> 1, 1),
        1 => {
            let bytes = *from.first_chunk().ok_or_else(|| 2 - from.len())?;
            (u64::from(u16::from_le_bytes(bytes) >> 2) + TWO_BYTES, 2)
        }
        2 => {
            let bytes = *from.first_chunk().ok_or_else(|| 4 - from.len())?;
            (u64::from(u32::from_le_bytes(bytes) >> 3) + FOUR_BYTES, 4)
        }
        _ => {
            let bytes = from.get(1..9).and_then(<[u8]>::first_chunk);
            let bytes = *bytes.ok_or_else(|| 9 - from.len())?;
            (u64::from_le_bytes(bytes), 9)
        }
    };
    *from = from.get(size..).unwrap_or_default();
    Ok(value)
}

/// Appends an integer in the shortest form.
#[allow(
    clippy::cast_possible_truncation,
    reason = "each branch is taken only for values that fit its width"
)]
pub(super) fn put(value: u64, out: &mut Vec<u8>) {
    if value < TWO_BYTES {
        out.push((value as u8) << 1 | 1);
    } else if value < FOUR_BYTES {
        out.extend((((value - TWO_BYTES) as u16) << 2 | 2).to_le_bytes());
    } else if value < NINE_BYTES {
        out.extend((((value - FOUR_BYTES) as u32) << 3 | 4).to_le_bytes());
    } else {
        out.push(0);
        out.extend(value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_at_the_edges_of_each_form_round_trip() {
        for (value, bytes) in [
            (0, &[1][..]),
            (127, &[0xff]),
            (128, &[2, 0]),
            (16_511, &[0xfe, 0xff]),
            (16_512, &[4, 0, 0, 0]),
            (536_887_423, &[0xfc, 0xff, 0xff, 0xff]),
            (536_887_424, &[0, 0x80, 0x40, 0, 0x20, 0, 0, 0, 0]),
            (u64::MAX, &[0, 255, 255, 255, 255, 255, 255, 255, 255]),
        ] {
            let mut out = Vec::new();
            put(value, &mut out);
            assert_eq!(out, bytes, "{value}");
            out.push(9);
            let mut rest = &out[..];
            assert_eq!(take(&mut rest), Ok(value));
            assert_eq!(rest, [9]);
        }
    }

    #[test]
    fn incomplete_integer_reports_the_missing_bytes() {
        for (bytes, missing) in [
            (&[][..], 1),
            (&[2], 1),
            (&[4], 3),
            (&[4, 0, 0], 1),
            (&[0], 8),
            (&[8, 1, 2, 3, 4, 5, 6, 7], 1),
        ] {
            let mut rest = bytes;
            assert_eq!(take(&mut rest), Err(missing), "{bytes:?}");
            assert_eq!(rest, bytes);
        }
    }
}
