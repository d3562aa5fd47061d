//! Generates the bindings of this crate's plugin. Imported types come from `vpp-bindings`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lamp = concat!(env!("CARGO_MANIFEST_DIR"), "/api/lamp.api");
    let lamp = vpp_codegen::Builder::new(lamp)
        // On a machine with VPP: /usr/share/vpp/api.
        .include(vpp_api_json::LATEST)
        .wire_path("crate::runtime")?;
    lamp.clone()
        .extern_module("interface_types", "::vpp_bindings::interface_types")?
        .extern_module("ip_types", "::vpp_bindings::ip_types")?
        .generate_in_out_dir()?;
    // The same bindings with the runtime only.
    let standalone = std::path::PathBuf::from(std::env::var("OUT_DIR")?).join("standalone");
    lamp.generate_to(standalone)?;
    Ok(())
}
