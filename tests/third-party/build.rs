//! Bindings of this crate's own plugin; what it imports comes from `vpp-bindings`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lamp = concat!(env!("CARGO_MANIFEST_DIR"), "/api/lamp.api");
    let lamp = vpp_codegen::Builder::new(lamp)
        // On a machine with VPP: /usr/share/vpp/api.
        .include(vpp_api_json::V26_06)
        .wire_path("crate::runtime")?;
    lamp.clone()
        .extern_module("interface_types", "::vpp_bindings::interface_types")?
        .extern_module("ip_types", "::vpp_bindings::ip_types")?
        .generate_in_out_dir()?;
    // Once more with nothing but the runtime.
    let standalone = std::path::PathBuf::from(std::env::var("OUT_DIR")?).join("standalone");
    Ok(lamp.generate_to(standalone)?)
}
