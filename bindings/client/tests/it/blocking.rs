use std::os::unix::net::UnixListener;
use std::thread;

use vpp_client::{Client, Notice};

use crate::messages::{Echo, ItemDump, Tick, WantTicks, WantTicksReply};
use crate::peer::{Peer, table};

#[test]
fn the_same_without_async() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let server = thread::spawn(move || {
        let (io, _) = listener.accept().unwrap();
        io.set_nonblocking(true).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let io = tokio::net::UnixStream::from_std(io).unwrap();
            let mut peer = Peer::accept(io, table(100)).await.unwrap();
            while let Some(message) = peer.next().await {
                if message.is::<WantTicks>() {
                    peer.send(&WantTicksReply { retval: 0 }, message.context)
                        .await;
                    peer.send(&Tick { pid: 0, number: 5 }, 0).await;
                } else if !peer.answer(&message).await {
                    return true;
                }
            }
            false
        })
    });
    let client = Client::builder().socket(&path).connect_blocking().unwrap();
    assert_eq!(client.call(Echo { value: 3 }).unwrap().value, 3);
    let items: Result<Vec<_>, _> = client.dump(ItemDump { count: 50 }).collect();
    assert_eq!(items.unwrap().len(), 50);
    let mut ticks = client.subscribe::<WantTicks>().unwrap();
    let tick = Tick { pid: 0, number: 5 };
    assert_eq!(ticks.next().unwrap().unwrap(), Notice::Event(tick));
    drop(client);
    drop(ticks);
    assert!(server.join().unwrap(), "the client took leave");
    let error = Client::builder()
        .socket(folder.path().join("none"))
        .connect_blocking();
    assert!(error.unwrap_err().is_connect());
}
