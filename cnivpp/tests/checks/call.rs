//! Runs the program `userspace`.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_userspace");

/// A call to be started.
pub struct Call {
    program: Vec<OsString>,
    environment: BTreeMap<OsString, OsString>,
    user: Option<(u32, u32)>,
    stdin: Vec<u8>,
}

impl Call {
    /// Creates a call with this `CNI_COMMAND`.
    pub fn new(verb: &str) -> Self {
        Self::without_verb().with("CNI_COMMAND", verb)
    }

    /// Creates a call with only the variable `PATH`.
    pub fn without_verb() -> Self {
        let call = Self {
            program: vec![PROGRAM.into()],
            environment: BTreeMap::new(),
            user: None,
            stdin: Vec::new(),
        };
        call.with("PATH", std::env::var_os("PATH").unwrap_or_default())
    }

    /// Creates a call of an operator's command.
    pub fn operator<'a>(arguments: impl Iterator<Item = &'a str>) -> Self {
        let mut call = Self::without_verb();
        call.program.extend(arguments.map(OsString::from));
        call
    }

    /// Starts the program from a shell after a script, with `unshare` in a new mount namespace.
    pub fn after(mut self, script: &str, unshare: bool) -> Self {
        let script = format!("{script}\nexec \"$0\" \"$@\"");
        let mut program: Vec<OsString> = match unshare {
            true => vec!["unshare".into(), "--mount".into()],
            false => Vec::new(),
        };
        program.extend(["sh".into(), "-c".into(), script.into()]);
        program.append(&mut self.program);
        Self { program, ..self }
    }

    pub fn with(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let (name, value) = (name.as_ref().to_owned(), value.as_ref().to_owned());
        self.environment.insert(name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.environment.remove(OsStr::new(name));
        self
    }

    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// Runs the program as another user.
    pub fn user(mut self, uid: u32, gid: u32) -> Self {
        self.user = Some((uid, gid));
        self
    }

    pub fn start(self) -> Running {
        let (first, rest) = self.program.split_first().unwrap();
        let mut command = Command::new(first);
        command
            .args(rest)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let text = self.stdin;
        // The program need not read all of it.
        let feed = std::thread::spawn(move || drop(input.write_all(&text)));
        Running { child, feed }
    }

    pub fn run(self) -> Reply {
        self.start().wait()
    }
}

/// A running call.
pub struct Running {
    child: Child,
    feed: JoinHandle<()>,
}

impl Running {
    /// Kills the program, and waits for its end.
    #[allow(dead_code, reason = "not every user of this file kills calls")]
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn wait(self) -> Reply {
        let output = self.child.wait_with_output().unwrap();
        self.feed.join().unwrap();
        Reply(output)
    }
}

/// Output and exit status of the program.
#[derive(Debug)]
pub struct Reply(Output);

impl Reply {
    pub fn is_success(&self) -> bool {
        self.0.status.success()
    }

    pub fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// Returns the document on stdout. Asserts success.
    #[track_caller]
    pub fn result(&self) -> Value {
        assert!(self.is_success(), "{self}");
        serde_json::from_slice(&self.0.stdout).unwrap()
    }

    /// Asserts success without a document.
    #[track_caller]
    pub fn assert_silent_success(&self) {
        assert!(self.is_success() && self.0.stdout.is_empty(), "{self}");
    }

    /// Returns the error document on stdout. Asserts that it is valid.
    #[track_caller]
    pub fn error(&self) -> Value {
        assert_eq!(self.0.status.code(), Some(1), "{self}");
        let error: Value = serde_json::from_slice(&self.0.stdout)
            .unwrap_or_else(|error| unreachable!("{error}: {self}"));
        let keys = ["cniVersion", "code", "details", "msg"];
        let object = error.as_object().unwrap();
        assert!(
            object.keys().all(|it| keys.contains(&it.as_str())),
            "{self}"
        );
        assert!(error["cniVersion"].is_string(), "{self}");
        assert!(error["code"].as_u64().is_some_and(|it| it > 0), "{self}");
        assert!(
            error["msg"].as_str().is_some_and(|it| !it.is_empty()),
            "{self}"
        );
        assert!(!self.stderr().contains("panicked"), "{self}");
        error
    }

    /// Returns the error code. Asserts that the call failed.
    #[track_caller]
    pub fn code(&self) -> u64 {
        self.error()["code"].as_u64().unwrap()
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stdout = String::from_utf8_lossy(&self.0.stdout);
        write!(
            f,
            "{}, stdout {stdout:?}, stderr {:?}",
            self.0.status,
            self.stderr()
        )
    }
}
