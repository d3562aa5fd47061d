//! Bindings straight from the sources.

use std::fs;

use vpp_codegen::{Builder, Compiler, Error};

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
fn sources_and_their_json_give_the_same_bindings() {
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
fn a_plugin_imports_from_elsewhere() {
    let shared = folder("shared_types.api", "typedef shared { u32 value; };");
    let text =
        "import \"shared_types.api\"; autoreply define plugin_set { vl_api_shared_t shared; };";
    let plugin = folder("plugin.api", text);
    let builder = Builder::new(plugin.path().join("plugin.api"));
    assert!(matches!(builder.generate(), Err(Error::Api(_))));
    let texts = texts(&builder.include(shared.path()));
    assert!(texts[0].1.contains("pub struct PluginSet"));
    assert!(texts[0].1.contains("pub struct Shared"));
}

#[test]
fn a_module_that_is_there_as_source_and_as_json_is_refused() {
    let folder = folder("one.api", "typedef one { u8 x; };");
    fs::write(folder.path().join("one.api.json"), "{}").unwrap();
    let error = Builder::new(folder.path()).generate().unwrap_err();
    assert!(matches!(error, Error::DuplicateModule { .. }), "{error}");
}
