//! Measures a whole release: generating its bindings, reading, comparing and compiling its
//! definitions, and the codec that interprets them. Two limits are measured, too: reading the
//! files as plain JSON, and parsing and formatting the generated text on one core.
//!
//! The definitions are those in `VPP_API_DIR`, or else those of the vendored release in
//! `../shared`, or else the vendored ones.

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use vpp_api_tools::{DiffOptions, diff, list};
use vpp_codegen::Builder;
use vpp_definitions::{Compiler, crcs};
use vpp_dynamic::{Codec, Header};
use vpp_tests::decompile::decompile_folder;
use vpp_tests::definitions::documents;

type Outcome = Result<(), Box<dyn Error>>;

/// A message with strings and enums, and one with many fields.
const MESSAGES: [&str; 2] = ["memif_create_v2", "sw_interface_details"];

fn release(name: &str) -> Option<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/api-json");
    Some(Path::new(folder).join(name)).filter(|folder| folder.is_dir())
}

fn generator(criterion: &mut Criterion) {
    let folder = std::env::var_os("VPP_API_DIR").map(PathBuf::from);
    let folder = folder.or_else(|| release(vpp_api_json::LATEST_RELEASE));
    let folder = folder.unwrap_or_else(|| vpp_api_json::LATEST.into());
    let outcome = whole(criterion, &folder).and_then(|()| codec(criterion, &folder));
    if let Err(error) = outcome {
        eprintln!("{}: {error}", folder.display());
    }
}

fn whole(criterion: &mut Criterion, folder: &Path) -> Outcome {
    let (text, out) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let modules = decompile_folder(folder, text.path())?.len();
    let (new, builder) = ([folder.to_owned()], Builder::new(folder));
    let old = [release("v24.06").unwrap_or_else(|| folder.to_owned())];
    let generated = builder.generate()?;
    let lines: usize = generated.iter().map(|file| file.text.lines().count()).sum();
    let (name, from) = (folder.display(), old[0].display());
    println!("{name}: {modules} modules, {lines} generated lines; diff from {from}");

    let mut group = criterion.benchmark_group("release");
    group.sample_size(20);
    group.bench_function("read as JSON (limit)", |bencher| {
        bencher.iter(|| documents(black_box(folder)));
    });
    group.bench_function("generate", |bencher| bencher.iter(|| builder.generate()));
    group.bench_function("generate to a folder, nothing changed", |bencher| {
        bencher.iter(|| builder.generate_to(out.path()));
    });
    group.bench_function("format (part of generate, one core)", |bencher| {
        bencher.iter(|| {
            let texts = generated.iter().map(|file| syn::parse_file(&file.text));
            texts
                .flatten()
                .map(|file| prettyplease::unparse(&file).len())
                .sum::<usize>()
        });
    });
    group.bench_function("compile", |bencher| {
        bencher.iter(|| Compiler::new().compile([text.path()]));
    });
    group.bench_function("crc", |bencher| {
        bencher.iter(|| crcs(&new, &[], &Compiler::new()));
    });
    group.bench_function("diff", |bencher| {
        bencher.iter(|| diff(&old, &new, &DiffOptions::default()));
    });
    group.bench_function("list", |bencher| bencher.iter(|| list(&new)));
    group.bench_function("codec", |bencher| bencher.iter(|| Codec::new(&new)));
    group.finish();
    Ok(())
}

fn codec(criterion: &mut Criterion, folder: &Path) -> Outcome {
    let codec = Codec::new([folder])?;
    for message in MESSAGES {
        let header = Header::default();
        let Ok(payload) = codec.encode(message, "{}", header) else {
            println!("{message} is not in the definitions");
            continue;
        };
        let json = codec.decode(message, &payload)?;
        let mut group = criterion.benchmark_group(format!("dynamic {message}"));
        group.bench_function("encode", |bencher| {
            bencher.iter(|| codec.encode(message, black_box(&json), header));
        });
        group.bench_function("decode", |bencher| {
            bencher.iter(|| codec.decode(message, black_box(&payload)));
        });
        group.finish();
    }
    Ok(())
}

criterion_group!(benches, generator);
criterion_main!(benches);
