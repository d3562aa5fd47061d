//! The targets of the fuzzer: functions that take any bytes and panic on a fault.

#![allow(clippy::panic, reason = "a fuzz target reports a fault by panicking")]

use std::cell::RefCell;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use vpp_bindings::REGISTRY;
use vpp_definitions::Compiler;
use vpp_dynamic::Codec;
use vpp_stats::views::{Interfaces, Nodes};
use vpp_stats::{Query, Selection, Stats};
use vpp_wire::frame::{self, HEADER_SIZE};
use vpp_wire::trace::{TraceReader, TraceTable, TraceWriter};

use crate::allocations;

use super::{DECODED_SMALL_STRUCTS, Subject, check_payload, seeds};

/// A function to fuzz.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name of the function and of its program in the folder `fuzz`.
    pub name: &'static str,
    /// Panics if the input causes a fault.
    pub run: fn(&[u8]),
    /// The initial inputs.
    pub seeds: fn() -> Inputs,
}

/// Inputs of a target.
pub type Inputs = Result<Vec<Vec<u8>>, Box<dyn Error>>;

/// All targets.
pub const TARGETS: [Target; 6] = [
    Target {
        name: "frames",
        run: frames,
        seeds: frame_seeds,
    },
    Target {
        name: "decoder",
        run: decoder,
        seeds: decoder_seeds,
    },
    Target {
        name: "traces",
        run: traces,
        seeds: trace_seeds,
    },
    Target {
        name: "segment",
        run: segment,
        seeds: || {
            Ok(vec![
                super::segment::seed(false),
                super::segment::seed(true),
            ])
        },
    },
    Target {
        name: "compiler",
        run: compiler,
        seeds: || {
            read_inputs("api", |path| {
                path.extension().is_some_and(|end| end == "api")
            })
        },
    },
    Target {
        name: "definitions",
        run: definitions,
        seeds: || read_inputs("", |path| path.to_string_lossy().ends_with(".api.json")),
    },
];

/// The largest payload that the frame reader accepts.
const MAX_PAYLOAD: usize = 1 << 12;

/// Reads a stream that arrives in pieces. The frames and the final error have to be those of the
/// whole stream. The first byte of the input is the number of piece sizes that follow it.
///
/// # Panics
/// If the frames differ.
pub fn frames(input: &[u8]) {
    let Some((count, input)) = input.split_first() else {
        return;
    };
    let (sizes, stream) = input.split_at(usize::from(*count).min(input.len()));
    let whole = expected(stream);
    let pieces = in_pieces(stream, sizes);
    assert_eq!(pieces, whole, "in pieces of {sizes:?}");
}

/// The payloads of a stream, and whether an invalid header ends it.
type Read = (Vec<Vec<u8>>, bool);

fn in_pieces(mut stream: &[u8], sizes: &[u8]) -> Read {
    let mut sizes = sizes.iter().map(|size| usize::from(*size).max(1)).cycle();
    let (mut buffer, mut payloads) = (Vec::new(), Vec::new());
    loop {
        match frame::split(&buffer, MAX_PAYLOAD) {
            Err(_) => return (payloads, true),
            Ok(Some(frame)) => {
                assert_eq!(frame.size, HEADER_SIZE + frame.payload.len());
                assert_eq!(frame.id().to_be_bytes(), frame.payload[..2]);
                payloads.push(frame.payload.to_vec());
                let size = frame.size;
                buffer.drain(..size);
            }
            Ok(None) if stream.is_empty() => return (payloads, false),
            Ok(None) => {
                let size = sizes.next().unwrap_or(stream.len()).min(stream.len());
                let (piece, rest) = stream.split_at(size);
                buffer.extend_from_slice(piece);
                stream = rest;
            }
        }
    }
}

