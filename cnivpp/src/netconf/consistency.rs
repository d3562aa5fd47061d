//! Checks that both ends of an attachment can connect to each other.

use super::choice::Choice;
use super::{Interface, Side};
use crate::cni::fields::Problems;

/// Adds a problem for every key of the container that is incompatible with the host's.
pub(super) fn check(host: &Side, container: &Side, problems: &mut Problems) {
    let mut equal = |key: &str, equal: bool, values: [String; 2]| {
        if !equal {
            let [host, container] = values;
            problems.invalid(format!(
                "container.{key} {container} differs from host.{key} {host}"
            ));
        }
    };
    match (&host.interface, &container.interface) {
        (Interface::Memif(host), Interface::Memif(container)) => {
            let both = [host, container];
            let words = both.map(|it| quoted(it.mode.as_str()));
            equal("memif.mode", host.mode == container.mode, words);
            let numbers = both.map(|it| it.id.to_string());
            equal("memif.id", host.id == container.id, numbers);
            let is_equal = host.secret == container.secret;
            equal("memif.secret", is_equal, both.map(|_| quoted("***")));
            let words = both.map(|it| quoted(it.socket_type.as_str()));
            let is_equal = host.socket_type == container.socket_type;
            equal("memif.socketType", is_equal, words);
            let names = both.map(|it| name(it.socket_file.as_ref()));
            let is_equal = host.socket_file == container.socket_file;
            equal("memif.socketfile", is_equal, names);
            if host.role == container.role {
                let (role, other) = (host.role.as_str(), host.role.inverse().as_str());
                problems.invalid(format!(
                    "container.memif.role and host.memif.role are both {role:?}; one of them must \
                     be {other:?}"
                ));
            }
        }
        (Interface::Vhost(host), Interface::Vhost(container)) => {
            let names = [host, container].map(|it| name(it.socket_file.as_ref()));
            let is_equal = host.socket_file == container.socket_file;
            equal("vhost.socketfile", is_equal, names);
            if host.mode == container.mode {
                let (mode, other) = (host.mode.as_str(), host.mode.inverse().as_str());
                problems.invalid(format!(
                    "container.vhost.mode and host.vhost.mode are both {mode:?}; one of them must \
                     be {other:?}"
                ));
            }
        }
        (host, container) => {
            let words = [host, container].map(|it| quoted(it.if_type().as_str()));
            equal("iftype", false, words);
        }
    }
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn name(file: Option<&super::SocketFile>) -> String {
    quoted(file.map_or("", super::SocketFile::as_str))
}
