//! The simulator and the project's own client.

use vpp_bindings::client::Client;
use vpp_bindings::interface::{CreateLoopback, SwInterfaceDump};
use vpp_bindings::memif::{MemifCreateV2, MemifMode, MemifRole};
use vpp_sim::{Release, Sim};
use vpp_wire::VppError;

async fn connect(sim: &Sim) -> Client {
    let builder = Client::builder().socket(sim.socket()).name("test");
    let (client, connection) = builder.connect().await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn calls_errors_and_loss() {
    let sim = Sim::start_in_process().await.unwrap();
    let client = connect(&sim).await;
    let loopback = client.call(CreateLoopback::default()).await.unwrap();
    assert_eq!(loopback.sw_if_index.0, 1);
    let memif = MemifCreateV2 {
        role: MemifRole::SLAVE,
        mode: MemifMode::ETHERNET,
        socket_id: 9,
        ..Default::default()
    };
    let error = client.call(memif).await.unwrap_err();
    assert_eq!(error.vpp_error(), Some(VppError::INVALID_ARGUMENT));
    assert_eq!(sim.state().interfaces().count(), 2);
    sim.restart();
    let error = client.call(CreateLoopback::default()).await.unwrap_err();
    assert!(error.is_disconnected(), "{error}");
}

#[tokio::test]
async fn an_earlier_release_is_seen_as_such() {
    let builder = Sim::builder().release(Release::V23_02);
    let sim = builder.start().await.unwrap();
    let client = connect(&sim).await;
    assert!(!client.supports::<MemifCreateV2>());
    assert!(client.supports::<SwInterfaceDump>());
}
