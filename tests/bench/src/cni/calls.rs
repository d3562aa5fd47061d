use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::json;

use super::Options;
use super::canned::FLAG;
use super::figures::Figure;
use crate::client::Server;
use vpp_cli_tests::failure::{Failure, Status};

const BRIDGE: &str = "7";

/// A node on which the plugin is called.
pub(super) struct Bench {
    socket: PathBuf,
    program: PathBuf,
    folder: tempfile::TempDir,
    conf: String,
    present: u32,
    _server: Option<Server>,
}

fn failed(what: &str) -> impl FnOnce(std::io::Error) -> Failure {
    move |error| Failure::new(Status::Other, format!("{what}: {error}"))
}

impl Bench {
    pub(super) fn start(options: &Options) -> Result<Self, Failure> {
        let server = match &options.socket {
            Some(_) => None,
            None => Some(Server::start(0)?),
        };
        let own = || server.as_ref().map(|it| it.socket().to_owned());
        let socket = options.socket.clone().or_else(own).unwrap_or_default();
        let beside = std::env::current_exe().map_err(failed("no program"))?;
        let beside = beside.with_file_name("userspace");
        let program = options.program.clone().unwrap_or(beside);
        if !program.exists() {
            let text = format!(
                "{} is missing: cargo build --release -p cnivpp",
                program.display()
            );
            return Err(Failure::new(Status::Usage, text));
        }
        let folder = tempfile::Builder::new().prefix("cni-").tempdir();
        let folder = folder.map_err(failed("no temporary folder"))?;
        std::fs::write(folder.path().join("netns"), "").map_err(failed("no netns"))?;
        let conf = json!({
            "cniVersion": "1.0.0", "name": "bench", "type": "userspace",
            "vppSocket": socket, "stateDir": folder.path().join("state"),
            "host": {
                "engine": "vpp", "iftype": "memif", "netType": "bridge",
                "memif": {"role": "master"}, "bridge": {"bridgeName": BRIDGE},
            },
        });
        Ok(Self {
            socket,
            program,
            conf: conf.to_string(),
            folder,
            present: 0,
            _server: server,
        })
    }

    fn spawn(&self, verb: &str, container: &str) -> Result<Child, Failure> {
        let mut child = Command::new(&self.program)
            .env("CNI_COMMAND", verb)
            .env("CNI_CONTAINERID", container)
            .env("CNI_IFNAME", "net1")
            .env("CNI_NETNS", self.folder.path().join("netns"))
            .env("CNI_PATH", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed("no plugin"))?;
        if let Some(mut stdin) = child.stdin.take() {
            let written = stdin.write_all(self.conf.as_bytes());
            written.map_err(failed("the plugin's stdin"))?;
        }
        Ok(child)
    }

    fn call(&self, verb: &str, container: &str) -> Result<Duration, Failure> {
        let start = Instant::now();
        wait(self.spawn(verb, container)?)?;
        Ok(start.elapsed())
    }

    /// Adds or removes attachments until `count` are present.
    pub(super) fn fill(&mut self, count: u32) -> Result<(), Failure> {
        while self.present < count {
            self.call("ADD", &format!("present{}", self.present))?;
            self.present += 1;
        }
        while self.present > count {
            self.present -= 1;
            self.call("DEL", &format!("present{}", self.present))?;
        }
        Ok(())
    }

    /// Measures ADD and DEL in turn, each beside its limit.
    pub(super) fn measure(&self, calls: u32) -> Result<[Figure; 2], Failure> {
        let figure = |verb| Figure {
            what: format!("{verb}, {} present", self.present),
            wall: Vec::new(),
            cpu: Duration::ZERO,
            peak: 0,
            canned: Vec::new(),
        };
        let (mut add, mut del) = (figure("ADD"), figure("DEL"));
        for _ in 0..calls {
            for (figure, verb) in [(&mut add, "ADD"), (&mut del, "DEL")] {
                let before = cpu()?;
                figure.wall.push(self.call(verb, "measured")?);
                figure.cpu += (cpu()? - before) / calls;
            }
            let (added, numbers) = self.canned(&["add", "canned.sock", BRIDGE])?;
            add.canned.push(added);
            let numbers: Vec<&str> = numbers.split_whitespace().collect();
            let arguments = [&["del"], numbers.as_slice(), &[BRIDGE]].concat();
            del.canned.push(self.canned(&arguments)?.0);
        }
        let peak = peak()?;
        (add.peak, del.peak) = (peak, peak);
        Ok([add, del])
    }

    /// Runs this program as the limit. Inserts the socket after the verb, and the temporary folder
    /// before file names.
    fn canned(&self, arguments: &[&str]) -> Result<(Duration, String), Failure> {
        let program = std::env::current_exe().map_err(failed("no program"))?;
        let mut command = Command::new(program);
        command.arg(FLAG);
        for (at, argument) in arguments.iter().enumerate() {
            if at == 1 {
                command.arg(&self.socket);
            }
            if argument.ends_with(".sock") {
                command.arg(self.folder.path().join(argument));
            } else {
                command.arg(argument);
            }
        }
        let start = Instant::now();
        let child = command.stdout(Stdio::piped()).spawn();
        let out = wait(child.map_err(failed("no limit"))?)?;
        let time = start.elapsed();
        remove_stale(&self.folder.path().join("canned.sock"));
        Ok((time, out))
    }

    /// Measures concurrent ADDs. The wall time is that of all of them.
    pub(super) fn parallel(&self, count: u32) -> Result<Figure, Failure> {
        let names: Vec<String> = (0..count).map(|it| format!("parallel{it}")).collect();
        let before = cpu()?;
        let start = Instant::now();
        let children: Vec<Child> = names
            .iter()
            .map(|it| self.spawn("ADD", it))
            .collect::<Result<_, _>>()?;
        for child in children {
            wait(child)?;
        }
        let wall = vec![start.elapsed()];
        let cpu = (cpu()? - before) / count;
        for name in &names {
            self.call("DEL", name)?;
        }
        Ok(Figure {
            what: format!("{count} ADDs at once"),
            wall,
            cpu,
            peak: peak()?,
            canned: Vec::new(),
        })
    }
}

fn remove_stale(file: &Path) {
    // The next attempt reports a file that stays.
    let _ = std::fs::remove_file(file);
}

fn wait(child: Child) -> Result<String, Failure> {
    let output = child.wait_with_output().map_err(failed("no output"))?;
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(out);
    }
    Err(Failure::new(Status::Other, format!("a call failed: {out}")))
}

/// The CPU time of all children so far.
fn cpu() -> Result<Duration, Failure> {
    let usage = usage()?;
    let time = |it: nix::sys::time::TimeVal| {
        let (seconds, rest) = (it.tv_sec(), it.tv_usec());
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
            + Duration::from_micros(u64::try_from(rest).unwrap_or(0))
    };
    Ok(time(usage.user_time()) + time(usage.system_time()))
}

/// The largest resident set of all children so far, in KiB.
fn peak() -> Result<u64, Failure> {
    Ok(u64::try_from(usage()?.max_rss()).unwrap_or(0))
}

fn usage() -> Result<nix::sys::resource::Usage, Failure> {
    getrusage(UsageWho::RUSAGE_CHILDREN)
        .map_err(|error| Failure::new(Status::Other, format!("no usage: {error}")))
}
