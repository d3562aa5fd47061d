//! Whole releases: every module compiles without a warning and passes clippy, and every
//! message of v26.06 round-trips and equals its vectors.
//!
//! Each release becomes a crate of its own in Cargo's folder for test files. They are
//! built by the tests, not with them: whoever runs the tests has a clone and nothing else.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vpp_codegen::Builder;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn shared(path: &str) -> PathBuf {
    Path::new(ROOT).join("../shared").join(path)
}

/// A crate with the bindings of one release.
fn crate_of(release: &str, serde: bool, main: Option<&str>) -> PathBuf {
    let kind = match (main, serde) {
        (Some(_), _) => "program",
        (None, true) => "serde",
        (None, false) => "plain",
    };
    let name = format!("corpus-{release}-{kind}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    Builder::new(shared(&format!("api-json/{release}")))
        .serde(serde)
        .registry(main.is_some())
        .generate_to(folder.join("src/vpp"))
        .unwrap();
    let features = if serde { "\"serde\"" } else { "" };
    let tests = main.map_or(String::new(), |_| {
        format!(
            "vpp-tests = {{ path = \"{ROOT}/tests\" }}\n\
             vpp-codegen = {{ path = \"{ROOT}/codegen\", default-features = false }}"
        )
    });
    let manifest = format!(
        "[package]\nname = \"corpus\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\n\
         vpp-wire = {{ path = \"{ROOT}/bindings/wire\", features = [{features}] }}\n{tests}\n\
         [workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(
        Path::new(ROOT).join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .unwrap();
    let (file, text) = match main {
        Some(text) => ("main.rs", text),
        None => ("lib.rs", "//! Generated.\n\npub mod vpp;\n"),
    };
    fs::write(folder.join("src").join(file), text).unwrap();
    folder
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"),
        )
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {arguments:?} in {}:\n{errors}",
        folder.display()
    );
}

#[test]
#[ignore = "compiles whole releases, whose definitions .ci/run has in ../shared"]
fn every_module_of_every_release_passes_clippy() {
    for release in ["v23.02", "v24.06", "v26.06"] {
        for serde in [false, true] {
            let folder = crate_of(release, serde, None);
            cargo(
                &folder,
                &["clippy", "--offline", "--quiet", "--", "-D", "warnings"],
            );
        }
    }
}

#[test]
#[ignore = "compiles a whole release, whose definitions .ci/run has in ../shared"]
fn every_message_of_a_release_round_trips_and_equals_its_vectors() {
    let folder = crate_of("v26.06", true, Some(include_str!("../corpus/main.rs")));
    let vectors = shared("vectors/v26.06");
    cargo(
        &folder,
        &[
            "run",
            "--offline",
            "--quiet",
            "--",
            shared("api-json/v26.06").to_str().unwrap(),
            vectors.to_str().unwrap(),
        ],
    );
}
