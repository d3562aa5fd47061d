//! Bindings generated from `.api` sources.

use std::fs;

use vpp_codegen::{Builder, Error};
use vpp_definitions::Compiler;

use super::{folder, inputs};

const FILES: [&str; 5] = [
    "imports_more.api",
    "options.api",
    "services.api",
    "shared_types.api",
    "unions.api",
];

fn texts(builder: &Builder) -> Vec<(String, String)> {
    let files = builder.generate().unwrap().into_iter();
    files.map(|file| (file.name, file.text)).collect()
}

#[test]
fn sources_and_their_json_generate_the_same_bindings() {
    let (sources, json) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for file in FILES {
        fs::copy(inputs("good").join(file), sources.path().join(file)).unwrap();
    }
    Compiler::new()
        .compile_to([sources.path()], json.path())
        .unwrap();
    let expected = texts(&Builder::new(json.path()));
    let names: Vec<_> = expected.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"services.rs") && names.contains(&"unions.rs"));
    let without_header = |texts: Vec<(String, String)>| {
        let texts = texts.into_iter();
        let rest = |text: String| text.split_once('\n').map(|(_, rest)| rest.to_owned());
        texts
            .map(|(name, text)| (name, rest(text)))
            .collect::<Vec<_>>()
    };
    let found = texts(&Builder::new(sources.path()));
    assert_eq!(without_header(found), without_header(expected.clone()));
    let files = FILES.map(|file| sources.path().join(file));
    let found = texts(&Builder::of(files));
    assert_eq!(without_header(found), without_header(expected));
}

#[test]
fn a_plugin_imports_from_include_folders() {
    let shared = folder("shared_types.api", "typedef shared { u32 value; };");
    let text =
        "import \"shared_types.api\"; autoreply define plugin_set { vl_api_shared_t shared; };";
    let plugin = folder("plugin.api", text);
    let builder = Builder::new(plugin.path().join("plugin.api"));
    assert!(matches!(builder.generate(), Err(Error::Api(_))));
    let builder = builder.include(shared.path());
    let found = texts(&builder);
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["plugin.rs", "shared_types.rs", "mod.rs"]);
    assert!(
        found[0]
            .1
            .contains("pub shared: super::shared_types::Shared")
    );
    assert!(found[1].1.contains("pub struct Shared"));

    // JSON imports generate the same, and an extern module is not generated.
    let installed = tempfile::tempdir().unwrap();
    let core = installed.path().join("core");
    Compiler::new().compile_to([shared.path()], core).unwrap();
    let plugin = Builder::new(plugin.path().join("plugin.api")).include(installed.path());
    assert_eq!(texts(&plugin), found);
    let plugin = plugin.extern_module("shared_types", "::other::shared_types");
    let found = texts(&plugin.unwrap());
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["plugin.rs", "mod.rs"]);
    assert!(
        found[0]
            .1
            .contains("pub shared: ::other::shared_types::Shared")
    );
}

/// The fingerprints of a type: the one that its own module defines, and the one that a user of
/// the extern module expects.
fn fingerprints(shared: &str) -> (String, String) {
    let shared = folder("shared.api", shared);
    let text = "import \"shared.api\"; autoreply define set { vl_api_top_t top; };";
    let plugin = folder("plugin.api", text);
    let builder = Builder::new(plugin.path().join("plugin.api")).include(shared.path());
    let fingerprint = |builder: &Builder, before: &str| {
        let texts = texts(builder);
        let found = texts.iter().find_map(|(_, text)| text.split_once(before));
        found.map(|(_, rest)| rest[..10].to_owned()).unwrap()
    };
    let own = fingerprint(&builder, "pub const TOP: u32 = ");
    let builder = builder.extern_module("shared", "::other").unwrap();
    (own, fingerprint(&builder, "::other::fingerprints::TOP == "))
}

#[test]
fn different_definitions_of_a_type_have_different_fingerprints() {
    let (own, expected) =
        fingerprints("enum e { A, B, }; typedef top { vl_api_e_t e; u32 n[4]; };");
    assert_eq!(own, expected);
    for other in [
        "enum e { A, B, C, }; typedef top { vl_api_e_t e; u32 n[4]; };",
        "enum e { A, B = 2, }; typedef top { vl_api_e_t e; u32 n[4]; };",
        "enum e : u8 { A, B, }; typedef top { vl_api_e_t e; u32 n[4]; };",
        "enumflag e { A, B, }; typedef top { vl_api_e_t e; u32 n[4]; };",
        "enum e { A, B, }; typedef top { vl_api_e_t e; u32 n[5]; };",
        "enum e { A, B, }; typedef top { vl_api_e_t e; i32 n[4]; };",
        "enum e { A, B, }; typedef top { u32 n[4]; vl_api_e_t e; };",
        "enum e { A, B, }; union top { vl_api_e_t e; u32 n[4]; };",
        "typedef u8 e[4]; typedef top { vl_api_e_t e; u32 n[4]; };",
        "typedef u8 e[5]; typedef top { vl_api_e_t e; u32 n[4]; };",
    ] {
        let (other_own, other_expected) = fingerprints(other);
        assert_eq!(other_own, other_expected);
        assert_ne!(other_own, own, "{other}");
    }
    let documented = "/* A comment. */ enum e { A, B, };
        typedef top { vl_api_e_t e [default=1]; u32 n[4]; };";
    assert_eq!(fingerprints(documented).0, own);
}

#[test]
fn an_extern_module_has_to_be_defined_or_imported() {
    let plugin = folder("plugin.api", "autoreply define set { u8 x; };");
    let builder = Builder::new(plugin.path());
    let builder = builder.extern_module("ip_types", "::vpp_bindings::ip_types");
    let error = builder.unwrap().generate().unwrap_err();
    assert!(matches!(error, Error::UnknownExtern { .. }), "{error}");
    insta::assert_snapshot!(error, @"no file defines or imports extern module ip_types; the modules are: plugin. A plugin's .api.json does not mark which of its types are imported: add the definitions of ip_types, or use the plugin's .api file");
}

#[test]
fn a_module_as_both_source_and_json_is_refused() {
    let folder = folder("one.api", "typedef one { u8 x; };");
    fs::write(folder.path().join("one.api.json"), "{}").unwrap();
    let error = Builder::new(folder.path()).generate().unwrap_err();
    assert!(matches!(error, Error::DuplicateModule { .. }), "{error}");
}
