//! Tests with processes that are killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use cnivpp::files::{Access, Dir, Lock, LockKind, sweep, write_atomic};
use rustix::fs::{FlockOperation, flock};

use crate::support::{child, folder};

const SIZE: usize = 256 << 10;

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

/// Child role: replaces a file until it is killed.
pub(crate) fn write(folder: &Path) {
    let dir = Dir::open(folder).unwrap();
    loop {
        for byte in *b"ab" {
            write_atomic(&dir, "file", &vec![byte; SIZE], Access::mode(0o600)).unwrap();
            println!("written");
        }
    }
}

/// Child role: holds a lock until it is killed.
pub(crate) fn hold(folder: &Path) {
    let dir = Dir::open(folder).unwrap();
    let _lock = Lock::acquire(&dir, "lock", LockKind::Exclusive, Instant::now()).unwrap();
    println!("held");
    loop {
        std::thread::park();
    }
}

/// A child process that is killed when it is dropped.
struct Running(Child);

impl Running {
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be killed already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a child and waits until it has printed `line` several times.
fn start_child(role: &str, folder: &Path, line: &str, times: usize) -> Running {
    let mut child = Running(child(role, folder).spawn().unwrap());
    let stdout = BufReader::new(child.0.stdout.take().unwrap());
    let lines = stdout.lines().map(|it| it.expect("the child runs"));
    assert_eq!(
        lines.filter(|it| it.contains(line)).take(times).count(),
        times
    );
    child
}

#[test]
fn a_killed_writer_leaves_the_old_or_the_new_content() {
    let (folder, dir) = folder();
    for round in 0..20 {
        let mut child = start_child("write", folder.path(), "written", 1 + round % 4);
        child.kill();
        let bytes = dir.read("file", SIZE).unwrap().bytes;
        assert_eq!(bytes.len(), SIZE);
        let first = bytes[0];
        assert!(bytes.iter().all(|it| *it == first));
    }
    sweep(&dir).unwrap();
    assert_eq!(dir.list(10).unwrap(), ["file"]);
}

#[test]
fn a_sweep_removes_only_files_without_a_writer() {
    let (folder, dir) = folder();
    let path = |name: &str| folder.path().join(name);
    let living = std::fs::File::create(path(".cnivpp-1-1-1.tmp")).unwrap();
    flock(&living, FlockOperation::LockExclusive).unwrap();
    std::fs::write(path(".cnivpp-1-1-2.tmp"), "left").unwrap();
    std::fs::write(path("other.tmp"), "another program's").unwrap();
    std::os::unix::fs::symlink("other.tmp", path(".cnivpp-1-1-3.tmp")).unwrap();
    std::fs::create_dir(path(".cnivpp-1-1-4.tmp")).unwrap();
    assert_eq!(sweep(&dir).unwrap(), [".cnivpp-1-1-2.tmp"]);
    assert_eq!(dir.list(10).unwrap().len(), 4);
    drop(living);
    // A test that starts a process has all files open twice for a moment.
    let deadline = soon();
    let mut swept = sweep(&dir).unwrap();
    while swept.is_empty() && Instant::now() < deadline {
        std::thread::yield_now();
        swept = sweep(&dir).unwrap();
    }
    assert_eq!(swept, [".cnivpp-1-1-1.tmp"]);
}

#[test]
fn the_lock_of_a_killed_process_is_released() {
    let (folder, dir) = folder();
    let mut child = start_child("hold", folder.path(), "held", 1);
    let error = Lock::acquire(&dir, "lock", LockKind::Shared, Instant::now()).unwrap_err();
    assert!(error.is_locked());
    let holder = format!("process {} still holds the lock", child.0.id());
    assert!(error.to_string().contains(&holder), "{error}");
    child.kill();
    let free = Lock::acquire(&dir, "lock", LockKind::Exclusive, Instant::now());
    assert!(free.is_ok());
}

/// The plugin starts IPAM plugins while it holds locks.
#[test]
fn child_processes_do_not_inherit_a_lock() {
    let (_folder, dir) = folder();
    let lock = Lock::acquire(&dir, "lock", LockKind::Exclusive, Instant::now()).unwrap();
    let _program = Running(Command::new("sleep").arg("1000").spawn().unwrap());
    drop(lock);
    // A test that starts a process has all files open twice for a moment.
    let again = Lock::acquire(&dir, "lock", LockKind::Exclusive, soon());
    assert!(again.is_ok());
}
