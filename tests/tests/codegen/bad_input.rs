//! The error of every bad input, which names file, message and field. One input per file or
//! folder.

use std::fs;

use vpp_codegen::Builder;

#[test]
fn every_bad_input_has_its_error() {
    let inputs = super::inputs("bad");
    let mut paths: Vec<_> = fs::read_dir(&inputs)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    let root = format!("{}/", inputs.display());
    let errors: String = paths
        .iter()
        .map(|path| {
            let error = Builder::new(path).generate().unwrap_err().to_string();
            let name = path.file_name().unwrap().to_string_lossy();
            format!("{name}\n    {}\n", error.replace(&root, ""))
        })
        .collect();
    insta::assert_snapshot!(errors);
}

#[test]
fn the_error_of_a_missing_folder_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let error = Builder::new(&missing).generate().unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("cannot read {}", missing.display())),
        "{error}"
    );
}

#[test]
fn the_error_of_a_folder_without_definitions_names_the_expected_folder() {
    let folder = tempfile::tempdir().unwrap();
    let error = Builder::new(folder.path())
        .generate()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("use the folder that VPP installs"),
        "{error}"
    );
}

#[test]
fn the_error_of_an_unknown_module_lists_the_known_modules() {
    let input = super::inputs("good").join("floats.api.json");
    let error = Builder::new(input)
        .modules(["ghost"])
        .generate()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "module ghost is not in the definitions; the modules are: floats"
    );
}

#[test]
fn an_invalid_rust_path_is_refused() {
    let builder = Builder::new("nowhere");
    assert!(builder.clone().wire_path("vpp wire").is_err());
    assert!(builder.extern_module("memif", "::").is_err());
}
