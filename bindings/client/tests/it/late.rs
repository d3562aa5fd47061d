//! Replies that arrive after their call has ended.

use vpp_client::{Builder, Client, ErrorKind};
use vpp_wire::bootstrap::ControlPingReply;

use crate::crossed::PseudoRandom;
use crate::messages::{Echo, EchoReply, ItemDump};
use crate::peer::{serve, start};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_on_many_threads_receive_their_own_replies() {
    let client = serve().await;
    let work = |client: Client, seed: u32| async move {
        let mut numbers = PseudoRandom(seed.into());
        for round in 0..200 {
            let value = seed << 16 | round;
            let items = numbers.below(40);
            let count = u32::try_from(items).unwrap();
            match numbers.below(4) {
                0 => drop(client.call(Echo { value: 0 })),
                1 => {
                    let mut dump = client.dump(ItemDump { count: 40 });
                    for index in 0..count / 2 {
                        assert_eq!(dump.next().await.unwrap().unwrap().index, index);
                    }
                }
                2 => {
                    let items = client.dump(ItemDump { count }).all().await.unwrap();
                    assert!(items.iter().map(|item| item.index).eq(0..count));
                }
                _ => assert_eq!(client.call(Echo { value }).await.unwrap().value, value),
            }
        }
    };
    let tasks: Vec<_> = (0..32)
        .map(|seed| tokio::spawn(work(client.clone(), seed)))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn reply_to_a_dropped_call_is_discarded() {
    let (client, mut peer) = start(Builder::new()).await;
    drop(client.call(Echo { value: 1 }));
    let next = client.call(Echo { value: 2 });
    let (dropped, _) = peer.expect::<Echo>().await;
    let (context, _) = peer.expect::<Echo>().await;
    assert_ne!(dropped, context);
    peer.send(
        &EchoReply {
            retval: 0,
            value: 1,
        },
        dropped,
    )
    .await;
    peer.send(
        &EchoReply {
            retval: 0,
            value: 2,
        },
        context,
    )
    .await;
    assert_eq!(next.await.unwrap().value, 2);
}

#[tokio::test]
async fn error_names_the_expected_and_the_unexpected_message() {
    let (client, mut peer) = start(Builder::new()).await;
    let call = client.call(Echo { value: 1 });
    let (context, _) = peer.expect::<Echo>().await;
    peer.send(&ControlPingReply::default(), context).await;
    let error = call.await.unwrap_err();
    assert!(error.kind() == ErrorKind::UnexpectedMessage);
    assert_eq!(
        error.to_string(),
        "echo: VPP answered with control_ping_reply_f6b0b8ca (id 119), \
         expected echo_reply_00000002 (id 101)"
    );
    let call = client.call(Echo { value: 2 });
    let (context, _) = peer.expect::<Echo>().await;
    peer.send_as(9999, &EchoReply::default(), context).await;
    assert!(call.await.unwrap_err().to_string().contains("id 9999"));
}