/// Reads a whole stream by the layout of VPP's header: eight bytes, the length, four bytes.
fn expected(mut stream: &[u8]) -> Read {
    let mut payloads = Vec::new();
    while let Some((header, rest)) = stream.split_at_checked(16) {
        let length = header[8..12]
            .iter()
            .fold(0, |length, byte| length << 8 | usize::from(*byte));
        if !(2..=MAX_PAYLOAD).contains(&length) {
            return (payloads, true);
        }
        let Some((payload, rest)) = rest.split_at_checked(length) else {
            break;
        };
        payloads.push(payload.to_vec());
        stream = rest;
    }
    (payloads, false)
}

fn frame_seeds() -> Inputs {
    let mut stream = Vec::new();
    for size in [2, 10, 500, MAX_PAYLOAD] {
        frame::wrap(&vec![7; size], &mut stream)?;
    }
    let with_sizes = |sizes: &[u8]| [sizes, &stream].concat();
    Ok(vec![
        with_sizes(&[0]),
        with_sizes(&[1, 1]),
        with_sizes(&[3, 16, 3, 255]),
    ])
}

/// The codec of the vendored definitions, which the registry is generated from.
static CODEC: LazyLock<Option<Codec>> = LazyLock::new(|| Codec::new([vpp_api_json::LATEST]).ok());

fn codec() -> Result<&'static Codec, &'static str> {
    CODEC.as_ref().ok_or("the vendored definitions are refused")
}

/// Checks a payload with [`check_payload`]. The first two bytes choose the message.
///
/// # Panics
/// If the codecs differ, one holds too much memory, or encoding changes the message.
pub fn decoder(input: &[u8]) {
    let Some((chosen, input)) = input.split_first_chunk() else {
        return;
    };
    let entries = REGISTRY.entries();
    let chosen = usize::from(u16::from_be_bytes(*chosen)) % entries.len();
    let subject = codec().map(|codec| Subject {
        codec,
        entry: &entries[chosen],
        bound: DECODED_SMALL_STRUCTS,
    });
    let checked = subject
        .map_err(str::to_owned)
        .and_then(|subject| check_payload(subject, input, true));
    assert_eq!(checked.map(drop), Ok(()));
}

fn decoder_seeds() -> Inputs {
    let codec = codec()?;
    let mut inputs = Vec::new();
    for (number, entry) in REGISTRY.entries().iter().enumerate() {
        let chosen = u16::try_from(number)?.to_be_bytes();
        let seeds = seeds(codec, entry.key)?;
        inputs.extend(seeds.iter().map(|seed| [&chosen[..], &seed.bytes].concat()));
    }
    Ok(inputs)
}

/// Reads a stats segment: lists it, and reads all values and views.
///
/// # Panics
///
/// If the values need more memory than their limit.
pub fn segment(input: &[u8]) {
    /// The limit of the values of one query.
    const LIMIT: usize = 1 << 20;
    let bytes: Box<[u8]> = input.into();
    let builder = Stats::builder()
        .timeout(Duration::from_millis(1))
        .memory_limit(LIMIT);
    let Ok(mut stats) = builder.from_bytes(bytes) else {
        return;
    };
    let ((), held) = allocations::peak(|| {
        let _ = stats.list(&Selection::all());
        let mut query = Query::new(Selection::all());
        for _ in 0..2 {
            let _ = stats.read(&mut query);
        }
        let printed = query
            .items()
            .iter()
            .map(|it| format!("{:?}", it.value).len());
        let _: usize = printed.sum();
        let _ = Interfaces::new().read(&mut stats).map(<[_]>::len);
        let _ = Nodes::new().read(&mut stats).map(<[_]>::len);
    });
    // Buffers grow by doubling, and text is longer than what it shows.
    let bound = 40 * LIMIT + 64 * input.len();
    assert!(held <= bound, "{held} bytes for {} bytes", input.len());
}

