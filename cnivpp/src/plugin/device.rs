//! The file that describes the device (`CNIDeviceInfoFile`), in the format of the Network
//! Plumbing Working Group's device-info specification 1.1.0.

use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::failure;
use crate::attachment::{Want, WantInterface};
use crate::cni::{Error, Result};
use crate::files::{Access, Dir, write_atomic};

/// Writes the file with the container's role, mode and path. Keeps other keys of a file that a
/// device plugin wrote.
pub(super) fn write(file: &Path, want: &Want) -> Result<()> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|it| it.to_str()))
    else {
        let why = format!("CNIDeviceInfoFile {} is not a file path", file.display());
        return Err(Error::config(why));
    };
    let dir = Dir::create(folder, Access::mode(0o755)).map_err(failure::of_file)?;
    let mut device = describe(want);
    if let (Some(Value::Object(mut present)), Value::Object(own)) = (read(file), &device) {
        present.extend(own.clone());
        device = Value::Object(present);
    }
    let mut text = device.to_string();
    text.push('\n');
    write_atomic(&dir, name, text.as_bytes(), Access::mode(0o644)).map_err(failure::of_file)?;
    Ok(())
}

/// Reads a file; `None` if it is unreadable, not JSON, or too large.
fn read(file: &Path) -> Option<Value> {
    const LIMIT: usize = 1 << 16;
    let dir = Dir::open(file.parent()?).ok()?;
    let contents = dir.read(file.file_name()?.to_str()?, LIMIT).ok()?;
    serde_json::from_slice(&contents.bytes).ok()
}

fn describe(want: &Want) -> Value {
    let path = &want.socket.pod;
    match &want.interface {
        WantInterface::Memif(it) => json!({
            "type": "memif",
            "version": "1.1.0",
            "memif": {
                "role": if it.is_master { "slave" } else { "master" },
                "path": path,
                "mode": if it.is_ip { "ip" } else { "ethernet" },
            },
        }),
        WantInterface::VhostUser(it) => json!({
            "type": "vhost-user",
            "version": "1.1.0",
            "vhost-user": {
                "mode": if it.is_server { "client" } else { "server" },
                "path": path,
            },
        }),
    }
}

/// Removes the file if its content is what ADD wrote. A device plugin's file stays.
pub(super) fn remove(file: &Path, want: &Want) -> Result<()> {
    if read(file).is_some_and(|it| it != describe(want)) {
        return Ok(());
    }
    match std::fs::remove_file(file) {
        Err(error) if !is_missing(&error) => {
            let why = format!("cannot remove {}: {}", file.display(), error.kind());
            Err(Error::io(why))
        }
        _ => Ok(()),
    }
}

/// Whether the file does not exist. A folder of its path may be a file.
fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}
