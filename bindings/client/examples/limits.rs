//! How close the client comes to a program that writes and reads the same bytes.
//!
//! A thread plays VPP over a socket pair: it answers pings and one dump, from canned
//! bytes. The same peer is asked once by plain blocking reads and writes and once by the
//! client. Run it with `cargo run --release -p vpp-client --example limits`.
//!
//! The first figures are of a peer that answers at once: they show what the client
//! itself costs. The last are of a peer that takes as long as VPP 26.06 was measured to
//! take, 3.7 µs for a ping and 1 µs for an interface: they show what is left of VPP's pace.

#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot go on has nothing to say"
)]

use std::alloc::{GlobalAlloc, Layout as Memory, System};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use vpp_client::{Client, Error};
use vpp_wire::bootstrap::{
    ControlPing, ControlPingReply, MessageTableEntry, SOCKCLNT_CREATE_ID, SOCKCLNT_CREATE_REPLY_ID,
    SockclntCreateReply,
};
use vpp_wire::{
    DecodeError, Dump, EncodeError, FixedString, Header, Layout, Message, Reader, Wire, Writer,
    frame,
};

const PING: u16 = 100;
const PONG: u16 = 101;
const DUMP: u16 = 102;
const DETAILS: u16 = 103;
const CALLS: usize = 400_000;
const BURST: usize = 1000;
const ITEMS: usize = 5005;
const DUMPS: usize = 100;

/// Whether the peer takes its time.
static PACED: AtomicBool = AtomicBool::new(false);

/// As long as VPP takes for an answer.
fn work(nanoseconds: u64) {
    if PACED.load(Relaxed) {
        let until = Instant::now() + Duration::from_nanos(nanoseconds);
        while Instant::now() < until {
            std::hint::spin_loop();
        }
    }
}

/// Counts what is allocated.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

