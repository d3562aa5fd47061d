//! Crates with the bindings of whole releases, in Cargo's folder for test files. The tests build
//! them when they run, because a clone has no definitions of whole releases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vpp_codegen::{Builder, Generated};

use super::{ROOT, releases};

/// The options of the bindings.
#[derive(Clone, Copy, PartialEq)]
pub enum Bindings {
    /// Messages only.
    Plain,
    /// Messages, JSON and registry.
    Full,
}

/// A workspace with a package of bindings per release, and for full bindings with programs that
/// test them. It is one workspace so that Cargo builds on all cores.
pub struct Workspace(PathBuf);

impl Workspace {
    pub fn new(bindings: Bindings) -> Self {
        let (name, features) = match bindings {
            Bindings::Plain => ("corpus-plain", ""),
            Bindings::Full => ("corpus-full", "\"serde\""),
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let mut members = Vec::new();
        for (release, definitions) in releases() {
            let name = format!("bindings-{}", package(&release));
            let source = folder.join(&name).join("src");
            fs::create_dir_all(&source).unwrap();
            let builder = Builder::new(definitions)
                .serde(bindings == Bindings::Full)
                .registry(bindings == Bindings::Full);
            builder.generate_to(source.join("vpp")).unwrap();
            let wire = format!(
                "vpp-wire = {{ path = \"{ROOT}/bindings/wire\", features = [{features}] }}"
            );
            let text = "//! Generated.\n\npub mod vpp;\n";
            write_package(&folder, &name, &wire, "lib.rs", text);
            members.push(name);
            if bindings == Bindings::Full {
                let (corpus, fuzz) = (
                    include_str!("../../corpus/main.rs"),
                    include_str!("../../corpus/fuzz.rs"),
                );
                let files = builder.generate().unwrap();
                let name = write_program(&folder, &release, "corpus", corpus);
                write_replies(&folder.join(&name), files);
                members.push(name);
                members.push(write_program(&folder, &release, "fuzz", fuzz));
            }
        }
        // Without debug data and incremental builds it takes half the time. The crates that all
        // releases share are optimised, which pays off for millions of payloads. The bindings
        // are not, because that would take longer than the payloads.
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\
             [profile.dev]\ndebug = false\nincremental = false\n\
             [profile.dev.package.\"*\"]\nopt-level = 3\n"
        );
        write(&folder.join("Cargo.toml"), &manifest);
        let lock = fs::read_to_string(Path::new(ROOT).join("Cargo.lock")).unwrap();
        write(&folder.join("Cargo.lock"), &lock);
        Self(folder)
    }

    /// Runs Cargo in the workspace.
    pub fn cargo(&self, arguments: &[&str]) {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_QUIET", "true")
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let folder = self.0.display();
        let ok = output.status.success();
        assert!(ok, "cargo {arguments:?} in {folder}:\n{errors}");
    }
}

/// Runs the program of a release with its definitions and, if they exist, its vectors.
pub fn run_program(release: &str, arguments: &[&Path]) -> Result<(), String> {
    run(&program("corpus", release), arguments).map(drop)
}

/// Builds the fuzzer of a release and runs it on its definitions. Returns its output.
pub fn fuzz(workspace: &Workspace, release: &str, definitions: &Path) -> Result<String, String> {
    let name = program("fuzz", release);
    workspace.cargo(&["build", "--package", &name]);
    run(&name, &[definitions])
}

fn run(name: &str, arguments: &[&Path]) -> Result<String, String> {
    let program = target().join("debug").join(name);
    let output = Command::new(program).args(arguments).output().unwrap();
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name}: {}: {errors}", output.status))
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("target")
}

/// The name of a release as a part of a package name, which may not contain dots.
fn package(release: &str) -> String {
    release.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

fn program(kind: &str, release: &str) -> String {
    format!("{kind}-{}", package(release))
}

fn write_program(folder: &Path, release: &str, kind: &str, text: &str) -> String {
    let (name, bindings) = (
        program(kind, release),
        format!("bindings-{}", package(release)),
    );
    let dependencies = format!(
        "bindings = {{ package = \"{bindings}\", path = \"../{bindings}\" }}\n\
         vpp-tests = {{ path = \"{ROOT}/tests\" }}\n\
         vpp-dynamic = {{ path = \"{ROOT}/codegen/dynamic\" }}"
    );
    write_package(folder, &name, &dependencies, "main.rs", text);
    name
}

/// The table of all replies, which the program checks.
fn write_replies(package: &Path, files: Vec<Generated>) {
    let table = vpp_tests::replies::table(&[("bindings::vpp".to_owned(), files)]);
    let table = format!("use vpp_tests::retval::check;\n\n{table}");
    write(&package.join("src/replies.rs"), &table);
}

fn write_package(folder: &Path, name: &str, dependencies: &str, file: &str, text: &str) {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\n{dependencies}\n"
    );
    let source = folder.join(name).join("src");
    fs::create_dir_all(&source).unwrap();
    write(&folder.join(name).join("Cargo.toml"), &manifest);
    write(&source.join(file), text);
}

/// Writes a file only if it changes, so that Cargo does not rebuild it.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).unwrap();
}
