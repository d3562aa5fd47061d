use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use cnivpp::api::infra;
use vpp_bindings::client::Client;
use vpp_sim::{FaultRule, Release, Sim, SimThread};

/// The three programs.
pub const PROGRAMS: [&str; 3] = ["memifAddDel", "vhostUserAddDel", "ipAddDel"];

pub fn path_of(program: &str) -> &'static str {
    match program {
        "memifAddDel" => env!("CARGO_BIN_EXE_memifAddDel"),
        "vhostUserAddDel" => env!("CARGO_BIN_EXE_vhostUserAddDel"),
        "ipAddDel" => env!("CARGO_BIN_EXE_ipAddDel"),
        other => panic!("unknown program {other}"),
    }
}

/// A command that ignores `VPP_API_SOCKET` of the test environment.
pub fn command(program: &str, options: &[&str]) -> Command {
    let mut command = Command::new(path_of(program));
    command.args(options).env_remove("VPP_API_SOCKET");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The exit status and the output of a program.
#[derive(Debug)]
pub struct Output {
    pub status: i32,
    pub out: String,
    pub err: String,
}

pub fn run(mut command: Command) -> Output {
    let output = command.output().expect("starting the program");
    Output {
        status: output
            .status
            .code()
            .expect("the program exits without a signal"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Runs a program on a simulator with `--hold 0` and a timeout of half a second.
pub fn run_on(sim: &Sim, program: &str, options: &[&str]) -> Output {
    let mut command = command(program, options);
    command.arg("--socket").arg(sim.socket());
    command.args(["--hold", "0", "--timeout", "0.5"]);
    run(command)
}

/// A running program.
pub struct Running {
    child: Child,
    pub out: BufReader<std::process::ChildStdout>,
}

pub fn spawn_on(sim: &Sim, program: &str, options: &[&str]) -> Running {
    let mut command = command(program, options);
    command.arg("--socket").arg(sim.socket());
    let mut child = command.spawn().expect("starting the program");
    let out = BufReader::new(child.stdout.take().expect("stdout is piped"));
    Running { child, out }
}

impl Running {
    /// Reads lines up to one that starts with `start`.
    pub fn wait_for_line(&mut self, start: &str) {
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            let read = self.out.read_line(&mut line).expect("UTF-8");
            assert!(read > 0, "no line starts with {start:?}:\n{seen}");
            if line.starts_with(start) {
                return;
            }
            seen.push_str(&line);
        }
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("the program is running");
    }

    pub fn wait(mut self) -> Output {
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).expect("UTF-8");
        let mut stderr = self.child.stderr.take().expect("stderr is piped");
        stderr.read_to_string(&mut err).expect("UTF-8");
        let status = self.child.wait().expect("waiting for the program");
        Output {
            status: status.code().expect("the program exits without a signal"),
            out,
            err,
        }
    }
}

pub fn sim() -> SimThread {
    Sim::builder()
        .start_thread()
        .expect("starting the simulator")
}

pub fn sim_of(release: Release) -> SimThread {
    let sim = Sim::builder().release(release);
    sim.start_thread().expect("starting the simulator")
}

pub fn sim_with(faults: impl IntoIterator<Item = FaultRule>) -> SimThread {
    let sim = Sim::builder().faults(faults);
    sim.start_thread().expect("starting the simulator")
}

/// Asserts that VPP has not crashed and has no object of a program.
pub fn assert_empty(sim: &Sim, context: &str) {
    let crashes = sim.crashes();
    assert!(crashes.is_empty(), "{context}: {crashes:?}");
    let folder = sim.socket().parent().expect("a folder");
    let files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|it| it.expect("a file").file_name())
        .filter(|it| it != "api.sock")
        .collect();
    assert!(files.is_empty(), "{context}: {files:?}");
    let state = sim.state();
    let interfaces: Vec<_> = state.interfaces().map(|it| &it.name).collect();
    assert_eq!(interfaces, ["local0"], "{context}");
    let sockets: Vec<_> = state.memif_sockets().map(|it| it.id).collect();
    assert_eq!(sockets, [0], "{context}");
    assert_eq!(state.bridges().count(), 0, "{context}");
}

/// Runs requests of another client on the simulator.
pub fn with_client<T>(sim: &Sim, act: impl AsyncFnOnce(&Client) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let timeout = std::time::Duration::from_secs(5);
        let builder = Client::builder().socket(sim.socket()).name("other-client");
        let client = infra::connect(builder.timeout(timeout)).await;
        let client = client.expect("connecting");
        let result = act(&client).await;
        client.disconnect().await;
        result
    })
}

pub fn wait_for_request(sim: &Sim, message: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(sim.wait_for_request(message));
}
