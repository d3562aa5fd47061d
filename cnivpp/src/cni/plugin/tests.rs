use super::run::{Outcome, outcome};
use super::*;
use crate::cni::conf::MAX_SIZE;
use crate::cni::env::{ARGS, COMMAND, CONTAINER_ID, IF_NAME, NETNS, NETNS_OVERRIDE, PATH};
use crate::cni::result::Interface;
use crate::cni::{Environment, Error, Verb, Version};
use serde_json::{Value, json};
use std::io::Read;
use std::process::ExitCode;

/// A plugin that succeeds unless the network's name is "panics" or "fails".
struct Fake;

impl Fake {
    fn outcome(call: &Call) -> Result<()> {
        match call.conf.name.as_str() {
            "panics" => panic!("index {} is out of range", 7),
            "fails" => Err(Error::io("open x: No such file or directory")),
            _ => Ok(()),
        }
    }
}

impl Plugin for Fake {
    fn about(&self) -> String {
        "a fake\n".into()
    }

    async fn add(&self, call: &Call, at: &Attachment, netns: &Path) -> Result<CniResult> {
        tokio::task::yield_now().await;
        Self::outcome(call)?;
        let mut result = call.conf.prev_result()?.unwrap_or_default();
        result.interfaces.push(Interface {
            name: at.if_name.clone(),
            sandbox: Some(netns.display().to_string()),
            mtu: Some(1500),
            ..Interface::default()
        });
        Ok(result)
    }

    async fn check(&self, call: &Call, _: &Attachment, _: &Path, _: &CniResult) -> Result<()> {
        Self::outcome(call)
    }

    async fn del(&self, call: &Call, _: &Attachment) -> Result<()> {
        Self::outcome(call)
    }

    async fn gc(&self, call: &Call) -> Result<()> {
        Self::outcome(call)
    }

    async fn status(&self, call: &Call) -> Result<()> {
        Self::outcome(call)
    }
}

fn environment(verb: &str) -> Environment {
    Environment::default()
        .with(COMMAND, verb)
        .with(CONTAINER_ID, "default-a")
        .with(NETNS, "/run/netns/absent")
        .with(IF_NAME, "net1")
        .with(PATH, "/opt/cni/bin")
}

fn conf(version: &str, name: &str, rest: &str) -> String {
    format!(r#"{{"cniVersion":"{version}","name":"{name}"{rest}}}"#)
}

fn call(verb: &str, conf: &str) -> Outcome {
    outcome(&Fake, conf.as_bytes(), environment(verb))
}

/// Returns the error of a failed call.
#[track_caller]
fn error(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Failed(error) => error,
        other => panic!("it did not fail: {other:?}"),
    }
}

const PREV: &str =
    r#","prevResult":{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.1/8"}],"x":1}"#;

#[test]
fn each_verb_works_in_the_versions_that_have_it() {
    for version in Version::ALL {
        for verb in Verb::ALL {
            let outcome = call(verb.as_str(), &conf(version.as_str(), "n", PREV));
            if verb == Verb::Version || version.has_verb(verb) {
                let is_silent = !matches!(verb, Verb::Add | Verb::Version);
                match outcome {
                    Outcome::Done(document) => assert_eq!(document.is_none(), is_silent),
                    other => panic!("{verb} in {version}: {other:?}"),
                }
            } else {
                let error = error(outcome);
                assert_eq!(error["code"], 1, "{verb} in {version}");
                assert_eq!(error["cniVersion"], version.as_str());
            }
        }
    }
}

#[test]
fn the_result_has_the_version_of_the_configuration() {
    for version in Version::ALL {
        let outcome = call("ADD", &conf(version.as_str(), "n", PREV));
        let Outcome::Done(Some(result)) = outcome else {
            panic!("{version}: {outcome:?}");
        };
        assert_eq!(result["cniVersion"], version.as_str());
        assert_eq!(result["x"], 1);
        let has_mtu = result["interfaces"][0].get("mtu").is_some();
        assert_eq!(has_mtu, version == Version::V1_1_0);
    }
}

