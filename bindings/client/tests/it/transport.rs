//! The feature `vpp-api-transport`, whose build needs VPP's C client library.

use tokio::net::UnixListener;
use vpp_client::Client;

use crate::messages::{Echo, ItemDump};
use crate::peer::{Peer, table};

#[tokio::test]
async fn calls_work_over_vpp_api_transport() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let server = tokio::spawn(async move {
        let (io, _) = listener.accept().await.unwrap();
        // The crate's own handshake, then the client's.
        let mut peer = Peer::accept(io, table(100)).await.unwrap();
        peer.answer_handshake().await;
        while peer.answer_next().await {}
    });
    let builder = || Client::builder().socket(&path);
    let (client, connection) = builder().connect_with_vpp_api_transport().await.unwrap();
    let connection = tokio::spawn(connection);
    assert_eq!(client.call(Echo { value: 3 }).await.unwrap().value, 3);
    let items = client.dump(ItemDump { count: 1000 }).all().await.unwrap();
    assert_eq!(items.len(), 1000);
    let second = builder()
        .connect_with_vpp_api_transport()
        .await
        .unwrap_err();
    assert!(second.to_string().contains("one per process"), "{second}");
    drop(client);
    connection.await.unwrap().unwrap();
    server.await.unwrap();
}
