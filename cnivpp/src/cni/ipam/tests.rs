//! Tests with scripts that misbehave. `cnivpp/tests/ipam.rs` uses real plugins.

use std::fs;
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::*;
use crate::cni::env::{CONTAINER_ID, PATH};

/// A folder with a shell script as IPAM plugin.
///
/// Each verb is a function of the script, which by default writes stdin to a file named after the
/// verb and succeeds. The script also appends each verb to the file `verbs`.
struct Ipam(TempDir);

impl Ipam {
    fn new(functions: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display();
        let script = format!(
            r#"#!/bin/sh
cd '{path}'
ADD() {{ cat >ADD; }}; DEL() {{ cat >DEL; }}; CHECK() {{ cat >CHECK; }}
GC() {{ cat >GC; }}; STATUS() {{ cat >STATUS; }}
VERSION() {{ echo '{{"supportedVersions":["0.3.1","1.0.0","1.1.0"]}}'; }}
{functions}
echo "$CNI_COMMAND" >>verbs
"$CNI_COMMAND"
"#
        );
        let file = folder.path().join("script");
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        Self(folder)
    }

    fn delegate(&self, version: Version) -> Delegate {
        let config = format!(r#"{{"cniVersion":"{version}","name":"n","x":1.10}}"#);
        let environment = Environment::of_process()
            .with(PATH, self.0.path())
            .with(CONTAINER_ID, "a");
        let deadline = Instant::now() + Duration::from_secs(30);
        Delegate::new(
            "script",
            config.into_bytes(),
            version,
            environment,
            deadline,
        )
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.path().join(file)).unwrap_or_default()
    }