#[test]
fn version_needs_only_the_verb() {
    let environment = || Environment::default().with(COMMAND, "VERSION");
    for (stdin, version) in [
        (r#"{"cniVersion":"0.2.0"}"#, "0.2.0"),
        ("", "1.1.0"),
        ("x", "1.1.0"),
    ] {
        let outcome = outcome(&Fake, stdin.as_bytes(), environment());
        let Outcome::Done(Some(reply)) = outcome else {
            panic!("{outcome:?}");
        };
        let supported = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];
        let expected = json!({"cniVersion": version, "supportedVersions": supported});
        assert_eq!(reply, expected);
    }
}

#[test]
fn a_panic_is_reported_in_the_configurations_version() {
    for verb in ["ADD", "CHECK", "DEL"] {
        let error = error(call(verb, &conf("0.4.0", "panics", PREV)));
        let expected = json!({
            "cniVersion": "0.4.0", "code": 103,
            "msg": format!("{verb} failed because of a bug in this plugin"),
            "details": "index 7 is out of range"
        });
        assert_eq!(error, expected);
    }
}

#[test]
fn errors_never_contain_the_text_that_multus_searches_for() {
    let error = error(call("DEL", &conf("1.0.0", "fails", "")));
    assert_eq!(error["msg"], "open x: the file does not exist");
    assert_eq!(error["code"], 5);
}

#[test]
fn the_environment_is_checked_first_and_reported_in_the_configurations_version() {
    let environment = environment("ADD").without(NETNS).with(IF_NAME, "a/b");
    let error = error(outcome(
        &Fake,
        conf("0.3.1", "/", "").as_bytes(),
        environment,
    ));
    assert_eq!(error["code"], 4);
    assert_eq!(error["cniVersion"], "0.3.1");
    let msg = error["msg"].as_str().unwrap();
    assert!(msg.contains("CNI_NETNS is missing") && msg.contains("CNI_IFNAME \"a/b\""));
}

#[test]
fn invalid_input_is_reported_as_one_error() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep = conf("0.4.0", "n", &format!(r#","x":{deep}"#));
    for (stdin, code, version) in [
        (
            conf("0.4.0", "n", r#","name":"m""#).into_bytes(),
            6,
            "0.4.0",
        ),
        (
            b"{\"cniVersion\":\"0.4.0\",\"name\":\"\xff\"}".to_vec(),
            6,
            "0.4.0",
        ),
        (deep.into_bytes(), 6, "0.4.0"),
        (Vec::new(), 6, "1.1.0"),
        (b"null".to_vec(), 6, "1.1.0"),
        (b"{}".to_vec(), 1, "1.1.0"),
        (conf("0.2.0", "n", "").into_bytes(), 1, "0.2.0"),
        (conf("1.0.0", "", "").into_bytes(), 7, "1.0.0"),
    ] {
        let error = error(outcome(&Fake, stdin.as_slice(), environment("ADD")));
        assert_eq!(error["code"], code, "{error}");
        assert_eq!(error["cniVersion"], version, "{error}");
    }
}

#[test]
fn an_endless_configuration_is_read_up_to_the_limit() {
    struct Counted(usize);
    impl Read for Counted {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b' ');
            self.0 += buffer.len();
            Ok(buffer.len())
        }
    }
    let mut stdin = Counted(0);
    let start = conf("1.0.0", "n", "");
    let error = error(outcome(
        &Fake,
        start.as_bytes().chain(&mut stdin),
        environment("ADD"),
    ));
    assert_eq!(error["code"], 6);
    assert_eq!(error["cniVersion"], "1.0.0");
    assert!(
        error["msg"]
            .as_str()
            .unwrap()
            .contains("longer than 4194304 bytes")
    );
    assert!(stdin.0 <= 2 * MAX_SIZE, "{} bytes were read", stdin.0);
}

