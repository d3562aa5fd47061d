//! Generates the modules whose features are enabled.

use std::error::Error;

use vpp_codegen::Builder;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=VPP_API_DIR");
    let definitions = match std::env::var_os("VPP_API_DIR") {
        Some(folder) => folder.into(),
        None => std::path::PathBuf::from(vpp_api_json::LATEST),
    };
    let feature = |name: &str| std::env::var_os(format!("CARGO_FEATURE_{name}")).is_some();
    let builder = Builder::new(definitions)
        .serde(feature("SERDE"))
        .registry(feature("REGISTRY"));
    let builder = if feature("ALL_MODULES") {
        builder
    } else {
        builder.modules_of_features(vpp_api_json::MODULES)
    };
    Ok(builder.generate_in_out_dir()?)
}
