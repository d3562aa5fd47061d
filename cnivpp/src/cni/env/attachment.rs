use std::path::PathBuf;

use super::{ARGS, Args, CONTAINER_ID, Environment, IF_NAME, NETNS, PATH, Verb};
use crate::cni::{Error, Result};

/// The attachment that the runtime names: a container and an interface name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The container ID: an [identifier](is_identifier) of any length.
    pub container_id: String,
    /// The interface's name in the container.
    pub if_name: String,
    /// The path of the container's network namespace. It may be missing for DEL.
    pub netns: Option<PathBuf>,
    /// The parameters of [`ARGS`].
    pub args: Args,
}

/// The target of a verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One attachment: ADD, CHECK, DEL.
    Attachment(Attachment),
    /// The network on this node: GC, STATUS, VERSION.
    Node,
}

impl Target {
    /// Reads and checks the variables that `verb` needs.
    ///
    /// ADD and CHECK need the container ID, the network namespace and the interface name. DEL needs
    /// the ID and the interface name. GC needs the plugin folders.
    ///
    /// # Errors
    /// Code 4 with every missing or invalid variable.
    pub fn of(verb: Verb, environment: &Environment) -> Result<Self> {
        let mut problems = Problems::default();
        let target = match verb {
            Verb::Add | Verb::Check => problems.attachment(environment, true),
            Verb::Del => problems.attachment(environment, false),
            Verb::Gc => {
                if environment.get(PATH).is_none() {
                    problems.0.push(format!("{PATH} is missing"));
                }
                Self::Node
            }
            Verb::Status | Verb::Version => Self::Node,
        };
        problems.into_result(verb).map(|()| target)
    }
}

/// Whether the text is a valid container ID or network name: `[A-Za-z0-9][A-Za-z0-9_.-]*`.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    let others = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    text.starts_with(|it: char| it.is_ascii_alphanumeric()) && text.bytes().all(others)
}

/// Checks a container ID.
///
/// # Errors
/// The reason, as text that follows the ID.
pub fn check_container_id(text: &str) -> std::result::Result<(), &'static str> {
    if is_identifier(text) {
        Ok(())
    } else {
        Err("must consist of letters, digits, '_', '.' and '-', and start with a letter or digit")
    }
}

/// Checks an interface name by Linux' rules.
///
/// # Errors
/// The reason, as text that follows the name.
pub fn check_if_name(text: &str) -> std::result::Result<(), &'static str> {
    match text {
        "" => Err("is empty"),
        "." | ".." => Err("is not an interface name"),
        _ if text.len() > 15 => Err("is longer than 15 bytes"),
        _ if text.contains(['/', ':', '\0']) => Err("contains '/', ':' or NUL"),
        _ if text.contains(char::is_whitespace) => Err("contains white space"),
        _ => Ok(()),
    }
}

/// The problems of the variables.
#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn attachment(&mut self, environment: &Environment, needs_netns: bool) -> Target {
        let container_id = self.text(environment, CONTAINER_ID, check_container_id);
        let netns = environment.get(NETNS).map(PathBuf::from);
        if needs_netns && netns.is_none() {
            self.0.push(format!("{NETNS} is missing"));
        }
        let if_name = self.text(environment, IF_NAME, check_if_name);
        let args = Args::parse(environment.get(ARGS)).unwrap_or_else(|why| {
            self.0.push(format!("{ARGS} {why}"));
            Args::default()
        });
        Target::Attachment(Attachment {
            container_id,
            if_name,
            netns,
            args,
        })
    }

    fn text(
        &mut self,
        environment: &Environment,
        name: &str,
        check: fn(&str) -> std::result::Result<(), &'static str>,
    ) -> String {
        let Some(value) = environment.get(name) else {
            self.0.push(format!("{name} is missing"));
            return String::new();
        };
        let Some(text) = value.to_str() else {
            self.0.push(format!("{name} {value:?} is not UTF-8"));
            return String::new();
        };
        if let Err(why) = check(text) {
            self.0.push(format!("{name} {text:?} {why}"));
        }
        text.to_owned()
    }

    fn into_result(self, verb: Verb) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let all = self.0.join("; ");
        Err(Error::environment(format!(
            "the environment is invalid for {verb}: {all}"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    fn complete() -> Environment {
        Environment::default()
            .with(CONTAINER_ID, "default-a")
            .with(NETNS, "/run/netns/a")
            .with(IF_NAME, "net1")
    }

    #[test]
    fn a_verb_needs_only_its_own_variables() {
        let needs = |verb, environment: &Environment| Target::of(verb, environment).is_ok();
        let no_netns = complete().without(NETNS);
        let empty = Environment::default();
        for (verb, with_all, without_netns, with_none) in [
            (Verb::Add, true, false, false),
            (Verb::Check, true, false, false),
            (Verb::Del, true, true, false),
            (Verb::Gc, false, false, false),
            (Verb::Status, true, true, true),
            (Verb::Version, true, true, true),
        ] {
            assert_eq!(needs(verb, &complete()), with_all, "{verb}");
            assert_eq!(needs(verb, &no_netns), without_netns, "{verb}");
            assert_eq!(needs(verb, &empty), with_none, "{verb}");
        }
        assert!(needs(Verb::Gc, &empty.with(PATH, "/opt/cni/bin")));
    }

    #[test]
    fn every_bad_variable_is_named_in_one_error() {
        let environment = Environment::default()
            .with(CONTAINER_ID, OsString::from_vec(vec![b'a', 0xff]))
            .with(IF_NAME, "a/b")
            .with(ARGS, "A");
        let error = Target::of(Verb::Add, &environment).unwrap_err();
        assert_eq!(error.code(), 4);
        for name in [CONTAINER_ID, NETNS, IF_NAME, ARGS] {
            assert!(error.msg().contains(name), "{name} is not in {error}");
        }
    }

    #[test]
    fn container_ids_follow_the_specification() {
        for id in ["a", "0", "default-box1", "A_b.c-d"] {
            assert_eq!(check_container_id(id), Ok(()), "{id}");
        }
        for id in ["", "-a", ".a", "a/b", "a b", "é", "a\n", "a\0"] {
            assert!(check_container_id(id).is_err(), "{id:?}");
        }
        assert_eq!(check_container_id(&"a".repeat(64)), Ok(()));
    }

    #[test]
    fn interface_names_follow_linux() {
        for name in ["net1", "a", "...", "fifteen-bytes.x"] {
            assert_eq!(check_if_name(name), Ok(()), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "a:b",
            "a b",
            "a\tb",
            "a\0",
            "sixteen-bytes.xy",
        ] {
            assert!(check_if_name(name).is_err(), "{name:?}");
        }
    }
}
