//! The progress line, on a terminal that the test creates.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::fs::{CWD, FileType, Mode, OFlags};
use rustix::pty::OpenptFlags;
use rustix::termios::Winsize;

use super::program::command;

/// The two ends of a terminal: that of the user and that of the program.
pub fn terminal() -> (File, File) {
    let user = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::pty::grantpt(&user).unwrap();
    rustix::pty::unlockpt(&user).unwrap();
    let name = rustix::pty::ptsname(&user, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY;
    let program = rustix::fs::open(&name, flags, Mode::empty()).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: 80,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    rustix::termios::tcsetwinsize(&program, size).unwrap();
    (user.into(), program.into())
}

/// Reads until the output contains `text`, or with `None` until the program ends.
pub fn read_until(user: &mut File, text: Option<&str>) -> String {
    let (mut all, mut bytes) = (String::new(), [0; 4096]);
    while text.is_none_or(|text| !all.contains(text)) {
        // Linux reports the end of a terminal as an error.
        let count = user.read(&mut bytes).unwrap_or(0);
        if count == 0 {
            assert!(text.is_none(), "the program ended after {all:?}");
            break;
        }
        all.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    all
}

fn good(name: &str) -> String {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/good");
    inputs.join(name).to_str().unwrap().to_owned()
}

/// A `generate` command with a file and a pipe that it has to wait for.
pub fn slow(pipe: &Path, extra: &[&str]) -> Command {
    rustix::fs::mknodat(CWD, pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let out = pipe.with_extension("out");
    let (floats, pipe, out) = (
        good("floats.api.json"),
        pipe.to_str().unwrap(),
        out.to_str().unwrap(),
    );
    let inputs = [
        "generate",
        "--api-dir",
        &floats,
        "--api-dir",
        pipe,
        "--out",
        out,
    ];
    command(&[&inputs[..], extra].concat())
}

/// Writes definitions to the pipe, so that the program continues.
fn feed(pipe: &Path) {
    fs::write(pipe, fs::read(good("strings.api.json")).unwrap()).unwrap();
}

#[test]
fn progress_is_shown_only_on_a_terminal_and_only_while_running() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = |name: &str| folder.path().join(name);

    // The silent commands start first, so they all wait longer than the one that shows progress.
    let piped = slow(&pipe("piped.json"), &[]).spawn().unwrap();
    let silent = |name: &str, extra: &[&str], term: &str| {
        let (user, program) = terminal();
        let mut command = slow(&pipe(name), extra);
        let run = command
            .env("TERM", term)
            .stderr(Stdio::from(program))
            .spawn()
            .unwrap();
        (run, user)
    };
    let quiet = silent("quiet.json", &["--quiet"], "xterm");
    let dumb = silent("dumb.json", &[], "dumb");
    let (mut run, mut user) = silent("shown.json", &[], "xterm");

    let shown = read_until(&mut user, Some("reading 1/2"));
    assert!(!shown.contains('\n'), "{shown:?}");
    for name in ["piped", "quiet", "dumb", "shown"] {
        feed(&pipe(&format!("{name}.json")));
    }
    let rest = read_until(&mut user, None);
    assert!(run.wait().unwrap().success());
    assert!(rest.ends_with("\r\x1b[2K"), "the line is cleared: {rest:?}");

    assert!(piped.wait_with_output().unwrap().stderr.is_empty());
    for (mut run, mut user) in [quiet, dumb] {
        assert_eq!(read_until(&mut user, None), "");
        assert!(run.wait().unwrap().success());
    }
}

#[test]
fn an_error_clears_the_progress_line_first() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("bad.json");
    let (mut user, program) = terminal();
    let mut command = slow(&pipe, &[]);
    let mut run = command.stderr(Stdio::from(program)).spawn().unwrap();
    drop(command);
    read_until(&mut user, Some("reading 1/2"));
    File::create(&pipe).unwrap().write_all(b"[1]").unwrap();
    let rest = read_until(&mut user, None);
    assert_eq!(run.wait().unwrap().code(), Some(2));
    let (_, last) = rest.rsplit_once("\r\x1b[2K").unwrap();
    assert!(last.starts_with("vpp-bindgen: "), "{rest:?}");
}

#[test]
fn quiet_prints_nothing_about_written_files() {
    let from = super::tree::definitions(1);
    let out = tempfile::tempdir().unwrap();
    let arguments = super::tree::vendor(from.path(), out.path());
    let normal = super::program::run(&arguments);
    assert!(
        String::from_utf8(normal.stderr)
            .unwrap()
            .contains("modules written to")
    );
    for position in [0, 5] {
        let mut arguments = arguments.to_vec();
        arguments.insert(position, "-q".to_owned());
        let quiet = super::program::run(&arguments);
        assert!(quiet.status.success() && quiet.stderr.is_empty() && quiet.stdout.is_empty());
    }
}
