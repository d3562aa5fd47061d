use std::time::Duration;

use vpp_client::{Builder, ErrorKind};
use vpp_wire::VppError;
use vpp_wire::bootstrap::{ControlPing, ControlPingReply};

use crate::messages::{Changed, ChangedDump, Cli, Echo, EchoReply, Missing, Notify};
use crate::peer::{serve, start};

#[tokio::test]
async fn call_returns_its_reply() {
    let client = serve().await;
    let pong = client.call(ControlPing {}).await.unwrap();
    assert_eq!(pong.vpe_pid, 42);
    assert_eq!(client.call(Echo { value: 7 }).await.unwrap().value, 7);
}

#[tokio::test]
async fn calls_are_queued_in_order_and_answered_in_any_order() {
    let (client, mut peer) = start(Builder::new()).await;
    let first = client.call(Echo { value: 1 });
    client.send(Notify { value: 2 }).unwrap();
    let third = client.call(Echo { value: 3 });
    let (one, echo) = peer.expect::<Echo>().await;
    assert_eq!(echo.value, 1);
    assert_eq!(peer.expect::<Notify>().await.1.value, 2);
    let (three, _) = peer.expect::<Echo>().await;
    peer.send(
        &EchoReply {
            retval: 0,
            value: 30,
        },
        three,
    )
    .await;
    assert_eq!(third.await.unwrap().value, 30);
    peer.send(
        &EchoReply {
            retval: 0,
            value: 10,
        },
        one,
    )
    .await;
    assert_eq!(first.await.unwrap().value, 10);
}

#[tokio::test]
async fn refusal_has_the_error_number_and_the_reply() {
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 1 });
    let (context, _) = peer.expect::<Echo>().await;
    peer.send(
        &EchoReply {
            retval: -79,
            value: 5,
        },
        context,
    )
    .await;
    let error = call.await.unwrap_err();
    assert!(error.kind() == ErrorKind::Api);
    assert_eq!(error.vpp_error(), Some(VppError(-79)));
    assert_eq!(error.reply::<EchoReply>().unwrap().value, 5);
    assert_eq!(error.reply::<ControlPingReply>(), None);
    assert!(
        error
            .to_string()
            .starts_with("echo: VPP answered -79 (IF_ALREADY_EXISTS")
    );
}

#[tokio::test]
async fn incompatible_messages_are_not_sent() {
    let client = serve().await;
    let error = client.call(Missing {}).await.unwrap_err();
    assert!(error.kind() == ErrorKind::MessageUnknown);
    assert_eq!(error.to_string(), "this VPP does not have missing");
    let error = client.call(Changed {}).await.unwrap_err();
    assert!(error.kind() == ErrorKind::CrcMismatch);
    assert_eq!(
        error.to_string(),
        "changed differs: this program has CRC 0000000c, VPP 26.06-simple has 0000cccc; \
         generate the bindings from this VPP's API files"
    );
    let error = client.dump(ChangedDump {}).all().await.unwrap_err();
    assert!(
        error.to_string().contains("VPP 26.06-simple has 0000dddd"),
        "{error}"
    );
    let error = client.call(Cli::default()).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Forbidden, "{error}");
}

#[tokio::test(start_paused = true)]
async fn call_without_an_answer_times_out() {
    let (client, mut peer) = start(Builder::new()).await;
    let started = tokio::time::Instant::now();
    let slow = client
        .with_timeout(Duration::from_secs(60))
        .call(Echo { value: 1 });
    let error = client.call(Echo { value: 2 }).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Timeout);
    assert_eq!(error.to_string(), "echo: no answer from VPP within 5s");
    assert_eq!(started.elapsed().as_secs(), 5);
    assert!(slow.await.unwrap_err().kind() == ErrorKind::Timeout);
    assert_eq!(started.elapsed().as_secs(), 60);
    drop(peer.next().await);
}