/// Reads a trace file. The memory is bounded by the input, and the records, written again, are
/// read back.
///
/// # Panics
/// If the reader holds too much memory, or the second reading differs.
pub fn traces(input: &[u8]) {
    let (read, held) = allocations::peak(|| read_trace(input));
    // The table takes a node and a string per entry of at least two bytes.
    let bound = 64 * input.len() + (1 << 18);
    assert!(held <= bound, "{held} bytes for {} bytes", input.len());
    let Some((table, records)) = read else {
        return;
    };
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let written = TraceWriter::new(Vec::new(), &table, count, false).and_then(|mut writer| {
        records.iter().try_for_each(|one| writer.record(one))?;
        writer.finish()
    });
    match written {
        Ok(file) => assert_eq!(read_trace(&file), Some((table, records))),
        Err(error) => panic!("cannot write what was read: {error}"),
    }
}

/// The table and the records up to the first error.
fn read_trace(bytes: &[u8]) -> Option<(TraceTable, Vec<Vec<u8>>)> {
    let mut reader = TraceReader::new(bytes).ok()?;
    let mut records = Vec::new();
    while let Ok(Some(record)) = reader.next_record() {
        records.push(record.payload.to_vec());
    }
    Some((reader.table().clone(), records))
}

fn trace_seeds() -> Inputs {
    let table: TraceTable = [
        (1, "a_00000001"),
        (128, "b_00000002"),
        (17_000, "c_00000003"),
    ]
    .into_iter()
    .map(|(id, key)| (id, key.to_owned()))
    .collect();
    let mut small = TraceWriter::new(Vec::new(), &table, 2, true)?;
    small.record(&[0, 1])?;
    small.record(&[0, 128, 3, 4, 5])?;
    let recorded =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/trace/vpp-26.06.trace"))?;
    Ok(vec![small.finish()?, recorded])
}

/// Compiles a file of VPP's API language. A success returns JSON, which [`definitions`] then
/// checks. A failure has an error text.
///
/// # Panics
/// If the compiler or the generator panics, or the document is not JSON.
pub fn compiler(input: &[u8]) {
    with_file("fuzzed.api", input, |path| {
        match Compiler::new().compile([path]) {
            Ok(compiled) => compiled.iter().for_each(|one| {
                let parsed = serde_json::from_str::<serde_json::Value>(&one.json);
                assert!(parsed.is_ok(), "{parsed:?} in {}", one.json);
                definitions(one.json.as_bytes());
            }),
            Err(error) => assert_ne!(error.to_string(), ""),
        }
    });
}

/// Reads a file of definitions and generates its bindings.
///
/// # Panics
/// If the generator panics, or only one of generator and codec accepts the file.
pub fn definitions(input: &[u8]) {
    with_file("fuzzed.api.json", input, |path| {
        let codec = Codec::new([path]);
        let generated = vpp_codegen::Builder::of([path]).serde(true).generate();
        match (codec, generated) {
            (Ok(_), Ok(_)) => {}
            (Err(codec), Err(generated)) => {
                assert_eq!(codec.to_string(), generated.to_string());
            }
            (codec, generated) => {
                let (codec, generated) = (codec.map(drop), generated.map(drop));
                panic!("{codec:?}, and {generated:?}");
            }
        }
    });
}

/// Runs with a file in a folder per thread, which is removed with the thread.
fn with_file(name: &str, bytes: &[u8], run: impl FnOnce(&Path)) {
    thread_local! {
        static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
    }
    let folder = FOLDER.with_borrow_mut(|folder| -> std::io::Result<PathBuf> {
        if folder.is_none() {
            *folder = Some(tempfile::tempdir()?);
        }
        Ok(folder
            .as_ref()
            .map(|folder| folder.path().to_owned())
            .unwrap_or_default())
    });
    let written = folder.and_then(|folder| {
        let path = folder.join(name);
        fs::write(&path, bytes).map(|()| path)
    });
    match written {
        Ok(path) => run(&path),
        Err(error) => panic!("cannot write {name}: {error}"),
    }
}

/// Reads the files below a folder of `inputs` that `wanted` accepts.
fn read_inputs(name: &str, wanted: fn(&Path) -> bool) -> Inputs {
    let mut folders = vec![
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("inputs")
            .join(name),
    ];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files.iter().map(fs::read).collect::<Result<_, _>>()?)
}
