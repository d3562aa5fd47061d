use std::thread;
use std::time::{Duration, Instant};

use vpp_client::events::Notice;

use super::{Server, answer_with_events};
use crate::messages::{Echo, Tick, WantTicks};

fn tick(number: u32) -> Notice<Tick> {
    Notice::Event(Tick { pid: 0, number })
}

#[test]
fn next_timeout_returns_in_time_and_later_events_are_returned() {
    let server = Server::new();
    let played = server.serve(answer_with_events);
    let client = server.connect();
    let mut ticks = client.subscribe::<WantTicks>().unwrap();
    for number in 0..3 {
        let started = Instant::now();
        assert!(ticks.next_timeout(Duration::from_millis(80)).is_none());
        let elapsed = started.elapsed();
        assert!(elapsed >= Duration::from_millis(80), "{elapsed:?}");
        assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
        client.call(Echo { value: number }).unwrap();
        let event = ticks.next_timeout(Duration::from_secs(60));
        assert_eq!(event.unwrap().unwrap(), tick(number));
    }
    assert!(ticks.next_timeout(Duration::ZERO).is_none());
    drop((client, ticks));
    assert!(played.join().unwrap());
}

#[test]
fn next_timeout_returns_in_time_while_another_thread_waits_forever() {
    let server = Server::new();
    let played = server.serve(answer_with_events);
    let client = server.connect();
    let mut unlimited = client.subscribe::<WantTicks>().unwrap();
    let mut ticks = client.events::<Tick>().unwrap();
    thread::scope(|scope| {
        let waiting = scope.spawn(move || unlimited.next().unwrap().unwrap());
        let started = Instant::now();
        for _ in 0..3 {
            assert!(ticks.next_timeout(Duration::from_millis(50)).is_none());
        }
        assert!(started.elapsed() < Duration::from_secs(10));
        client.call(Echo { value: 7 }).unwrap();
        assert_eq!(waiting.join().unwrap(), tick(7));
        assert_eq!(ticks.next().unwrap().unwrap(), tick(7));
    });
    drop((client, ticks));
    assert!(played.join().unwrap());
}

#[test]
fn event_wakes_a_thread_without_other_calls() {
    let server = Server::new();
    let (send, mut sent) = tokio::sync::mpsc::unbounded_channel::<u32>();
    let played = server.serve(async move |mut peer| {
        peer.confirm().await;
        while let Some(number) = sent.recv().await {
            peer.send_tick(0, number).await;
        }
        peer.expect::<WantTicks>().await;
        peer.answer_next().await;
    });
    let client = server.connect();
    let mut ticks = client.subscribe::<WantTicks>().unwrap();
    for number in 0..100 {
        send.send(number).unwrap();
        assert_eq!(ticks.next().unwrap().unwrap(), tick(number));
    }
    // Events also arrive while no thread waits for them.
    send.send(100).unwrap();
    while client.counters().events < 101 {
        thread::yield_now();
    }
    assert_eq!(
        ticks.next_timeout(Duration::ZERO).unwrap().unwrap(),
        tick(100)
    );
    drop(send);
    drop((client, ticks));
    played.join().unwrap();
}
