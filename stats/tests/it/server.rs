//! A server that hands out a segment as VPP does.

use std::fs::File;
use std::io::{IoSlice, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::thread;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix,
    SocketFlags, SocketType, accept, bind, listen, sendmsg, shutdown, socket_with,
};

/// A segment in shared memory that a test changes while it is read.
pub struct Shared(pub File);

impl Shared {
    pub fn new(bytes: &[u8]) -> Self {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let mut file = File::from(memfd_create("stats", flags).unwrap());
        file.write_all(bytes).unwrap();
        fcntl_add_seals(&file, SealFlags::SHRINK).unwrap();
        Self(file)
    }

    pub fn put(&self, offset: u64, word: u64) {
        self.0.write_all_at(&word.to_ne_bytes(), offset).unwrap();
    }

    pub fn duplicate(&self) -> File {
        self.0.try_clone().unwrap()
    }
}

/// What a [`Server`] does with connections.
pub enum Answer {
    Segment(File),
    /// It closes the connection.
    Nothing,
}

pub struct Server {
    socket: OwnedFd,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    pub fn start(path: &Path, answer: Answer) -> Self {
        let socket = new_socket(path);
        let listener = socket.try_clone().unwrap();
        let thread = thread::spawn(move || {
            while let Ok(client) = accept(&listener) {
                if let Answer::Segment(file) = &answer {
                    send(&client, file);
                }
            }
        });
        Self {
            socket,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        shutdown(&self.socket, rustix::net::Shutdown::Both).unwrap();
        self.thread.take().unwrap().join().unwrap();
    }
}

/// A socket on which connections wait for ever.
pub fn new_socket(path: &Path) -> OwnedFd {
    let _ = std::fs::remove_file(path);
    let socket = socket_with(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    );
    let socket = socket.unwrap();
    bind(&socket, &SocketAddrUnix::new(path).unwrap()).unwrap();
    listen(&socket, 8).unwrap();
    socket
}

fn send(client: &OwnedFd, file: &File) {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let descriptors = [file.as_fd()];
    assert!(control.push(SendAncillaryMessage::ScmRights(&descriptors)));
    // The reader may be gone.
    let _ = sendmsg(
        client,
        &[IoSlice::new(&[])],
        &mut control,
        SendFlags::NOSIGNAL,
    );
}

/// A temporary folder and a path for a socket in it.
pub fn socket() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stats.sock");
    (folder, path)
}
