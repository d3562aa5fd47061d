use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Returns the first `digits` hex digits (at most 64) of the SHA-256 of `parts`, joined by NUL.
///
/// CNI keys do not contain NUL, so different parts have different hashes.
#[must_use]
pub fn sha256_hex(parts: &[&str], digits: usize) -> String {
    let mut text = sha256_hex_of_bytes(parts.join("\0").as_bytes());
    text.truncate(digits);
    text
}

/// Returns the 64 hex digits of the SHA-256 of `bytes`.
pub(crate) fn sha256_hex_of_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a `String` is infallible.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_sha256() {
        // FIPS 180-2, appendix B.1.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(&["abc"], 64), abc);
        assert_eq!(sha256_hex(&["abc"], 8), abc[..8]);
    }

    #[test]
    fn the_boundary_between_parts_changes_the_hash() {
        assert_ne!(sha256_hex(&["a", "bc"], 64), sha256_hex(&["ab", "c"], 64));
    }
}
