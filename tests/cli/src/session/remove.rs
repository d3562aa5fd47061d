use std::io;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cnivpp::api::{InterfaceIndex, Result, address, bridge, interface, memif, vhostuser};
use ipnet::IpNet;
use vpp_bindings::client::Client;

use super::Created;

/// What became of something that was to be removed.
pub(super) enum Undone {
    /// It was removed; the text says how.
    Done(String),
    /// It was not there, or it is another's by now.
    Gone,
}

impl Created {
    /// Looks whether it is there and still this run's, and removes it.
    pub(super) async fn undo(&self, client: &Client, run: &str) -> Result<Undone> {
        match self {
            Self::Folder(path) => Ok(remove_folder(path)),
            Self::MemifSocket {
                id,
                filename,
                before,
                listens,
            } => {
                let socket = find_socket(client, *id, filename, before).await?;
                remove_socket(client, socket, *listens).await
            }
            Self::Memif { .. } => self.remove_memif(client).await,
            Self::VhostUser {
                sw_if_index,
                filename,
                ..
            } => remove_vhost(client, *sw_if_index, filename, run).await,
            Self::Bridge { id } => remove_bridge(client, *id, run).await,
            Self::AdminUp(sw_if_index) => {
                if !Self::is_ours(client, *sw_if_index, run).await? {
                    return Ok(Undone::Gone);
                }
                interface::set_admin_up(client, *sw_if_index, false).await?;
                let text = format!("interface {} set down", sw_if_index.0);
                Ok(Undone::Done(text))
            }
            Self::Member {
                sw_if_index,
                bridge,
            } => remove_member(client, *bridge, *sw_if_index, run).await,
            Self::Address {
                sw_if_index,
                address,
            } => remove_address(client, *sw_if_index, *address, run).await,
        }
    }

    /// Removes what is left of it where VPP has ended, and all that it held with it.
    pub(super) async fn undo_without_vpp(&self) -> Undone {
        let file = match self {
            Self::Folder(path) => return remove_folder(path),
            Self::MemifSocket {
                filename, listens, ..
            }
            | Self::VhostUser {
                filename, listens, ..
            } => listens.then(|| Path::new(filename)),
            _ => None,
        };
        let mut text = format!("{self} went with VPP");
        if let Some(file) = file.filter(|it| it.is_absolute())
            && remove_file_soon(file).await
        {
            text.push_str(", and its file was removed");
        }
        Undone::Done(text)
    }

    async fn remove_memif(&self, client: &Client) -> Result<Undone> {
        let Self::Memif {
            sw_if_index,
            socket_id,
            id,
            mac,
        } = self
        else {
            return Ok(Undone::Gone);
        };
        let is_this = |it: &memif::Memif| {
            it.socket_id == *socket_id
                && it.id == *id
                && mac.is_none_or(|mac| it.mac == mac)
                && sw_if_index.is_none_or(|index| it.sw_if_index == index)
        };
        let found = memif::dump(client).await?.into_iter().find(is_this);
        let Some(found) = found else {
            return Ok(Undone::Gone);
        };
        memif::delete(client, found.sw_if_index).await?;
        let text = format!("{} deleted, interface {}", found.name, found.sw_if_index.0);
        Ok(Undone::Done(text))
    }

    /// Whether an interface is still the one that this run made.
    async fn is_ours(client: &Client, sw_if_index: InterfaceIndex, run: &str) -> Result<bool> {
        let found = interface::find(client, sw_if_index).await?;
        Ok(found.is_some_and(|it| it.tag == run))
    }
}

