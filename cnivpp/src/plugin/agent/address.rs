use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use crate::cni::{Error, Result};

/// Where the agent serves its endpoints: a unix socket, or a port of a loopback address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) enum Address {
    Unix(PathBuf),
    Loopback(SocketAddr),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            let path = PathBuf::from(path);
            if path.is_absolute() {
                return Ok(Self::Unix(path));
            }
            return Err("the path after unix: is not absolute".to_owned());
        }
        let address: SocketAddr = text
            .parse()
            .map_err(|_| "not unix:PATH or ADDRESS:PORT".to_owned())?;
        if address.ip().is_loopback() {
            Ok(Self::Loopback(address))
        } else {
            Err("not a loopback address; use unix:PATH, or a proxy that authenticates".to_owned())
        }
    }
}

/// A socket that listens. A unix socket's file is removed when it is dropped.
#[derive(Debug)]
pub(super) enum Listener {
    Unix(UnixListener, PathBuf),
    Tcp(TcpListener),
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // The next agent replaces a file that is left.
            let _ = fs::remove_file(path);
        }
    }
}

impl Address {
    /// Listens. Replaces a socket file that an earlier agent left: only one agent runs per node.
    pub(super) async fn bind(&self) -> Result<Listener> {
        let failed = |error: std::io::Error| {
            Error::io(format!("cannot listen on {self}: {error}"))
                .with_details("choose another address with --listen")
        };
        match self {
            Self::Unix(path) => {
                remove_stale(path).map_err(failed)?;
                let listener = UnixListener::bind(path).map_err(failed)?;
                let listener = Listener::Unix(listener, path.clone());
                fs::set_permissions(path, fs::Permissions::from_mode(0o660)).map_err(failed)?;
                Ok(listener)
            }
            Self::Loopback(address) => {
                let listener = TcpListener::bind(address).await;
                listener.map(Listener::Tcp).map_err(failed)
            }
        }
    }

    /// Connects to an agent.
    pub(super) async fn connect(&self) -> std::io::Result<Stream> {
        Ok(match self {
            Self::Unix(path) => Box::new(UnixStream::connect(path).await?),
            Self::Loopback(address) => Box::new(TcpStream::connect(address).await?),
        })
    }
}

/// A connection of either kind.
pub(super) type Stream = Box<dyn Duplex>;

pub(super) trait Duplex:
    tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin
{
}

impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin> Duplex for T {}

impl Listener {
    pub(super) async fn accept(&self) -> std::io::Result<Stream> {
        Ok(match self {
            Self::Unix(listener, _) => Box::new(listener.accept().await?.0),
            Self::Tcp(listener) => Box::new(listener.accept().await?.0),
        })
    }
}

fn remove_stale(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => fs::remove_file(path),
        // Anything else stays, and listening fails.
        _ => Ok(()),
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Loopback(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_addresses_are_accepted() {
        for good in [
            "unix:/run/a.sock",
            "127.0.0.1:80",
            "[::1]:80",
            "127.9.9.9:1",
        ] {
            assert_eq!(good.parse::<Address>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "unix:a",
            "unix:",
            "0.0.0.0:80",
            "10.0.0.1:80",
            "[::]:80",
            "x:1",
            "127.0.0.1",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }
}
