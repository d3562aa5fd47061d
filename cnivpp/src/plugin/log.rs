//! Logging to stderr and to `logFile`. Stdout is reserved for the runtime.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::reload;

use crate::netconf::{LogLevel, NetConf};

static LEVEL: OnceLock<reload::Handle<LevelFilter, tracing_subscriber::Registry>> = OnceLock::new();
static FILE: Mutex<Option<File>> = Mutex::new(None);

/// Starts logging warnings to stderr. A configuration can change the level later.
pub(super) fn start() {
    let (level, handle) = reload::Layer::new(LevelFilter::WARN);
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(Output)
        .with_ansi(false)
        .with_target(false)
        // The client of Kubernetes logs errors that the plugin reports itself.
        .with_filter(filter_fn(|it| !it.target().starts_with("kube_client")));
    let subscriber = tracing_subscriber::registry().with(level).with(layer);
    // A program that uses this library may have its own subscriber.
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        let _ = LEVEL.set(handle);
    }
}

/// Sets the least severe messages that are logged.
pub(super) fn set_level(level: LogLevel) {
    if let Some(handle) = LEVEL.get() {
        // This fails only if the subscriber was dropped. Nothing is logged then.
        let _ = handle.modify(|it| *it = filter(level));
    }
}

/// Applies log level and log file of the configuration, and logs its warnings.
pub(super) fn configure(conf: &NetConf) {
    set_level(conf.log_level);
    if let Some(path) = &conf.log_file {
        match open(path) {
            Ok(file) => *FILE.lock().unwrap_or_else(PoisonError::into_inner) = Some(file),
            Err(error) => {
                let (path, kind) = (path.display(), error.kind());
                tracing::warn!("cannot write to logFile {path}: {kind}");
            }
        }
    }
    for warning in &conf.warnings {
        tracing::warn!("{warning}");
    }
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        // The message of a panic is always printed to stderr.
        LogLevel::Panic => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warning => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Verbose => LevelFilter::TRACE,
    }
}

/// Opens a log file for appending. Does not follow a symbolic link, because other users may be able
/// to write to the folder.
fn open(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o640)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or(0))
        .open(path)
}

/// Writes to stderr, and to the log file if one is configured.
struct Output;

impl Write for Output {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut file = FILE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = file.as_mut() {
            // A full disk must not fail the call. The line is on stderr too.
            let _ = file.write_all(line);
        }
        // The runtime may have closed stderr.
        let _ = io::stderr().write_all(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Output {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}