fn remove_folder(path: &PathBuf) -> Undone {
    match std::fs::remove_dir(path) {
        Ok(()) => Undone::Done(format!("folder {} removed", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Undone::Gone,
        // Others have put files into it.
        Err(error) => Undone::Done(format!("folder {} stays: {error}", path.display())),
    }
}

async fn find_socket(
    client: &Client,
    id: Option<u32>,
    filename: &str,
    before: &[u32],
) -> Result<Option<memif::Socket>> {
    let all = memif::dump_sockets(client).await?;
    let is_this = |it: &&memif::Socket| {
        id.is_none_or(|id| it.id == id)
            && !before.contains(&it.id)
            && memif::is_same_file(it, filename, &all)
    };
    Ok(all.iter().find(is_this).cloned())
}

async fn remove_socket(
    client: &Client,
    socket: Option<memif::Socket>,
    listens: bool,
) -> Result<Undone> {
    let Some(found) = socket else {
        return Ok(Undone::Gone);
    };
    memif::delete_socket(client, found.id).await?;
    let mut text = format!("memif socket {} deleted, {}", found.id, found.filename);
    if listens && remove_file_soon(Path::new(&found.filename)).await {
        text.push_str(" removed");
    }
    Ok(Undone::Done(text))
}

/// Removes a socket file as soon as nobody listens any more. A process that is ending
/// closes one socket after the other, and a child of it has them all until it runs its
/// own program.
async fn remove_file_soon(path: &Path) -> bool {
    for _ in 0..50 {
        if remove_stale_file(path) {
            return true;
        }
        if !path.exists() {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

/// Removes a socket file that nobody listens on any more: VPP leaves that of a memif.
fn remove_stale_file(path: &Path) -> bool {
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|it| it.file_type().is_socket());
    // Where somebody listens, this is answered or refused as a socket of another type.
    let connected = UnixStream::connect(path);
    let is_stale = connected.is_err_and(|it| it.kind() == io::ErrorKind::ConnectionRefused);
    is_socket && is_stale && std::fs::remove_file(path).is_ok()
}

async fn remove_vhost(
    client: &Client,
    sw_if_index: Option<InterfaceIndex>,
    filename: &str,
    run: &str,
) -> Result<Undone> {
    let is_this = |it: &vhostuser::VhostUser| {
        it.filename == filename && sw_if_index.is_none_or(|index| it.sw_if_index == index)
    };
    let found = vhostuser::dump(client).await?.into_iter().find(is_this);
    let Some(found) = found else {
        return Ok(Undone::Gone);
    };
    if !Created::is_ours(client, found.sw_if_index, run).await? {
        return Ok(Undone::Gone);
    }
    vhostuser::delete(client, found.sw_if_index).await?;
    let text = format!("{} deleted, interface {}", found.name, found.sw_if_index.0);
    Ok(Undone::Done(text))
}

async fn remove_bridge(client: &Client, id: Option<u32>, run: &str) -> Result<Undone> {
    let is_this = |it: &bridge::Bridge| it.tag == run && id.is_none_or(|id| it.id == id);
    let found = bridge::dump(client).await?.into_iter().find(is_this);
    let Some(found) = found else {
        return Ok(Undone::Gone);
    };
    bridge::delete(client, found.id).await?;
    Ok(Undone::Done(format!("bridge domain {} deleted", found.id)))
}

async fn remove_member(
    client: &Client,
    id: u32,
    sw_if_index: InterfaceIndex,
    run: &str,
) -> Result<Undone> {
    let all = bridge::dump(client).await?;
    let is_member = |it: &bridge::Bridge| it.id == id && it.members.contains(&sw_if_index);
    if !all.iter().any(is_member) || !Created::is_ours(client, sw_if_index, run).await? {
        return Ok(Undone::Gone);
    }
    bridge::leave(client, id, sw_if_index).await?;
    let text = format!("interface {} out of bridge domain {id}", sw_if_index.0);
    Ok(Undone::Done(text))
}

async fn remove_address(
    client: &Client,
    sw_if_index: InterfaceIndex,
    address: IpNet,
    run: &str,
) -> Result<Undone> {
    if address::is_link_local(address) {
        return Ok(Undone::Done(format!("{address} goes with its interface")));
    }
    let all = address::dump(client, sw_if_index).await?;
    if !all.contains(&address) || !Created::is_ours(client, sw_if_index, run).await? {
        return Ok(Undone::Gone);
    }
    address::remove(client, sw_if_index, address).await?;
    let text = format!("{address} removed from interface {}", sw_if_index.0);
    Ok(Undone::Done(text))
}
