use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cnivpp::files::Dir;

const ROLE: &str = "CNIVPP_TEST_ROLE";
const FOLDER: &str = "CNIVPP_TEST_FOLDER";

/// Returns the role and folder of this process, if it is a child of a test.
pub(crate) fn role() -> Option<(String, PathBuf)> {
    let role = std::env::var(ROLE).ok()?;
    let folder = std::env::var_os(FOLDER)?;
    Some((role, folder.into()))
}

/// Prepares a child process.
pub(crate) fn child(role: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("its own path"));
    as_child(&mut command, role, folder);
    command
}

/// Prepares a child process that a shell starts after `script`.
pub(crate) fn child_after(script: &str, role: &str, folder: &Path, with: &[&str]) -> Command {
    let (program, options) = with.split_first().unwrap_or((&"sh", &[]));
    let mut command = Command::new(program);
    command.args(options);
    if !with.is_empty() {
        command.arg("sh");
    }
    let own = std::env::current_exe().expect("its own path");
    command.args(["-c", &format!("{script} && exec \"$0\" \"$@\"")]);
    command.arg(own);
    as_child(&mut command, role, folder);
    command
}

fn as_child(command: &mut Command, role: &str, folder: &Path) {
    command.args(["child", "--exact", "--nocapture", "--test-threads=1"]);
    command.env(ROLE, role).env(FOLDER, folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
}

/// Runs a child, which must succeed. Returns its output.
pub(crate) fn run(mut command: Command) -> String {
    let output = command.stderr(Stdio::piped()).output().expect("it starts");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}\n{err}");
    out
}

pub(crate) fn folder() -> (tempfile::TempDir, Dir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = Dir::open(folder.path()).expect("it opens");
    (folder, dir)
}

/// Whether this process may mount in a new mount namespace. Prints a message if not.
pub(crate) fn can_mount() -> bool {
    let script = "mount -t tmpfs -o size=64k none /mnt";
    let mut command = Command::new("unshare");
    let status = command.args(["-m", "sh", "-c", script]).output();
    let can = status.is_ok_and(|it| it.status.success());
    if !can {
        eprintln!("skipped: mounting is not allowed here");
    }
    can
}
