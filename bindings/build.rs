//! Generates the modules whose features are enabled.

use std::error::Error;

use vpp_codegen::{Builder, Docs};

/// Rust code that sends a message, by message. `client` is a `Client`.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "bridge_domain_add_del_v2",
        include_str!("doc-examples/bridge_domain_add_del_v2.txt"),
    ),
    (
        "control_ping",
        include_str!("doc-examples/control_ping.txt"),
    ),
    (
        "create_vhost_user_if_v2",
        include_str!("doc-examples/create_vhost_user_if_v2.txt"),
    ),
    (
        "ip_route_add_del_v2",
        include_str!("doc-examples/ip_route_add_del_v2.txt"),
    ),
    (
        "memif_create_v2",
        include_str!("doc-examples/memif_create_v2.txt"),
    ),
    (
        "memif_socket_filename_add_del_v2",
        include_str!("doc-examples/memif_socket_filename_add_del_v2.txt"),
    ),
    (
        "show_version",
        include_str!("doc-examples/show_version.txt"),
    ),
    (
        "sw_interface_add_del_address",
        include_str!("doc-examples/sw_interface_add_del_address.txt"),
    ),
    (
        "sw_interface_dump",
        include_str!("doc-examples/sw_interface_dump.txt"),
    ),
    (
        "sw_interface_set_flags",
        include_str!("doc-examples/sw_interface_set_flags.txt"),
    ),
    (
        "sw_interface_set_l2_bridge",
        include_str!("doc-examples/sw_interface_set_l2_bridge.txt"),
    ),
    (
        "want_interface_events",
        include_str!("doc-examples/want_interface_events.txt"),
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=VPP_API_DIR");
    let folder = std::env::var_os("VPP_API_DIR");
    let feature = |name: &str| std::env::var_os(format!("CARGO_FEATURE_{name}")).is_some();
    // The examples compile with the client and the definitions of this release.
    let docs = docs(feature("CLIENT") && folder.is_none())?;
    let definitions = folder.map_or_else(|| vpp_api_json::LATEST.into(), std::path::PathBuf::from);
    let builder = Builder::new(definitions)
        .serde(feature("SERDE"))
        .registry(feature("REGISTRY"))
        .docs(docs);
    let builder = if feature("ALL_MODULES") {
        builder
    } else {
        builder.modules_of_features(vpp_api_json::MODULES)
    };
    Ok(builder.generate_in_out_dir()?)
}

/// The documentation in `vpp-api-json`, with examples if they compile.
fn docs(with_examples: bool) -> Result<Docs, Box<dyn Error>> {
    let mut docs = Docs::default();
    for (_, text) in vpp_api_json::DOCS {
        docs.extend(text.parse()?);
    }
    for (message, code) in EXAMPLES.iter().filter(|_| with_examples) {
        docs.add_example(
            *message,
            format!(
                "# use vpp_bindings::client::Client;\n\
                 # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {{\n\
                 {code}# Ok(())\n\
                 # }}"
            ),
        );
    }
    Ok(docs)
}
