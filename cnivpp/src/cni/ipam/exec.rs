//! Running another plugin's program.

use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{sleep, timeout, timeout_at};

use crate::cni::Environment;

/// The most bytes that a plugin may print on stdout: 1 MiB.
pub(super) const MAX_OUTPUT: usize = 1 << 20;

/// How long stdout may stay open after the plugin has exited: a process that the plugin
/// started may have inherited it. What the plugin itself printed is in the pipe by then.
const GRACE: Duration = Duration::from_millis(100);

/// How long a killed plugin may take to disappear.
const KILLED: Duration = Duration::from_secs(1);

/// The pause before another attempt to start a program that is being written.
const BUSY: Duration = Duration::from_millis(10);

/// What a program printed, and how it ended.
#[derive(Debug)]
pub(super) struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
}

/// Why a program has no [`Output`].
#[derive(Debug)]
pub(super) enum Failure {
    /// The program could not be started, or its pipe failed.
    Io(io::Error),
    /// It was killed at the deadline.
    Timeout,
    /// It was killed after printing more than [`MAX_OUTPUT`].
    TooLong,
}

/// Runs a program with exactly `environment` and `stdin`; its stderr is that of this process.
///
/// The program leads a process group of its own. The group is killed at the deadline, when
/// stdout gets too long, and when the future is dropped.
pub(super) async fn execute(
    program: &Path,
    environment: &Environment,
    stdin: &[u8],
    deadline: Instant,
) -> Result<Output, Failure> {
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
        // A process that waits for a device cannot be killed and is left alone.
        let _ = timeout(KILLED, group.0.wait()).await;
    }
    ended
}

/// Starts the program; waits while it is open for writing, since it may be being installed.
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
                sleep(BUSY).await;
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
) -> Result<Output, Failure> {
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

/// Reads what is left in the pipe, without waiting for other processes to close it.
async fn finish(collect: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    timeout(GRACE, collect).await.unwrap_or(Ok(()))
}

/// Writes stdin and closes it. A program need not read it.
async fn feed(mut input: ChildStdin, text: &[u8]) {
    let _ = input.write_all(text).await;
}

/// Reads stdout until its end.
async fn collect(mut output: ChildStdout, stdout: &mut Vec<u8>) -> Result<(), Failure> {
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

/// A program that leads a process group. Dropping it kills the group if the program has not
/// exited.
struct Group(Child);

impl Group {
    fn kill(&self) {
        // The ID is there until the program's exit was seen: it cannot be another's.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(group) = id.and_then(Pid::from_raw) {
            // If this fails, the group is gone already.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
