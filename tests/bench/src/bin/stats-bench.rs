//! How long reading the stats segment takes, beside a plain copy of the same bytes.
//!
//! The simulator serves a segment with many interfaces. `--hold` keeps it for other clients.

use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use vpp_bindings::client::Client;
use vpp_bindings::interface::CreateLoopback;
use vpp_sim::{Sim, SimThread};
use vpp_stats::views::Interfaces;
use vpp_stats::{Query, Selection, Stats, Value};

/// Measure the reader of the stats segment.
#[derive(Parser)]
struct Options {
    /// The number of interfaces.
    #[arg(long, default_value_t = 5000)]
    interfaces: u32,
    /// The number of runs of each measurement. The fastest counts.
    #[arg(long, default_value_t = 20)]
    runs: u32,
    /// Measure the VPP at this stats socket instead of the simulator.
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Print the socket and wait for so many seconds, for other clients.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    hold: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let (socket, _sim) = match &options.socket {
        Some(socket) => (socket.clone(), None),
        None => {
            let socket = folder.path().join("stats.sock");
            let sim = simulate(&socket, options.interfaces)?;
            (socket, Some(sim))
        }
    };
    let mut stats = Stats::connect(&socket)?;

    let first = Instant::now();
    let mut everything = stats.query(Selection::all())?;
    let first = first.elapsed();
    let bytes: usize = everything.items().iter().map(|it| size(&it.value)).sum();
    let words = vec![1_u64; bytes / 8];
    let mut copies = vec![0_u64; words.len()];
    let copy = fastest(options.runs, || {
        copies.copy_from_slice(black_box(&words));
        black_box(&copies);
        Ok(())
    })?;
    let again = fastest(options.runs, || Ok(stats.read(&mut everything)?))?;
    let mut view = Interfaces::new();
    let interfaces = fastest(options.runs, || {
        view.read(&mut stats)?;
        Ok(())
    })?;
    let mut ten = Query::new(Selection::names(TEN));
    stats.read(&mut ten)?;
    let batch = 10_000;
    let prepared = fastest(options.runs, || {
        for _ in 0..batch {
            stats.read(&mut ten)?;
        }
        Ok(())
    })? / batch;

    let entries = everything.items().len();
    println!("segment: {entries} entries, {bytes} bytes of values");
    println!("plain copy of that many bytes  {copy:>12.1?}");
    println!("everything, first reading      {first:>12.1?}");
    let ratio = again.as_secs_f64() / copy.as_secs_f64();
    println!("everything, read again         {again:>12.1?}  {ratio:.1} times the copy");
    println!("view of all interfaces         {interfaces:>12.1?}");
    println!("prepared query of 10 numbers   {prepared:>12.1?}");
    if options.hold > 0 {
        println!("holding {} for {} s", socket.display(), options.hold);
        std::thread::sleep(Duration::from_secs(options.hold));
    }
    Ok(())
}

/// Numbers of the whole VPP, and one counter of one interface.
const TEN: [&str; 10] = [
    "/sys/heartbeat",
    "/sys/last_stats_clear",
    "/sys/boottime",
    "/sys/vector_rate",
    "/sys/num_worker_threads",
    "/sys/last_update",
    "/sys/input_rate",
    "/interfaces/loop0/rx",
    "/interfaces/loop0/tx",
    "/interfaces/loop0/drops",
];

fn simulate(socket: &std::path::Path, interfaces: u32) -> Result<SimThread, Box<dyn Error>> {
    /// What an interface needs: counters, a name, and 17 symlinks of 144 bytes.
    const BYTES_PER_INTERFACE: usize = 16 << 10;
    let size = (32 << 20) + BYTES_PER_INTERFACE * interfaces as usize;
    let builder = Sim::builder().stats_socket(socket).stats_size(size);
    let sim = builder.start_thread()?;
    let client = Client::builder().socket(sim.socket()).connect_blocking()?;
    for _ in 0..interfaces {
        client.call(CreateLoopback::default())?;
    }
    Ok(sim)
}

fn fastest(
    runs: u32,
    mut run: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let mut fastest = Duration::MAX;
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        run()?;
        fastest = fastest.min(start.elapsed());
    }
    Ok(fastest)
}

fn size(value: &Value) -> usize {
    match value {
        Value::Simple(counters) => 8 * counters.rows().map(<[_]>::len).sum::<usize>(),
        Value::Combined(counters) => 16 * counters.rows().map(<[_]>::len).sum::<usize>(),
        Value::Names(names) => names.iter().flatten().map(str::len).sum(),
        _ => 8,
    }
}
