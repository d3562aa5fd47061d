//! Runs the agent on a test's node.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::call::PROGRAM;
use crate::node::Node;

/// The time in which the agent must do something.
const LIMIT: Duration = Duration::from_secs(30);

/// A running agent. It is killed when it is dropped.
pub struct Agent {
    child: Child,
    socket: PathBuf,
}

/// Creates the command of an agent that looks for stale attachments each second.
pub fn command(node: &Node, address: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["agent", "--interval", "1", "--state-dir"])
        .arg(node.path("s"))
        .arg("--socket")
        .arg(node.path("vpp/api.sock"))
        .arg("--listen")
        .arg(address)
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Returns the address of the agent that a test starts.
pub fn address(node: &Node) -> String {
    format!("unix:{}", node.text("vpp/agent.sock"))
}

/// Waits for a condition.
#[track_caller]
pub fn wait_until(what: &str, mut is_met: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_met() {
        assert!(start.elapsed() < LIMIT, "{what}: not in time");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Agent {
    /// Starts an agent, and waits until it answers.
    pub fn start(node: &Node) -> Self {
        let mut command = command(node, &address(node));
        let child = command.stderr(Stdio::null()).spawn().unwrap();
        let socket = node.path("vpp/agent.sock");
        let agent = Self { child, socket };
        wait_until("the agent answers", || agent.get("/healthz").is_some());
        agent
    }

    /// Requests a path. Returns status and body; `None` if the agent does not listen.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = UnixStream::connect(&self.socket).ok()?;
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().unwrap();
        Some((status, body.to_owned()))
    }

    /// Waits until every VPP is up and has all attachments.
    #[track_caller]
    pub fn wait_until_ready(&self) {
        wait_until("the agent is ready", || {
            self.get("/readyz").is_some_and(|it| it.0 == 200)
        });
    }

    /// Returns the value of a metric with its labels.
    pub fn metric(&self, name: &str) -> f64 {
        let (_, text) = self.get("/metrics").unwrap();
        let mut lines = text.lines().filter_map(|it| it.rsplit_once(' '));
        let found = lines.find(|(key, _)| *key == name);
        found.map_or(0.0, |(_, value)| value.parse().unwrap())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn socket(&self) -> &PathBuf {
        &self.socket
    }

    /// Sends a signal, and waits for the end.
    pub fn stop(mut self, signal: rustix::process::Signal) -> ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
