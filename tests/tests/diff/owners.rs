//! Every reader of definitions finds a type in the same module.

use std::fs;
use std::path::PathBuf;

use vpp_api_tools::DiffOptions;
use vpp_codegen::Builder;

/// A plugin that imports a type, in a folder with the file that it imports.
fn plugin() -> (tempfile::TempDir, [PathBuf; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let files = ["plugin.api", "shared_types.api"].map(|file| folder.path().join(file));
    let texts = [
        "import \"shared_types.api\";\n\
         autoreply define plugin_set { vl_api_shared_t shared; };\n",
        "typedef shared { u32 value; };\n",
    ];
    for (file, text) in files.iter().zip(texts) {
        fs::write(file, text).unwrap();
    }
    (folder, files)
}

#[test]
fn an_imported_type_belongs_to_the_module_that_defines_it() {
    let (folder, [plugin, _]) = plugin();
    let options = DiffOptions::default();
    let report = vpp_api_tools::diff([&plugin], [folder.path()], &options).unwrap();
    assert_eq!(report.changes, [], "the types of one side have moved");
    assert_eq!(report.modules.added, [""; 0]);

    let model = vpp_definitions::load([&plugin], &Default::default()).unwrap();
    let shared = model
        .api
        .types
        .iter()
        .find(|ty| ty.name == "shared")
        .unwrap();
    assert_eq!(model.api.modules[shared.module].name, "shared_types");

    let generated = Builder::new(&plugin).generate().unwrap();
    let file = generated.iter().find(|file| file.name == "shared_types.rs");
    assert!(file.unwrap().text.contains("pub struct Shared"));
}

#[test]
fn a_file_name_with_a_hyphen_is_recognised_as_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let shared = r#"["shared", ["u32", "value"]]"#;
    let files = [
        ("my-types", format!(r#"{{"types": [{shared}]}}"#)),
        (
            "plugin",
            format!(r#"{{"types": [{shared}], "imports": ["my-types.api"]}}"#),
        ),
        (
            "other",
            format!(r#"{{"types": [{shared}], "imports": ["my-types.api"]}}"#),
        ),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(format!("{name}.api.json")), text).unwrap();
    }
    let model = vpp_definitions::load([folder.path()], &Default::default()).unwrap();
    let [shared] = model.api.types.as_slice() else {
        panic!("{:?}", model.api.types);
    };
    assert_eq!(model.api.modules[shared.module].name, "my_types");
}
