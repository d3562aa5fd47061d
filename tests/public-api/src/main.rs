//! Compares the public API of every published library with its text file in this folder.
//!
//! ```console
//! $ cargo run --manifest-path tests/public-api/Cargo.toml
//! $ cargo run --manifest-path tests/public-api/Cargo.toml -- --update
//! ```
//!
//! Without `--update` it prints the differences and exits with status 1 if there are any. It
//! documents each crate with the features of `[package.metadata.docs.rs]`.

use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use serde_json::Value;
use similar::TextDiff;

/// The toolchain whose rustdoc JSON the crate `public-api` reads. It is also the MSRV.
const TOOLCHAIN: &str = "+1.95.0";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let update = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--update") => true,
        Some(other) => return Err(format!("unknown argument {other}, expected --update").into()),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = folder.join("../..").canonicalize()?;
    let target = root.join("target/public-api");
    let packages = published_libraries(&root)?;
    let mut differences = 0;
    for package in &packages {
        let found = public_api(&root, &target, package)?;
        let file = folder.join(format!("{}.txt", package.name));
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found == expected {
            continue;
        }
        if update {
            fs::write(&file, &found)?;
            println!("updated {}", file.display());
            continue;
        }
        differences += 1;
        let diff = TextDiff::from_lines(&expected, &found);
        let headers = (format!("{} (recorded)", package.name), "now".to_owned());
        let mut diff = diff.unified_diff();
        println!("{}", diff.context_radius(0).header(&headers.0, &headers.1));
    }
    for file in obsolete(folder, &packages)? {
        if update {
            fs::remove_file(folder.join(&file))?;
            println!("removed {file}");
        } else {
            differences += 1;
            println!("{file}: no such crate is published");
        }
    }
    if differences > 0 {
        eprintln!(
            "{differences} crates or files differ; if this is intended, run with \
             --update, commit the text files and add the change to CHANGELOG.md"
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// A published library.
struct Package {
    name: String,
    /// Cargo's options for its features.
    features: Vec<String>,
}

fn published_libraries(root: &Path) -> Result<Vec<Package>, Box<dyn Error>> {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = cargo.current_dir(root).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let mut packages: Vec<_> = packages
        .filter(|package| package["publish"].is_null() && has_library(package))
        .map(|package| Package {
            name: text(&package["name"]),
            features: features(package),
        })
        .collect();
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}

fn has_library(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    let mut kinds = targets.flat_map(|target| target["kind"].as_array().into_iter().flatten());
    kinds.any(|kind| kind == "lib")
}

fn features(package: &Value) -> Vec<String> {
    // Its generated modules are large and follow the definitions. This is the rest.
    if package["name"] == "vpp-bindings" {
        let features = ["--no-default-features", "--features", "blocking,registry"];
        return features.map(str::to_owned).to_vec();
    }
    let options = &package["metadata"]["docs.rs"];
    let mut arguments = Vec::new();
    if options["all-features"] == true {
        arguments.push("--all-features".to_owned());
    }
    if options["no-default-features"] == true {
        arguments.push("--no-default-features".to_owned());
    }
    for feature in options["features"].as_array().into_iter().flatten() {
        arguments.extend(["--features".to_owned(), text(feature)]);
    }
    arguments
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// One line per item.
fn public_api(root: &Path, target: &Path, package: &Package) -> Result<String, Box<dyn Error>> {
    let mut cargo = Command::new("cargo");
    cargo.args([TOOLCHAIN, "rustdoc", "--quiet", "--lib"]);
    cargo.args(["--package", &package.name]);
    cargo.args(&package.features);
    cargo.arg("--target-dir").arg(target);
    cargo.args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    cargo.args(["--cap-lints", "allow"]);
    // rustdoc of a stable release writes JSON only with this.
    cargo.env("RUSTC_BOOTSTRAP", "1").env_remove("VPP_API_DIR");
    // Set by `cargo run` for the toolchain that compiled this program.
    cargo.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    if !cargo.current_dir(root).status()?.success() {
        return Err(format!("cannot document {}", package.name).into());
    }
    let file = format!("doc/{}.json", package.name.replace('-', "_"));
    let json = public_api::Builder::from_rustdoc_json(target.join(file))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true);
    let written = json.clone().omit_auto_derived_impls(true).build()?;
    let written: HashSet<String> = written.items().map(ToString::to_string).collect();
    let all = json.build()?;
    // A derived trait is one line, without its methods.
    let lines = all.items().map(ToString::to_string).filter(|line| {
        let is_derived = line.starts_with("impl") && !line.contains("StructuralPartialEq");
        written.contains(line) || is_derived
    });
    Ok(lines.map(|line| format!("{line}\n")).collect())
}

/// Text files of crates that are not published any more.
fn obsolete(folder: &Path, packages: &[Package]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut obsolete = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let known = |stem: &str| packages.iter().any(|package| package.name == stem);
        if name.strip_suffix(".txt").is_some_and(|stem| !known(stem)) {
            obsolete.push(name);
        }
    }
    Ok(obsolete)
}
