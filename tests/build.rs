//! Generates a module of each file in `inputs/good`, so that the code in the snapshots also
//! compiles. Generates the same modules of two releases, for a program that uses both.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use vpp_codegen::Builder;

#[path = "src/replies.rs"]
mod replies;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/good");
    println!("cargo::rerun-if-changed={}", inputs.display());
    let mut files: Vec<_> = fs::read_dir(inputs)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut modules = String::new();
    let mut registries = String::new();
    let vendored = Builder::new(vpp_api_json::LATEST).generate()?;
    let mut all_replies = vec![("vpp_bindings".to_owned(), vendored)];
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.trim_end_matches(".api.json");
        let builder = Builder::new(&file).serde(true).registry(true);
        builder.generate_to(out.join(name))?;
        all_replies.push((format!("crate::inputs::{name}"), builder.generate()?));
        writeln!(
            modules,
            "/// Generated from `inputs/good/{name}.api.json`.\n\
             pub mod {name} {{ include!(concat!(env!(\"OUT_DIR\"), \"/{name}/mod.rs\")); }}"
        )?;
        writeln!(registries, "    (\"{name}\", &{name}::REGISTRY),")?;
    }
    writeln!(
        modules,
        "/// The registry of every input.\n\
         pub static REGISTRIES: &[(&str, &vpp_wire::registry::Registry)] = &[\n{registries}];"
    )?;
    fs::write(out.join("inputs.rs"), modules)?;
    fs::write(out.join("replies.rs"), replies::table(&all_replies))?;
    messages(&out)?;
    releases(&out)
}

/// Generates the messages of `inputs/messages.txt`, with types of another crate.
fn messages(out: &Path) -> Result<(), Box<dyn Error>> {
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/inputs/messages.txt");
    println!("cargo::rerun-if-changed={list}");
    let list = fs::read_to_string(list)?;
    let names = list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.ends_with(':'))
        .flat_map(|line| line.split('|').map(str::trim))
        .filter(|name| !name.is_empty());
    Builder::new(vpp_api_json::LATEST)
        .messages(names)
        .extern_module("interface_types", "::vpp_bindings::interface_types")?
        .generate_to(out.join("messages"))?;
    Ok(())
}

/// Generates `v23_02` and `v26_06`. For v26.06, `inputs/releases` has the modules that
/// `api-json` lacks.
fn releases(out: &Path) -> Result<(), Box<dyn Error>> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/releases");
    for folder in [inputs.as_path(), Path::new(vpp_api_json::V26_06)] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let modules = ["ikev2", "memif", "vpe"];
    Builder::new(inputs.join("v23.02"))
        .modules(modules)
        .generate_to(out.join("v23_02"))?;
    Builder::new(inputs.join("v26.06"))
        .input(vpp_api_json::V26_06)
        .modules(modules)
        .generate_to(out.join("v26_06"))?;
    Ok(())
}
