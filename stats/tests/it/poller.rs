use std::time::Duration;

use vpp_stats::{Poller, Query, Selection};

use crate::segment::{interfaces, open};

fn poller() -> Poller {
    let segment = interfaces(&[Some("local0")], &[[1, 2]], &[3]);
    let query = Query::new(Selection::names(["/sys/heartbeat"]));
    Poller::new(open(segment.finish()), query, Duration::from_millis(1))
}

#[tokio::test]
async fn each_reading_returns_the_query() {
    let mut poller = poller();
    for _ in 0..3 {
        let query = poller.next().await.unwrap();
        assert_eq!(query.items()[0].value.as_u64(), Some(7));
    }
    assert_eq!(poller.run(), 1);
}

#[tokio::test]
async fn a_cancelled_reading_loses_nothing() {
    let mut poller = poller();
    for _ in 0..50 {
        // Each is cancelled at its first wait.
        tokio::select! {
            biased;
            _ = poller.next() => {}
            () = std::future::ready(()) => {}
        }
    }
    let query = poller.next().await.unwrap();
    assert_eq!(query.items()[0].value.as_u64(), Some(7));
}
