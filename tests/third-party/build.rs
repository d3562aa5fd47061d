//! Bindings of this crate's own plugin.

fn main() -> Result<(), vpp_codegen::Error> {
    let definition = concat!(env!("CARGO_MANIFEST_DIR"), "/api/lamp.api.json");
    vpp_codegen::Builder::new(definition)
        .wire_path("crate::runtime")?
        .generate_in_out_dir()
}