    /// Returns the verbs with which the script was run.
    fn verbs(&self) -> String {
        self.read("verbs").replace('\n', " ").trim_end().to_owned()
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// Waits until the process whose ID is in `file` has exited. Returns false after 20 s.
fn exits(file: &Path) -> bool {
    let start = Instant::now();
    while is_running(file) {
        if start.elapsed() > Duration::from_secs(20) {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// Whether the process whose ID is in `file` runs. A zombie does not.
fn is_running(file: &Path) -> bool {
    let id = fs::read_to_string(file).unwrap();
    let status = PathBuf::from("/proc").join(id.trim()).join("status");
    let Ok(status) = fs::read_to_string(status) else {
        return false;
    };
    !status.contains("State:\tZ")
}

#[test]
fn the_plugin_gets_the_bytes_of_the_configuration_and_the_verb() {
    let ipam = Ipam::new("");
    block_on(ipam.delegate(Version::V1_1_0).check()).unwrap();
    let expected = r#"{"cniVersion":"1.1.0","name":"n","x":1.10}"#;
    assert_eq!(ipam.read("CHECK"), expected);
    assert_eq!(ipam.verbs(), "CHECK");
}

#[test]
fn the_environment_is_passed_on() {
    let ipam = Ipam::new("CHECK() { echo \"$CNI_CONTAINERID $CNI_COMMAND $EXTRA\" >seen; }");
    let mut delegate = ipam.delegate(Version::V1_0_0);
    delegate.environment = delegate.environment.with("EXTRA", "e").with(COMMAND, "DEL");
    block_on(delegate.check()).unwrap();
    assert_eq!(ipam.read("seen"), "a CHECK e\n");
}

#[test]
fn results_of_every_version_are_read() {
    for version in Version::ALL {
        let ipam = Ipam::new(&format!(
            r#"ADD() {{ echo '{{"cniVersion":"{version}","ips":[{{"version":"4","address":"10.0.0.5/24","gateway":"10.0.0.1"}}],"routes":[{{"dst":"0.0.0.0/0"}}],"dns":{{"domain":"d"}}}}'; }}"#
        ));
        let result = block_on(ipam.delegate(version).add()).unwrap();
        assert_eq!(result.ips.len(), 1, "{version}");
        assert_eq!(result.ips[0].address.to_string(), "10.0.0.5/24");
        assert_eq!(result.routes.len(), 1);
        assert_eq!(result.dns.domain.as_deref(), Some("d"));
        assert_eq!(ipam.verbs(), "ADD");
    }
}

#[test]
fn a_failed_add_is_followed_by_del() {
    for (add, code, part) in [
        (
            "echo '{\"code\":11,\"msg\":\"m\",\"details\":\"d\"}'; exit 1",
            11,
            "ipam plugin script: m; d",
        ),
        (
            "exit 3",
            101,
            "exited with status 3 during ADD and printed no error in JSON; stdout is empty",
        ),
        ("echo oops; exit 1", 101, "stdout is \"oops\""),
        (
            "echo '{\"code\":0,\"msg\":\"m\"}'; exit 1",
            101,
            "exited with status 1",
        ),
        ("echo oops", 6, "is not JSON"),
        ("exit 0", 6, "is not JSON"),
        ("echo null", 6, "is null"),
        ("echo '{\"ips\":[{}]}'", 6, "ips[0].address is missing"),
        ("kill -9 $$", 101, "was killed by signal 9"),
        ("printf '\\377\\376'", 6, "is not JSON"),
        ("yes", 101, "printed more than 1048576 bytes"),
    ] {
        let ipam = Ipam::new(&format!("ADD() {{ {add}; }}"));
        let error = block_on(ipam.delegate(Version::V1_0_0).add()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        let text = error.to_string();
        assert!(text.contains(part), "{part:?} is not in {text}");
        assert_eq!(ipam.verbs(), "ADD DEL", "{add}");
    }
}

#[test]
fn an_error_of_del_after_add_is_in_the_details() {
    let ipam = Ipam::new("ADD() { exit 1; }; DEL() { exit 2; }");
    let error = block_on(ipam.delegate(Version::V1_0_0).add()).unwrap_err();
    let expected = "DEL after the failed ADD failed: ipam plugin script exited with status 2";
    assert!(error.details().contains(expected), "{error}");
}

#[test]
fn a_hanging_add_is_killed_with_its_children_and_undone() {
    let ipam = Ipam::new("ADD() { sleep 600 & echo $! >child; echo $$ >own; wait; }");
    // Enough time for the script to start.
    let deadline = Instant::now() + Duration::from_secs(2);
    let delegate = ipam.delegate(Version::V1_0_0).with_deadline(deadline);
    let error = block_on(delegate.add()).unwrap_err();
    assert_eq!(error.code(), 11, "{error}");
    assert!(
        error
            .msg()
            .contains("ipam plugin script did not finish ADD")
    );
    assert_eq!(ipam.verbs(), "ADD DEL");
    assert!(exits(&ipam.0.path().join("own")));
    assert!(exits(&ipam.0.path().join("child")));
}

#[test]
fn no_plugin_is_started_after_the_deadline() {
    let ipam = Ipam::new("");
    let delegate = ipam.delegate(Version::V1_0_0).with_deadline(Instant::now());
    assert_eq!(block_on(delegate.check()).unwrap_err().code(), 11);
    assert_eq!(ipam.verbs(), "");
}

#[test]
fn a_child_that_keeps_stdout_open_does_not_delay_the_result() {
    let ipam = Ipam::new(
        r#"ADD() { sleep 600 & echo $! >child; echo '{"ips":[{"address":"10.0.0.5/24"}]}'; }"#,
    );
    let delegate = ipam.delegate(Version::V1_0_0);
    let started = Instant::now();
    let result = block_on(delegate.add()).unwrap();
    assert_eq!(result.ips.len(), 1);
    assert!(started.elapsed() < Duration::from_secs(20));
    let child = ipam.read("child").trim().parse().ok();
    let child = child.and_then(rustix::process::Pid::from_raw).unwrap();
    rustix::process::kill_process(child, rustix::process::Signal::KILL).unwrap();
}

#[test]
fn dropping_the_future_kills_the_plugin() {
    let ipam = Ipam::new("CHECK() { echo $$ >own; mkfifo fifo; read line <fifo; }");
    let delegate = ipam.delegate(Version::V1_0_0);
    block_on(async {
        let check = delegate.check();
        let mut check = std::pin::pin!(check);
        let started = async {
            while ipam.read("own").is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = &mut check => panic!("the plugin ended"),
            () = started => {}
        }
    });
    assert!(exits(&ipam.0.path().join("own")));
}

#[test]
fn a_configuration_larger_than_a_pipe_is_passed_on() {
    let ipam = Ipam::new("");
    let mut delegate = ipam.delegate(Version::V1_0_0);
    delegate.config = vec![b' '; 300_000];
    block_on(delegate.check()).unwrap();
    assert_eq!(ipam.read("CHECK").len(), 300_000);
}

#[test]
fn a_plugin_need_not_read_its_configuration() {
    let ipam = Ipam::new("CHECK() { exec 0<&-; }");
    let mut delegate = ipam.delegate(Version::V1_0_0);
    delegate.config = vec![b' '; 300_000];
    block_on(delegate.check()).unwrap();
}

#[test]
fn gc_and_status_are_forwarded_to_a_plugin_that_supports_them() {
    let ipam = Ipam::new("");
    let delegate = ipam.delegate(Version::V1_1_0);
    assert_eq!(block_on(delegate.gc()).unwrap(), Forwarded::Yes);
    assert_eq!(block_on(delegate.status()).unwrap(), Forwarded::Yes);
    assert_eq!(ipam.verbs(), "VERSION GC VERSION STATUS");
    assert!(ipam.read("GC").contains("x\":1.10"));
}

#[test]
fn gc_and_status_are_not_forwarded_to_an_older_plugin() {
    let ipam = Ipam::new(r#"VERSION() { echo '{"supportedVersions":["0.4.0","1.0.0"]}'; }"#);
    let delegate = ipam.delegate(Version::V1_1_0);
    let old = Forwarded::TooOld(vec!["0.4.0".into(), "1.0.0".into()]);
    assert_eq!(block_on(delegate.gc()).unwrap(), old);
    assert_eq!(block_on(delegate.status()).unwrap(), old);
    assert_eq!(ipam.verbs(), "VERSION VERSION");
}

#[test]
fn a_missing_plugin_is_reported_without_running_del() {
    let ipam = Ipam::new("");
    let mut delegate = ipam.delegate(Version::V1_0_0);
    delegate.plugin = "absent".into();
    let error = block_on(delegate.add()).unwrap_err();
    assert_eq!(error.msg(), "ipam plugin absent is not installed");
    assert!(!error.details().contains("DEL"), "{error}");
}

#[test]
fn status_of_a_missing_plugin_is_not_available() {
    let ipam = Ipam::new("");
    let mut delegate = ipam.delegate(Version::V1_1_0);
    delegate.plugin = "absent".into();
    assert_eq!(block_on(delegate.status()).unwrap_err().code(), 50);
    assert_eq!(block_on(delegate.gc()).unwrap_err().code(), 7);
}

const OLD: &str = r#"
old() { cat >config; grep -q '"cniVersion":"1.0.0"' config && cp config "$CNI_COMMAND" && return
  echo '{"code":1,"msg":"incompatible CNI versions"}'; exit 1; }
ADD() { old; }; DEL() { old; }
VERSION() { echo '{"supportedVersions":["0.4.0","1.0.0"]}'; }"#;

#[test]
fn add_names_the_versions_of_an_older_plugin() {
    let ipam = Ipam::new(OLD);
    let error = block_on(ipam.delegate(Version::V1_1_0).add()).unwrap_err();
    assert_eq!(error.code(), 1);
    let expected = "ipam plugin script does not support cniVersion 1.1.0 of the configuration; \
        it supports 0.4.0, 1.0.0; install a newer one, or use one of these versions";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn del_is_repeated_in_the_newest_version_of_an_older_plugin() {
    let ipam = Ipam::new(OLD);
    block_on(ipam.delegate(Version::V1_1_0).del()).unwrap();
    assert_eq!(ipam.verbs(), "DEL VERSION DEL");
    assert!(ipam.read("DEL").contains("\"cniVersion\":\"1.0.0\""));
}

#[test]
fn the_error_for_a_program_that_cannot_be_started_has_its_path() {
    let ipam = Ipam::new("");
    let file = ipam.0.path().join("script");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let error = block_on(ipam.delegate(Version::V1_0_0).check()).unwrap_err();
    assert_eq!(error.code(), 5);
    assert!(error.msg().contains(&file.display().to_string()), "{error}");
}

#[test]
fn a_program_that_is_open_for_writing_is_started_after_it_is_closed() {
    let ipam = Ipam::new("");
    let file = ipam.0.path().join("script");
    let writer = fs::OpenOptions::new().append(true).open(&file).unwrap();
    let delegate = ipam.delegate(Version::V1_0_0);
    block_on(async {
        let mut check = std::pin::pin!(delegate.check());
        tokio::select! {
            biased;
            result = &mut check => panic!("it was started: {result:?}"),
            () = tokio::task::yield_now() => {}
        }
        drop(writer);
        check.await.unwrap();
    });
}
