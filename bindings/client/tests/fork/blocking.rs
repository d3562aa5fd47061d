use std::io::Read;
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::Duration;

use vpp_client::Client;
use vpp_client::blocking::{DumpIter, EventIter};
use vpp_client::events::Notice;

use crate::messages::{Echo, ItemDetails, ItemDump, Tick, WantTicks};
use crate::peer::{Peer, table};
use crate::{current_thread, in_child, is_forked};

/// A blocking client and VPP's end of its connection.
struct Blocking {
    client: vpp_client::blocking::Client,
    peer: Peer,
    runtime: tokio::runtime::Runtime,
    raw: UnixStream,
    _folder: tempfile::TempDir,
}

impl Blocking {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let connecting = thread::spawn(move || {
            let builder = Client::builder().socket(path);
            builder.timeout(Duration::from_secs(30)).connect_blocking()
        });
        let (io, _) = listener.accept().unwrap();
        let raw = io.try_clone().unwrap();
        io.set_nonblocking(true).unwrap();
        let runtime = current_thread();
        let peer = runtime.block_on(async {
            let io = tokio::net::UnixStream::from_std(io).unwrap();
            Peer::accept(io, table(100)).await.unwrap()
        });
        Self {
            client: connecting.join().unwrap().unwrap(),
            peer,
            runtime,
            raw,
            _folder: folder,
        }
    }

    fn subscribe(&mut self) -> EventIter<Tick> {
        let client = self.client.clone();
        let subscribing = thread::spawn(move || client.subscribe::<WantTicks>());
        self.runtime.block_on(self.peer.confirm());
        subscribing.join().unwrap().unwrap()
    }

    fn dump(&mut self) -> DumpIter<ItemDetails> {
        let dump = self.client.dump(ItemDump { count: 1 });
        self.runtime.block_on(async {
            self.peer.expect::<ItemDump>().await;
            self.peer.next().await.unwrap();
        });
        dump
    }

    /// Checks that the client has not written anything since the last message.
    fn assert_nothing_was_written(&mut self) {
        let error = self.raw.read(&mut [0; 64]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    }

    fn call(&mut self, value: u32) {
        let client = self.client.clone();
        let calling = thread::spawn(move || client.call(Echo { value }));
        self.runtime.block_on(self.peer.answer_next());
        assert_eq!(calling.join().unwrap().unwrap().value, value);
    }
}

#[test]
fn blocking_calls_of_a_forked_child_fail_at_once() {
    let mut parent = Blocking::new();
    parent.call(1);
    let client = parent.client.clone();
    assert!(in_child(|| {
        is_forked(client.call(Echo { value: 66 }))
            && client.dump(ItemDump { count: 1 }).all(is_forked)
            && is_forked(client.subscribe::<WantTicks>())
    }));
    parent.assert_nothing_was_written();
    parent.call(2);
}

#[test]
fn client_dropped_in_a_forked_child_stays_connected_in_the_parent() {
    let mut parent = Blocking::new();
    let mut client = Some(parent.client.clone());
    assert!(in_child(|| {
        drop(client.take());
        true
    }));
    parent.assert_nothing_was_written();
    parent.call(2);
}

#[test]
fn dump_from_before_a_fork_fails_in_the_child() {
    let mut parent = Blocking::new();
    let mut dump = parent.dump();
    assert!(in_child(|| dump.next().is_some_and(is_forked)));
    drop(dump);
    parent.assert_nothing_was_written();
    parent.call(2);
}

#[test]
fn subscription_from_before_a_fork_fails_in_the_child() {
    let mut parent = Blocking::new();
    let mut ticks = parent.subscribe();
    assert!(in_child(|| ticks.next().is_none_or(is_forked)));
    parent.assert_nothing_was_written();
    parent.runtime.block_on(parent.peer.send_tick(0, 5));
    let tick = Tick { pid: 0, number: 5 };
    assert_eq!(ticks.next().unwrap().unwrap(), Notice::Event(tick));
    parent.call(2);
}

#[test]
fn subscription_dropped_in_a_forked_child_continues_in_the_parent() {
    let mut parent = Blocking::new();
    let mut ticks = Some(parent.subscribe());
    assert!(in_child(|| {
        drop(ticks.take());
        true
    }));
    parent.assert_nothing_was_written();
    parent.runtime.block_on(parent.peer.send_tick(0, 5));
    let tick = Tick { pid: 0, number: 5 };
    let mut ticks = ticks.unwrap();
    assert_eq!(ticks.next().unwrap().unwrap(), Notice::Event(tick));
}
