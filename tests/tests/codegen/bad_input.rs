//! One bad input a file or folder: the error, which names file, message and field.

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
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    let error = Builder::new(&absent).generate().unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("cannot read {}", absent.display())),
        "{error}"
    );
}

#[test]
fn a_folder_without_definitions_says_what_to_give() {
    let folder = tempfile::tempdir().unwrap();
    let error = Builder::new(folder.path())
        .generate()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("give the folder that VPP installs"),
        "{error}"
    );
}

#[test]
fn an_unknown_module_is_named_with_those_that_there_are() {
    let input = super::inputs("good").join("floats.api.json");
    let error = Builder::new(input)
        .modules(["ghost"])
        .generate()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "module ghost is not among the definitions; these are: floats"
    );
}

#[test]
fn what_is_not_a_path_of_rust_is_refused() {
    let builder = Builder::new("nowhere");
    assert!(builder.clone().wire_path("vpp wire").is_err());
    assert!(builder.extern_module("memif", "::").is_err());
}
