use crate::files::sha256_hex;

/// The length of the truncated container ID in file names.
const LENGTH: usize = 12;

/// The number of hex digits of the hash at the end of a record's name.
const DIGITS: usize = 16;

/// Returns the form of a container ID that is used in file names.
///
/// IDs of 64 hex digits, which most runtimes use, are truncated to 12 characters as in the Go
/// plugin. Other IDs may share their first 12 characters (`default-box1` and `default-box10`), so
/// `-` and 8 hex digits of their SHA-256 are appended.
///
/// ```
/// use cnivpp::localdb::cid12;
///
/// assert_eq!(cid12(&"0958c8871b32f00d".repeat(4)), "0958c8871b32");
/// assert_eq!(cid12("default-box10"), "default-box1-865edf34");
/// ```
#[must_use]
pub fn cid12(container_id: &str) -> String {
    let start: String = container_id.chars().take(LENGTH).collect();
    let is_hex = container_id.bytes().all(|it| it.is_ascii_hexdigit());
    if is_hex && container_id.len() == 64 {
        return start;
    }
    format!("{start}-{}", sha256_hex(&[container_id], 8))
}

/// Returns the key of an attachment's record: `local-<cid12>-<ifname>-<16 hex digits>`.
///
/// The digits are from the SHA-256 of container ID and interface name, so two attachments never
/// share a key. The Go plugin's records in the same folder have other names.
#[must_use]
pub fn record_key(container_id: &str, if_name: &str) -> String {
    let hash = sha256_hex(&[container_id, if_name], DIGITS);
    format!("local-{}-{if_name}-{hash}", cid12(container_id))
}

/// Whether [`record_key`] made the key. The Go plugin's records have other keys.
#[must_use]
pub fn is_record_key(key: &str) -> bool {
    let parts = key
        .strip_prefix("local-")
        .and_then(|it| it.rsplit_once('-'));
    let is_hash = |it: &str| {
        it.len() == DIGITS && it.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    };
    // An interface name has at most 15 bytes, so the Go plugin's names never end in 16 digits.
    parts.is_some_and(|(_, hash)| is_hash(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_share_their_start_have_different_names() {
        let ids = ["default-box1", "default-box10", "default-box", "box", ""];
        let mut names: Vec<_> = ids.iter().map(|it| cid12(it)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), ids.len());
        for id in ids {
            assert!(cid12(id).starts_with(&id[..id.len().min(12)]), "{id}");
        }
    }

    #[test]
    fn only_ids_of_64_hex_digits_are_truncated() {
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(cid12(&id), "0123456789ab");
        for other in [&id[1..], &format!("{id}0"), &id.replace('f', "g")] {
            assert_eq!(cid12(other).len(), 12 + 1 + 8, "{other}");
        }
        // Characters, not bytes.
        assert!(cid12(&"é".repeat(64)).starts_with(&"é".repeat(12)));
    }

    #[test]
    fn records_of_both_plugins_differ() {
        let key = record_key("default-box10", "net1");
        assert!(key.starts_with("local-default-box1-"), "{key}");
        assert!(is_record_key(&key));
        let go = [
            "local-0958c8871b32-net1",
            "local-0958c8871b32-0123456789abcde",
            "x",
            "",
        ];
        for key in go {
            assert!(!is_record_key(key), "{key}");
        }
        assert_ne!(record_key("a-b", "c"), record_key("a", "b-c"));
    }
}
