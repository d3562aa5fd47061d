use super::Role;
use crate::api::{Error, Result};

/// The longest name of a memif's socket file, in bytes. A master of VPP 26.06 refuses 107.
pub const MAX_FILE_NAME: usize = 106;

/// The longest abstract name, in bytes, with its prefix and its network namespace. A longer one
/// is truncated in `memif_socket_filename_details` and could not be found again.
const MAX_ABSTRACT: usize = 107;

const ABSTRACT: &str = "abstract:";
const NETNS: &str = ",netns_name=";

/// Checks that a memif of every release from v22.10 to v26.06 can use a socket name.
///
/// A name is one of:
/// - a file name of at most 106 bytes; a relative one is in VPP's runtime folder, whose
///   length counts too;
/// - `abstract:NAME` or `abstract:NAME,netns_name=PATH`, at most 107 bytes in all, where PATH
///   is the network namespace as VPP sees it (below `/var/run/netns` unless it begins with
///   `/`). VPP has these since v23.06. [`add_socket`](super::add_socket) refuses them on
///   older releases, which would create a file of that name.
///
/// NAME, PATH and file names consist of `[A-Za-z0-9/_.-]` (`clib_socket_init` in
/// `vppinfra/socket.c`). The rules apply to both roles: if a name is invalid, a master
/// fails with `SYSCALL_ERROR_4`, and VPP creates a slave that never connects.
///
/// # Errors
/// The name breaks one of these rules. The error has the rule and the effect.
pub fn validate_socket_name(name: &str, role: Role) -> Result<()> {
    let (operation, effect) = match role {
        Role::Master => (
            "use the socket name of a memif master",
            "VPP would not listen on it",
        ),
        Role::Slave => (
            "use the socket name of a memif slave",
            "the slave would never connect",
        ),
    };
    check(name).map_err(|why| Error::invalid(operation, format!("{why}; {effect}")))
}

/// Whether this is the name of an abstract socket.
pub(super) fn is_abstract(name: &str) -> bool {
    name.starts_with(ABSTRACT)
}

/// Checks a name, and returns what is wrong with it.
pub(super) fn check(name: &str) -> std::result::Result<(), String> {
    let Some(text) = name.strip_prefix(ABSTRACT) else {
        check_text("the socket name", name)?;
        return check_length("the socket name", name, MAX_FILE_NAME);
    };
    let (text, netns) = match text.split_once(',') {
        None => (text, None),
        Some((text, _)) => match name.split_once(NETNS) {
            Some((before, netns)) if before.len() == ABSTRACT.len() + text.len() => {
                (text, Some(netns))
            }
            _ => {
                let why = format!("{name:?} has an unknown option, expected {NETNS}PATH");
                return Err(why);
            }
        },
    };
    check_text("the abstract socket name", text)?;
    if let Some(netns) = netns {
        check_text("the network namespace", netns)?;
    }
    check_length("the abstract socket name", name, MAX_ABSTRACT)
}

fn check_text(what: &str, text: &str) -> std::result::Result<(), String> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte);
    if text.is_empty() {
        return Err(format!("{what} is empty"));
    }
    match text
        .chars()
        .find(|it| !u8::try_from(*it).is_ok_and(is_known))
    {
        Some(unknown) => Err(format!(
            "{what} {text:?} contains {unknown:?}, expected A-Z a-z 0-9 / _ . -"
        )),
        None => Ok(()),
    }
}

fn check_length(what: &str, text: &str, max: usize) -> std::result::Result<(), String> {
    match text.len() {
        len if len > max => Err(format!(
            "{what} {text:?} has {len} bytes, at most {max} are possible"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(name: &str) -> String {
        let master = validate_socket_name(name, Role::Master).unwrap_err();
        let slave = validate_socket_name(name, Role::Slave).unwrap_err();
        assert!(slave.to_string().contains("never connect"), "{slave}");
        master.to_string()
    }

    #[test]
    fn names_that_every_release_accepts_are_valid() {
        let longest = format!("/{}", "x".repeat(105));
        let abstract_name = format!("abstract:{}", "x".repeat(98));
        for name in [
            "/run/vpp/memif_1-a.B.sock",
            "memif.sock",
            &longest,
            &abstract_name,
            "abstract:a",
            "abstract:a/b,netns_name=/var/run/netns/cni-1",
            "abstract:a,netns_name=cni-1",
        ] {
            validate_socket_name(name, Role::Master).unwrap();
            validate_socket_name(name, Role::Slave).unwrap();
        }
    }

    #[test]
    fn long_names_are_refused_for_both_roles() {
        assert!(why(&format!("/{}", "x".repeat(106))).contains("has 107 bytes, at most 106"));
        let name = format!("abstract:{}", "x".repeat(99));
        assert!(why(&name).contains("has 108 bytes, at most 107"));
        let name = format!("abstract:a,netns_name=/{}", "x".repeat(107));
        assert!(why(&name).contains("at most 107"));
    }

    #[test]
    fn unsupported_characters_and_options_are_refused() {
        let why_tilde = why("/pods/kubernetes.io~empty-dir/m");
        assert!(why_tilde.contains("contains '~'"), "{why_tilde}");
        assert!(why("/a b").contains("contains ' '"));
        assert!(why("/a\0").contains("contains '\\0'"));
        assert!(why("/ä").contains("contains 'ä'"));
        assert!(why("tcp:1").contains("contains ':'"));
        assert!(why("@a").contains("contains '@'"));
        assert!(why("abstract:a b").contains("contains ' '"));
        assert!(why("abstract:a,netns_pid=1").contains("unknown option"));
        assert!(why("abstract:a,b,netns_name=c").contains("unknown option"));
        assert!(why("abstract:a,netns_name=b,netns_name=c").contains("contains ','"));
    }

    #[test]
    fn empty_parts_are_refused() {
        for name in [
            "",
            "abstract:",
            "abstract:,netns_name=a",
            "abstract:a,netns_name=",
        ] {
            assert!(why(name).contains("is empty"), "{name}");
        }
    }
}