#[test]
fn a_failing_stdin_is_reported() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("broken"))
        }
    }
    let error = error(outcome(&Fake, Failing, environment("ADD")));
    assert_eq!(error["code"], 5);
}

#[test]
fn the_plugins_own_namespace_is_rejected_unless_allowed() {
    let own = || environment("ADD").with(NETNS, "/proc/self/ns/net");
    let conf = conf("1.0.0", "n", "");
    for (environment, refused) in [
        (own(), true),
        (own().with(NETNS_OVERRIDE, "0"), true),
        (own().with(NETNS_OVERRIDE, "1"), false),
        (own().with(NETNS_OVERRIDE, "True"), false),
        (own().with(COMMAND, "DEL"), true),
        (environment("DEL"), false),
        (environment("DEL").without(NETNS), false),
    ] {
        match outcome(&Fake, conf.as_bytes(), environment.clone()) {
            Outcome::Failed(error) => assert!(refused && error["code"] == 8, "{error}"),
            other => assert!(!refused, "{environment:?}: {other:?}"),
        }
    }
}

#[test]
fn check_needs_the_result_of_add() {
    let missing = error(call("CHECK", &conf("1.0.0", "n", "")));
    assert_eq!(missing["code"], 7);
    let damaged = error(call(
        "CHECK",
        &conf("1.0.0", "n", r#","prevResult":{"ips":1}"#),
    ));
    assert_eq!(damaged["code"], 6);
}

#[test]
fn del_ignores_an_invalid_result_of_add() {
    let outcome = call("DEL", &conf("1.0.0", "n", r#","prevResult":{"ips":1}"#));
    assert!(matches!(outcome, Outcome::Done(None)), "{outcome:?}");
}

#[test]
fn at_most_one_document_is_printed_to_stdout() {
    let print = |environment: Environment, conf: &str| {
        let mut stdout = Vec::new();
        let code = run(&Fake, conf.as_bytes(), environment, &mut stdout);
        let succeeded = format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS);
        (String::from_utf8(stdout).unwrap(), succeeded)
    };
    let conf = conf("1.0.0", "n", "");
    let (text, succeeded) = print(environment("ADD"), &conf);
    assert!(succeeded && text.ends_with("}\n"), "{text}");
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap()["cniVersion"],
        "1.0.0"
    );
    let (text, succeeded) = print(environment("FOO"), &conf);
    assert!(!succeeded);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["code"], 4);
    assert_eq!(print(environment("DEL"), &conf), (String::new(), true));
    assert_eq!(print(Environment::default(), ""), (String::new(), true));
}

#[test]
fn an_unwritable_stdout_is_a_failure() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let code = run(
        &Fake,
        conf("1.0.0", "n", "").as_bytes(),
        environment("ADD"),
        Full,
    );
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
}

#[test]
fn mutated_environments_and_configurations_never_panic() {
    let mut random = fastrand::Rng::with_seed(8);
    let base = conf(
        "1.0.0",
        "n",
        r#","ipam":{"type":"x"},"args":{"cni":{"mac":"m"}}"#,
    );
    let names = [
        COMMAND,
        CONTAINER_ID,
        NETNS,
        IF_NAME,
        PATH,
        ARGS,
        NETNS_OVERRIDE,
    ];
    for _ in 0..1_000 {
        let mut text = base.clone().into_bytes();
        for _ in 0..random.usize(0..4) {
            let at = random.usize(0..text.len());
            text[at] = random.u8(..);
        }
        let verb = Verb::ALL[random.usize(0..Verb::ALL.len())];
        let name = names[random.usize(0..names.len())];
        let value: String = (0..random.usize(0..20)).map(|_| random.char(..)).collect();
        match outcome(
            &Fake,
            text.as_slice(),
            environment(verb.as_str()).with(name, value),
        ) {
            Outcome::Failed(error) => assert_ne!(error["code"], 103, "{error}"),
            Outcome::Done(_) | Outcome::About(_) => {}
        }
    }
}
