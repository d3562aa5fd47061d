use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use vpp_sim::Sim;

use super::failed;
use vpp_cli_tests::failure::{Failure, Status};

/// A simulator in a process of its own, which shares neither the runtime nor the allocator.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    socket: PathBuf,
}

impl Server {
    /// Starts this program again as the simulator.
    pub(crate) fn start(interfaces: u32) -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("client-bench-{}", std::process::id()));
        std::fs::create_dir(&folder).map_err(failed("no temporary folder"))?;
        let socket = folder.join("api.sock");
        let program = std::env::current_exe().map_err(failed("no program"))?;
        let child = Command::new(program)
            .arg("--serve")
            .arg(&socket)
            .args(["--interfaces", &interfaces.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed("no simulator"))?;
        let mut server = Self { child, socket };
        let mut line = String::new();
        let out = server.child.stdout.take();
        let out = out.ok_or_else(|| Failure::new(Status::Other, "no simulator"))?;
        BufReader::new(out)
            .read_line(&mut line)
            .map_err(failed("no simulator"))?;
        if line.is_empty() {
            return Err(Failure::new(Status::Other, "the simulator exited at once"));
        }
        Ok(server)
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends when its stdin does.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
        if let Some(folder) = self.socket.parent() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Runs the simulator until stdin ends.
pub(crate) fn serve(socket: &Path, interfaces: u32) -> Result<(), Failure> {
    let interfaces = usize::try_from(interfaces).unwrap_or(usize::MAX);
    let simulator = Sim::builder().socket(socket).interfaces(interfaces);
    let _simulator = simulator.start_thread().map_err(failed("no simulator"))?;
    let ready = || -> io::Result<()> {
        use io::Write;
        let mut out = io::stdout().lock();
        writeln!(out, "ready")?;
        out.flush()
    };
    ready().map_err(failed("stdout"))?;
    let mut rest = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut rest)
        .map_err(failed("stdin"))?;
    Ok(())
}
