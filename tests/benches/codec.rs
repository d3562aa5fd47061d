//! Measures encoding and decoding of a small, a wide and a long message. A plain copy of the
//! same bytes is the limit.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use vpp_bindings::interface::SwInterfaceDetails;
use vpp_bindings::l2::{BridgeDomainDetails, BridgeDomainSwIf};
use vpp_bindings::memif::{MemifCreateV2, MemifRole};
use vpp_wire::{FixedString, Header, Message, decode_payload, encode_payload};

fn codec(criterion: &mut Criterion) {
    let text = |text| FixedString::new(text).unwrap_or_default();
    bench(
        criterion,
        &MemifCreateV2 {
            role: MemifRole::SLAVE,
            id: 7,
            secret: text("secret"),
            ..Default::default()
        },
    );
    bench(
        criterion,
        &SwInterfaceDetails {
            interface_name: FixedString::new("memif1/0").unwrap_or_default(),
            tag: FixedString::new("pod").unwrap_or_default(),
            ..Default::default()
        },
    );
    bench(
        criterion,
        &BridgeDomainDetails {
            bd_id: 5,
            sw_if_details: vec![BridgeDomainSwIf::default(); 100],
            ..Default::default()
        },
    );
}

fn bench<M: Message>(criterion: &mut Criterion, message: &M) {
    let header = Header {
        client_index: 0x8000_0001,
        context: 7,
    };
    let mut bytes = Vec::new();
    if let Err(error) = encode_payload(message, 1, header, &mut bytes) {
        eprintln!("{error}");
        return;
    }
    let mut group = criterion.benchmark_group(M::NAME);
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let mut out = Vec::with_capacity(bytes.len());
    group.bench_function("copy", |bencher| {
        bencher.iter(|| {
            out.clear();
            out.extend_from_slice(black_box(&bytes));
        });
    });
    group.bench_function("encode", |bencher| {
        bencher.iter(|| {
            out.clear();
            encode_payload(black_box(message), 1, header, &mut out)
        });
    });
    group.bench_function("decode", |bencher| {
        bencher.iter(|| decode_payload::<M>(black_box(&bytes)));
    });
    group.finish();
}

criterion_group!(benches, codec);
criterion_main!(benches);
