//! The simulator with `vpp-client`.

use std::time::Duration;

use vpp_bindings::client::events::Notice;
use vpp_bindings::client::{Client, Effect, ErrorKind, ReconnectPolicy};
use vpp_bindings::interface::{CreateLoopback, SwInterfaceDump, WantInterfaceEvents};
use vpp_bindings::memif::{MemifCreateV2, MemifMode, MemifRole};
use vpp_bindings::vpe::ShowVersion;
use vpp_sim::{Fault, FaultRule, Release, Sim};
use vpp_wire::VppError;
use vpp_wire::bootstrap::ControlPing;

async fn connect(sim: &Sim) -> Client {
    let builder = Client::builder().socket(sim.socket()).name("test");
    let (client, connection) = builder.connect().await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn calls_succeed_fail_and_report_a_restart() {
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
    assert!(error.kind() == ErrorKind::Disconnected, "{error}");
}

#[tokio::test]
async fn an_earlier_release_lacks_messages() {
    let builder = Sim::builder().release(Release::V23_02);
    let sim = builder.start().await.unwrap();
    let client = connect(&sim).await;
    assert!(!client.supports::<MemifCreateV2>());
    assert!(client.supports::<SwInterfaceDump>());
}

#[tokio::test]
async fn each_restart_fails_all_pending_calls_and_restores_subscriptions() {
    const KILLS: usize = 100;
    const CALLS: usize = 160;
    let held = FaultRule::new("show_version", Fault::Hold);
    let builder = Sim::builder().faults([held]);
    let sim = builder.start().await.unwrap();
    let millisecond = Duration::from_millis(1);
    let policy = ReconnectPolicy::new()
        .first_delay(millisecond)
        .longest_delay(10 * millisecond);
    let builder = Client::builder().socket(sim.socket()).reconnect(policy);
    let (client, connection) = builder.connect().await.unwrap();
    let connection = tokio::spawn(connection);
    let mut events = client.subscribe::<WantInterfaceEvents>().await.unwrap();
    for _ in 0..KILLS {
        let calls: Vec<_> = (0..CALLS).map(|_| client.call(ShowVersion {})).collect();
        // VPP replies in order, so all calls have arrived before this one.
        client.call(ControlPing {}).await.unwrap();
        sim.restart();
        for call in calls {
            let error = call.await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Disconnected, "{error}");
            assert_eq!(error.effect(), Effect::Unknown, "{error}");
        }
        assert_eq!(events.next().await.unwrap().unwrap(), Notice::Restored);
        let created = client.call(CreateLoopback::default()).await.unwrap();
        let event = events.next().await.unwrap().unwrap().event().unwrap();
        assert_eq!(event.sw_if_index, created.sw_if_index);
    }
    let counters = client.counters();
    assert_eq!((counters.connects, counters.in_flight), (101, 0));
    client.disconnect().await;
    connection.await.unwrap().unwrap();
}