#[allow(
    unsafe_code,
    reason = "a global allocator is unsafe to write, and only counts here"
)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, memory: Memory) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.alloc(memory) }
    }

    unsafe fn dealloc(&self, at: *mut u8, memory: Memory) {
        unsafe { System.dealloc(at, memory) }
    }

    unsafe fn realloc(&self, at: *mut u8, memory: Memory, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        unsafe { System.realloc(at, memory, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// As large as `sw_interface_dump`.
#[derive(Debug, Clone)]
struct Interfaces;

/// As large as `sw_interface_details`.
#[derive(Debug, Clone)]
struct Interface {
    index: u32,
    numbers: [u32; 24],
    name: FixedString<64>,
    device: FixedString<64>,
    tag: FixedString<61>,
}

impl Message for Interfaces {
    const NAME: &'static str = "interfaces_dump";
    const CRC: u32 = 1;
    const KEY: &'static str = "interfaces_dump_00000001";
    const LAYOUT: Layout = Layout::REQUEST;
}

impl Message for Interface {
    const NAME: &'static str = "interfaces_details";
    const CRC: u32 = 2;
    const KEY: &'static str = "interfaces_details_00000002";
    const LAYOUT: Layout = Layout::REPLY;
}

impl Dump for Interfaces {
    type Details = Interface;
}

impl Wire for Interfaces {
    const MIN_SIZE: usize = 0;

    fn encode(&self, _: &mut Writer<'_>) -> Result<(), EncodeError> {
        Ok(())
    }

    fn decode(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

impl Wire for Interface {
    const MIN_SIZE: usize = 289;

    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.index.encode(out)?;
        self.numbers.encode(out)?;
        self.name.encode(out)?;
        self.device.encode(out)?;
        self.tag.encode(out)
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            index: from.field("index")?,
            numbers: from.field("numbers")?,
            name: from.field("name")?,
            device: from.field("device")?,
            tag: from.field("tag")?,
        })
    }
}

fn put<M: Message>(message: &M, id: u16, context: u32, out: &mut Vec<u8>) {
    let header = Header {
        client_index: 1,
        context,
    };
    frame::encode(message, id, header, frame::MAX_PAYLOAD, out).expect("fixed messages fit");
}

/// Answers until the socket closes; what it sends was encoded before.
fn peer(mut io: UnixStream) {
    let mut dump = Vec::new();
    for index in (0..).take(ITEMS) {
        let name = FixedString::new("memif0/0").expect("it fits");
        let (device, tag) = (FixedString::default(), FixedString::default());
        let item = Interface {
            index,
            numbers: [7; 24],
            name,
            device,
            tag,
        };
        put(&item, DETAILS, 0, &mut dump);
    }
    let item = dump.len() / ITEMS;
    let mut input = vec![0; 256 << 10];
    let (mut end, mut out) = (0, Vec::new());
    loop {
        let mut at = 0;
        while let Ok(Some(found)) = frame::split(&input[at..end], frame::MAX_PAYLOAD) {
            let id = found.id();
            let place = if id == SOCKCLNT_CREATE_ID { 2 } else { 6 };
            let context: [u8; 4] = found.payload[place..place + 4].try_into().expect("four");
            let number = u32::from_be_bytes(context);
            at += found.size;
            match id {
                SOCKCLNT_CREATE_ID => put(&table(), SOCKCLNT_CREATE_REPLY_ID, number, &mut out),
                PING => {
                    work(3700);
                    put(&ControlPingReply::default(), PONG, number, &mut out);
                }
                DUMP => {
                    for item in dump.chunks_exact_mut(item) {
                        work(1000);
                        item[18..22].copy_from_slice(&context);
                        out.extend_from_slice(item);
                        // VPP writes 4 KiB at a time.
                        if PACED.load(Relaxed) && out.len() > 4096 {
                            if io.write_all(&out).is_err() {
                                return;
                            }
                            out.clear();
                        }
                    }
                }
                _ => return,
            }
        }
        input.copy_within(at..end, 0);
        end -= at;
        if io.write_all(&out).is_err() {
            return;
        }
        out.clear();
        // VPP reads 4 KiB at a time.
        let room = if PACED.load(Relaxed) {
            end + 4096
        } else {
            input.len()
        };
        match io.read(&mut input[end..room]) {
            Ok(0) | Err(_) => return,
            Ok(count) => end += count,
        }
    }
}

fn table() -> SockclntCreateReply {
    let ids = [
        (ControlPing::KEY, PING),
        (ControlPingReply::KEY, PONG),
        (Interfaces::KEY, DUMP),
        (Interface::KEY, DETAILS),
    ];
    let entry = |(key, index): &(&str, u16)| MessageTableEntry {
        index: *index,
        name: FixedString::new(key).expect("it fits"),
    };
    SockclntCreateReply {
        index: 1,
        message_table: ids.iter().map(entry).collect(),
        ..Default::default()
    }
}

fn report(what: &str, count: usize, started: Instant, allocations: u64) -> f64 {
    let rate = count as f64 / started.elapsed().as_secs_f64();
    let each = (ALLOCATIONS.load(Relaxed) - allocations) as f64 / count as f64;
    println!("{what:48} {rate:>12.0} /s {each:>8.3} allocations each");
    rate
}

/// Bytes to write at once, as often as asked, and the bytes that then come back.
fn raw(what: &str, request: &[u8], answer: usize, rounds: usize, count: usize) -> f64 {
    let (mut near, far) = UnixStream::pair().expect("a socket pair");
    let peer = thread::spawn(move || peer(far));
    let mut input = vec![0; 256 << 10];
    let (started, allocations) = (Instant::now(), ALLOCATIONS.load(Relaxed));
    for _ in 0..rounds {
        near.write_all(request).expect("the peer reads");
        let mut left = answer;
        while left > 0 {
            let count = near.read(&mut input).expect("the peer answers");
            // The least that a reader has to do: find every frame.
            left -= count;
        }
    }
    let rate = report(what, count, started, allocations);
    drop(near);
    peer.join().expect("the peer ends");
    rate
}

async fn connect() -> Result<Client, Error> {
    let (near, far) = UnixStream::pair().expect("a socket pair");
    thread::spawn(move || peer(far));
    near.set_nonblocking(true).expect("a socket");
    let near = tokio::net::UnixStream::from_std(near).expect("a runtime");
    let (client, connection) = Client::builder().handshake(near).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn one_at_a_time(kind: &str) -> Result<(), Error> {
    let client = connect().await?;
    let (started, allocations) = (Instant::now(), ALLOCATIONS.load(Relaxed));
    for _ in 0..CALLS / 10 {
        client.call(ControlPing {}).await?;
    }
    report(
        &format!("one at a time, {kind}"),
        CALLS / 10,
        started,
        allocations,
    );
    Ok(())
}

async fn pipelined(kind: &str) -> Result<f64, Error> {
    let client = connect().await?;
    let mut calls = Vec::with_capacity(BURST);
    let (started, allocations) = (Instant::now(), ALLOCATIONS.load(Relaxed));
    for _ in 0..CALLS / BURST {
        calls.extend((0..BURST).map(|_| client.call(ControlPing {})));
        for call in calls.drain(..) {
            call.await?;
        }
    }
    Ok(report(
        &format!("pipelined by {BURST}, {kind}"),
        CALLS,
        started,
        allocations,
    ))
}

async fn callers(count: usize, kind: &str) -> Result<(), Error> {
    let client = connect().await?;
    let (started, allocations) = (Instant::now(), ALLOCATIONS.load(Relaxed));
    let task = |client: Client| async move {
        for _ in 0..CALLS / count {
            client.call(ControlPing {}).await?;
        }
        Ok::<_, Error>(())
    };
    let tasks: Vec<_> = (0..count)
        .map(|_| tokio::spawn(task(client.clone())))
        .collect();
    for task in tasks {
        task.await.expect("no panic")?;
    }
    report(
        &format!("{count} callers, {kind}"),
        CALLS,
        started,
        allocations,
    );
    Ok(())
}

async fn dumps(kind: &str) -> Result<f64, Error> {
    let client = connect().await?;
    let (started, allocations) = (Instant::now(), ALLOCATIONS.load(Relaxed));
    for _ in 0..DUMPS {
        let mut dump = client.dump(Interfaces);
        let mut count = 0;
        while let Some(item) = dump.next().await {
            count += usize::from(item?.numbers[3] == 7);
        }
        assert_eq!(count, ITEMS);
    }
    Ok(report(
        &format!("details of a dump, {kind}"),
        DUMPS * ITEMS,
        started,
        allocations,
    ))
}

fn main() -> Result<(), Error> {
    measure()?;
    println!("\nat VPP's pace");
    PACED.store(true, Relaxed);
    measure()
}

fn measure() -> Result<(), Error> {
    let (mut pings, mut pong, mut dump) = (Vec::new(), Vec::new(), Vec::new());
    put(&ControlPing {}, PING, 1, &mut pings);
    let one = pings.clone();
    for _ in 1..BURST {
        put(&ControlPing {}, PING, 1, &mut pings);
    }
    put(&ControlPingReply::default(), PONG, 1, &mut pong);
    put(&Interfaces, DUMP, 1, &mut dump);
    put(&ControlPing {}, PING, 1, &mut dump);
    let answer = ITEMS * (frame::HEADER + 295) + pong.len();

    let single = CALLS / 10;
    raw(
        "one at a time, raw socket",
        &one,
        pong.len(),
        single,
        single,
    );
    let name = format!("pipelined by {BURST}, raw socket");
    let raw_calls = raw(&name, &pings, pong.len() * BURST, CALLS / BURST, CALLS);
    let name = "details of a dump, raw socket";
    let raw_items = raw(name, &dump, answer, DUMPS, DUMPS * ITEMS);
    for threads in [1, 2] {
        let kind = format!("{threads} threads");
        let mut runtime = match threads {
            1 => tokio::runtime::Builder::new_current_thread(),
            _ => tokio::runtime::Builder::new_multi_thread(),
        };
        let runtime = runtime
            .enable_all()
            .worker_threads(threads)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            one_at_a_time(&kind).await?;
            let calls = pipelined(&kind).await? / raw_calls;
            callers(64, &kind).await?;
            let items = dumps(&kind).await? / raw_items;
            println!("of the raw socket: calls {calls:.2}, dump {items:.2}");
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}
