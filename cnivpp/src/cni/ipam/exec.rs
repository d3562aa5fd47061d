//! Finds and runs the program of another plugin.

use std::fs;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{sleep, timeout, timeout_at};

use crate::cni::env::PATH;
use crate::cni::{Environment, Error, Result};

/// The maximum size of a plugin's output in bytes.
pub(super) const MAX_OUTPUT: usize = 1 << 20;

/// How long stdout is read after the plugin exited. A child of the plugin may keep it open, but the
/// plugin's own output is in the pipe by then.
const GRACE: Duration = Duration::from_millis(100);

/// How long a killed plugin may take to exit.
const KILL_WAIT: Duration = Duration::from_secs(1);

/// The pause before another attempt to start a program that is open for writing.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// The output and the exit status of a program.
#[derive(Debug)]
pub(super) struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
}

/// The reason why a program has no [`Output`].
#[derive(Debug)]
pub(super) enum Failure {
    /// The program could not be started, or its pipe failed.
    Io(io::Error),
    /// It was killed at the deadline.
    Timeout,
    /// It was killed after printing more than [`MAX_OUTPUT`].
    TooLong,
}

/// Finds the program of a plugin: the first regular file with its name in the folders.
///
/// # Errors
/// Code 7 if the name is not a file name or no folder has the file, 4 if no folder is listed.
pub(super) fn find(plugin: &str, folders: &[PathBuf]) -> Result<PathBuf> {
    if plugin.is_empty() || plugin.contains(['/', '\0']) {
        let why = format!("ipam.type {plugin:?} is not the name of a plugin");
        return Err(Error::config(why).with_details("it must be a file name without '/'"));
    }
    if folders.is_empty() {
        let why = format!("cannot find the ipam plugin {plugin}: {PATH} is missing");
        return Err(Error::environment(why));
    }
    let mut paths = folders.iter().map(|it| it.join(plugin));
    let found = paths.find(|it| fs::metadata(it).is_ok_and(|it| it.is_file()));
    found.ok_or_else(|| {
        let folders: Vec<_> = folders.iter().map(|it| it.to_string_lossy()).collect();
        let why = format!("ipam plugin {plugin} is not installed");
        let details = format!("not found in {PATH}: {}", folders.join(", "));
        Error::config(why).with_details(details)
    })
}

/// Runs a program with `environment` and `stdin`. It inherits stderr.
///
/// The program has its own process group. The group is killed at the deadline, when stdout gets too
/// long, and when the future is dropped.
pub(super) async fn execute(
    program: &Path,
    environment: &Environment,
    stdin: &[u8],
    deadline: Instant,
) -> std::result::Result<Output, Failure> {
    if deadline <= Instant::now() {
        return Err(Failure::Timeout);
    }
    let mut group = Group(spawn(program, environment).await.map_err(Failure::Io)?);
    let pipes = (group.0.stdin.take(), group.0.stdout.take());
    let (Some(input), Some(output)) = pipes else {
        return Err(Failure::Io(io::Error::other("the pipes are missing")));
    };
    let ended = communicate(&mut group.0, input, output, stdin);
    let ended = timeout_at(deadline.into(), ended).await;
    let ended = ended.unwrap_or(Err(Failure::Timeout));
    if ended.is_err() {
        group.kill();
        // A process that waits for a device cannot be killed, and is left.
        let _ = timeout(KILL_WAIT, group.0.wait()).await;
    }
    ended
}

/// Starts the program. Waits while it is open for writing, because it may be being installed.
async fn spawn(program: &Path, environment: &Environment) -> io::Result<Child> {
    const ATTEMPTS: u32 = 100;
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(environment.iter())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .process_group(0)
        .kill_on_drop(true);
    let mut attempts = 0;
    loop {
        attempts += 1;
        match command.spawn() {
            Err(error)
                if error.kind() == io::ErrorKind::ExecutableFileBusy && attempts < ATTEMPTS =>
            {
                sleep(BUSY_PAUSE).await;
            }
            started => return started,
        }
    }
}

/// Writes stdin and reads stdout until the program exits.
async fn communicate(
    child: &mut Child,
    input: ChildStdin,
    output: ChildStdout,
    text: &[u8],
) -> std::result::Result<Output, Failure> {
    let mut stdout = Vec::new();
    let status = {
        let mut feed = pin!(feed(input, text));
        let mut collect = pin!(collect(output, &mut stdout));
        let (mut fed, mut collected) = (false, false);
        let status = loop {
            tokio::select! {
                () = &mut feed, if !fed => fed = true,
                result = &mut collect, if !collected => {
                    result?;
                    collected = true;
                }
                status = child.wait() => break status.map_err(Failure::Io)?,
            }
        };
        if !collected {
            finish(collect).await?;
        }
        status
    };
    Ok(Output { status, stdout })
}

/// Reads the rest of the pipe without waiting for other processes to close it.
async fn finish(
    collect: impl Future<Output = std::result::Result<(), Failure>>,
) -> std::result::Result<(), Failure> {
    timeout(GRACE, collect).await.unwrap_or(Ok(()))
}

/// Writes stdin and closes it. The program need not read it.
async fn feed(mut input: ChildStdin, text: &[u8]) {
    let _ = input.write_all(text).await;
}

/// Reads stdout until its end.
async fn collect(
    mut output: ChildStdout,
    stdout: &mut Vec<u8>,
) -> std::result::Result<(), Failure> {
    loop {
        stdout.reserve(4096);
        if output.read_buf(stdout).await.map_err(Failure::Io)? == 0 {
            return Ok(());
        }
        if stdout.len() > MAX_OUTPUT {
            return Err(Failure::TooLong);
        }
    }
}

/// A program with its own process group. Dropping it kills the group unless the program exited.
struct Group(Child);

impl Group {
    fn kill(&self) {
        // The ID is set until the exit status was read, so it cannot be that of another process.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(group) = id.and_then(Pid::from_raw) {
            // This fails only if the group does not exist any more.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_with_the_file_is_used() {
        let [a, b, c] = [0; 3].map(|_| tempfile::tempdir().unwrap());
        let folders = [&a, &b, &c].map(|it| it.path().to_owned());
        fs::create_dir(a.path().join("ipam")).unwrap();
        fs::write(b.path().join("ipam"), "").unwrap();
        fs::write(c.path().join("ipam"), "").unwrap();
        assert_eq!(find("ipam", &folders).unwrap(), b.path().join("ipam"));
    }

    #[test]
    fn a_path_is_rejected_as_a_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ipam"), "").unwrap();
        let folders = [folder.path().to_owned()];
        for name in ["", "./ipam", "/bin/sh", "../bin/sh", "a\0b", ".", ".."] {
            let error = find(name, &folders).unwrap_err();
            assert_eq!(error.code(), 7, "{name:?}");
        }
        assert_eq!(find("ipam", &[]).unwrap_err().code(), 4);
    }
}
