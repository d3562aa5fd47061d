use std::path::{Path, PathBuf};

use vpp_bindings::client::{self, Client};
use vpp_bindings::memif::{MemifSocketFilenameAddDelV2, MemifSocketFilenameDump};
use vpp_bindings::wire::VppError;

use super::name;
use crate::api::free_id::{ATTEMPTS, CHOOSE, lowest};
use crate::api::text::fixed;
use crate::api::{Error, Result};

/// A socket that memifs can use, as VPP shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Socket {
    /// Its ID.
    pub id: u32,
    /// Its name; for a file, the absolute path.
    pub filename: String,
}

/// All memif sockets.
///
/// # Errors
/// VPP does not answer, or does not have the memif plugin.
pub async fn dump_sockets(client: &Client) -> Result<Vec<Socket>> {
    let all = client.dump(MemifSocketFilenameDump {}).all().await;
    let all = all.map_err(Error::during("list the memif sockets"))?;
    let socket = |it: vpp_bindings::memif::MemifSocketFilenameDetails| Socket {
        id: it.socket_id,
        filename: it.socket_filename.to_string_lossy().into_owned(),
    };
    Ok(all.into_iter().map(socket).collect())
}

/// Whether `filename`, an argument of [`add_socket`], is the file of `socket`.
#[must_use]
pub fn is_same_file(socket: &Socket, filename: &str, all: &[Socket]) -> bool {
    if is_absolute(filename) {
        return socket.filename == filename;
    }
    resolve(filename, all).is_some_and(|path| Path::new(&socket.filename) == path)
}

/// Whether VPP uses a name unchanged. It puts other names into its runtime folder.
#[must_use]
pub fn is_absolute(filename: &str) -> bool {
    let prefixes = ["/", "unix:", "tcp:", "abstract:"];
    prefixes.iter().any(|it| filename.starts_with(it))
}

/// The path of a relative name, in the folder of socket 0. That socket always exists and is in
/// VPP's runtime folder.
#[must_use]
pub fn resolve(filename: &str, all: &[Socket]) -> Option<PathBuf> {
    let default = all.iter().find(|it| it.id == 0)?;
    let (folder, _) = default.filename.rsplit_once('/')?;
    Some(Path::new(folder).join(filename))
}

/// Adds a socket, and returns its ID: `id`, or a free one if `id` is `None`.
///
/// Adding one that exists has no effect; [`dump_sockets`] shows whether it exists. VPP puts a
/// relative name into its runtime folder.
///
/// # Errors
/// The ID is 0 or 4294967295, the name is invalid (see
/// [`validate_socket_name`](super::validate_socket_name)), or VPP refuses: the ID has
/// another file.
pub async fn add_socket(client: &Client, id: Option<u32>, filename: &str) -> Result<u32> {
    const OPERATION: &str = "add the memif socket";
    name::check(filename).map_err(|why| Error::invalid(OPERATION, why))?;
    check_id(OPERATION, id)?;
    if client.supports::<MemifSocketFilenameAddDelV2>() {
        let request = MemifSocketFilenameAddDelV2 {
            is_add: true,
            socket_id: id.unwrap_or(CHOOSE),
            socket_filename: filename.into(),
        };
        let added = client.call(request).await;
        return Ok(added.map_err(Error::during(OPERATION))?.socket_id);
    }
    if name::is_abstract(filename) {
        let why = format!(
            "VPP supports abstract sockets such as {filename:?} since v23.06: use a file name"
        );
        return Err(Error::invalid(OPERATION, why));
    }
    if let Some(id) = id {
        let added = v1(
            client,
            true,
            id,
            fixed(OPERATION, "the socket's path", filename)?,
        )
        .await;
        return added.map(|()| id).map_err(Error::during(OPERATION));
    }
    choose_v1(client, OPERATION, filename).await
}

/// Chooses a free ID; VPP does this itself since v23.06.
async fn choose_v1(client: &Client, operation: &'static str, filename: &str) -> Result<u32> {
    let mut attempts = 0;
    loop {
        let id = lowest(dump_sockets(client).await?.iter().map(|it| it.id));
        attempts += 1;
        let filename = fixed(operation, "the socket's path", filename)?;
        match v1(client, true, id, filename).await {
            Ok(()) => return Ok(id),
            // Another client has taken the ID since.
            Err(error)
                if error.vpp_error() == Some(VppError::ENTRY_ALREADY_EXISTS)
                    && attempts < ATTEMPTS => {}
            Err(error) => return Err(Error::during(operation)(error)),
        }
    }
}

/// Deletes a memif socket.
///
/// # Errors
/// The ID is 0 or 4294967295, or VPP refuses: the socket does not exist, or a memif uses it.
pub async fn delete_socket(client: &Client, id: u32) -> Result<()> {
    const OPERATION: &str = "delete the memif socket";
    check_id(OPERATION, Some(id))?;
    let deleted = if client.supports::<MemifSocketFilenameAddDelV2>() {
        let request = MemifSocketFilenameAddDelV2 {
            is_add: false,
            socket_id: id,
            socket_filename: Default::default(),
        };
        client.call(request).await.map(drop)
    } else {
        v1(client, false, id, Default::default()).await
    };
    deleted.map_err(Error::during(OPERATION))
}

fn check_id(operation: &'static str, id: Option<u32>) -> Result<()> {
    match id {
        Some(0) => Err(Error::invalid(operation, "socket 0 is reserved by VPP")),
        Some(CHOOSE) => Err(Error::invalid(
            operation,
            "socket 4294967295 is out of range (1 to 4294967294)",
        )),
        _ => Ok(()),
    }
}

#[expect(
    deprecated,
    reason = "VPP up to v23.02 does not have memif_socket_filename_add_del_v2, the successor"
)]
async fn v1(
    client: &Client,
    is_add: bool,
    socket_id: u32,
    socket_filename: vpp_bindings::wire::FixedString<108>,
) -> std::result::Result<(), client::Error> {
    let request = vpp_bindings::memif::MemifSocketFilenameAddDel {
        is_add,
        socket_id,
        socket_filename,
    };
    client.call(request).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(id: u32, filename: &str) -> Socket {
        let filename = filename.to_owned();
        Socket { id, filename }
    }

    #[test]
    fn relative_names_are_in_the_runtime_folder() {
        let all = [socket(0, "/run/vpp/memif.sock"), socket(1, "/run/vpp/a/b")];
        assert!(is_same_file(&all[1], "a/b", &all));
        assert!(is_same_file(&all[1], "/run/vpp/a/b", &all));
        assert!(!is_same_file(&all[1], "b", &all));
        assert!(!is_same_file(&all[1], "a/b", &all[1..]));
    }
}
