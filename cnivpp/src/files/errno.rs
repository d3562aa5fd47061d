use rustix::io::Errno;

/// Name and meaning of a system error, such as `ENOSPC: no space left on device`.
///
/// Multus drops its cache of a failed DEL if the error contains the usual text of `ENOENT`
/// (cni.md, section 4). That text is therefore replaced by "the file is missing".
#[must_use]
pub fn describe_errno(errno: Errno) -> String {
    use nix::errno::Errno as Named;
    let raw = errno.raw_os_error();
    let meaning = match Named::from_raw(raw) {
        Named::UnknownErrno => return format!("errno {raw}"),
        Named::ENOENT => "the file is missing".to_owned(),
        Named::ELOOP => "a symbolic link is not allowed here".to_owned(),
        named => decapitalize(named.desc()),
    };
    format!("{:?}: {meaning}", Named::from_raw(raw))
}

/// `No space left on device` as `no space left on device`; `I/O error` stays.
fn decapitalize(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_named() {
        let text = describe_errno(Errno::NOSPC);
        assert_eq!(text, "ENOSPC: no space left on device");
        assert_eq!(describe_errno(Errno::IO), "EIO: I/O error");
        assert_eq!(describe_errno(Errno::from_raw_os_error(4000)), "errno 4000");
    }

    #[test]
    fn no_error_has_the_text_that_makes_multus_drop_its_cache() {
        for raw in 1..200 {
            let text = describe_errno(Errno::from_raw_os_error(raw)).to_lowercase();
            assert!(!text.contains("no such file or directory"), "{text}");
        }
    }
}
