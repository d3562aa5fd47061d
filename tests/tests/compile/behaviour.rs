//! The files that the compiler reads and writes. No input makes it panic.

use std::fs;

use proptest::prelude::*;
use vpp_codegen::Error;
use vpp_definitions::Compiler;

use super::{folder, inputs};

#[test]
fn folders_are_searched_except_for_tests_and_examples() {
    let folder = folder("one.api", "typedef one { u8 x; };");
    for path in [
        "deep/er/two.api",
        "tests/no.api",
        "examples/no.api",
        ".git/no.api",
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "import \"one.api\";").unwrap();
    }
    let out = folder.path().join("out");
    let compiled = Compiler::new().compile_to([folder.path()], &out).unwrap();
    let modules: Vec<_> = compiled.iter().map(|one| one.module.as_str()).collect();
    assert_eq!(modules, ["one", "two"]);
    assert!(out.join("one.api.json").exists() && out.join("two.api.json").exists());
}

#[test]
fn a_failure_does_not_change_existing_files() {
    let folder = folder("one.api", "typedef one { u8 x; };");
    let out = folder.path().join("out");
    let compile = || Compiler::new().compile_to([folder.path()], &out);
    compile().unwrap();
    let before = fs::read(out.join("one.api.json")).unwrap();
    fs::write(folder.path().join("one.api"), "typedef one { u16 x; };").unwrap();
    fs::write(folder.path().join("two.api"), "typedef two { };").unwrap();
    assert!(matches!(compile(), Err(Error::Api(_))));
    assert_eq!(fs::read(out.join("one.api.json")).unwrap(), before);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
}

#[test]
fn the_first_include_folder_with_the_file_is_used() {
    let text = |ty: &str| format!("typedef t {{ {ty} x; }};");
    let (one, two) = (folder("t.api", &text("u8")), folder("t.api", &text("u16")));
    let root = folder("root.api", "import \"t.api\";");
    let compiler = Compiler::new().include(one.path()).include(two.path());
    let compiled = compiler.compile([root.path()]).unwrap();
    assert!(compiled[0].json.contains("u8"));
    assert_eq!(compiled[0].imports, [one.path().join("t.api")]);
    // The folder of the file itself is searched only if no folder is given.
    assert!(matches!(
        Compiler::new().compile([root.path()]),
        Err(Error::Api(_))
    ));
}

#[test]
fn two_files_with_the_same_name_are_refused() {
    let folder = folder("one.api", "typedef one { u8 x; };");
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::copy(
        folder.path().join("one.api"),
        folder.path().join("sub/one.api"),
    )
    .unwrap();
    let error = Compiler::new().compile([folder.path()]).unwrap_err();
    assert!(matches!(error, Error::DuplicateModule { .. }), "{error}");
}

#[test]
fn an_error_in_an_import_is_reported_once() {
    let folder = folder("shared.api", "typedef t { u8 x[n]; };");
    for name in ["one", "two", "three"] {
        let path = folder.path().join(format!("{name}.api"));
        fs::write(path, "import \"shared.api\"; typedef of { vl_api_t_t t; };").unwrap();
    }
    let error = Compiler::new()
        .compile([folder.path()])
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("1 error in 1 file"), "{error}");
}

/// Pieces of the language, good and bad.
fn piece() -> impl Strategy<Value = String> {
    let files = fs::read_dir(inputs("good")).unwrap();
    let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let mut words: Vec<String> = texts
        .flat_map(|text| {
            let words = text.split_inclusive(|c: char| !c.is_alphanumeric());
            words.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    words.extend(
        [
            "{", "}", ";", "[", "]", "\"", "/*", "\\", "\r\n", "é", "0x", "-",
        ]
        .map(String::from),
    );
    proptest::sample::select(words)
}

proptest! {
    #[test]
    fn no_text_makes_the_compiler_panic(pieces in prop::collection::vec(piece(), 0..60)) {
        let folder = folder("text.api", &pieces.concat());
        if let Err(Error::Api(faults)) = Compiler::new().compile([folder.path()]) {
            prop_assert!(faults.iter().next().is_some());
            prop_assert!(!faults.render(true).is_empty());
        }
    }

    #[test]
    fn no_bytes_make_the_compiler_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let folder = folder("text.api", "");
        fs::write(folder.path().join("text.api"), bytes).unwrap();
        if let Err(Error::Api(faults)) = Compiler::new().compile([folder.path()]) {
            prop_assert!(!faults.render(true).is_empty());
        }
    }

    #[test]
    fn no_json_makes_the_compiler_panic(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, json_piece()), 0..4),
    ) {
        let mut json = JSON.to_owned();
        for (at, length, new) in cuts {
            let start = json.floor_char_boundary(at.index(json.len() + 1));
            let end = json.floor_char_boundary(start + length);
            json.replace_range(start..end, new);
        }
        let root = "import \"x/json.api\"; autoreply define m { vl_api_s_t s; vl_api_a_t a; };";
        let folder = folder("root.api", root);
        fs::write(folder.path().join("json.api.json"), json).unwrap();
        let compiler = Compiler::new().include(folder.path());
        match compiler.compile([folder.path().join("root.api")]) {
            Err(Error::Api(faults)) => prop_assert!(!faults.render(true).is_empty()),
            Err(other) => prop_assert!(false, "{other}"),
            Ok(compiled) => {
                serde_json::from_str::<serde_json::Value>(&compiled[0].json).unwrap();
            }
        }
    }
}

const JSON: &str = r#"{"types": [["s", ["vl_api_u_t", "u"], ["vl_api_e_t", "e"], ["u8", "x", 0, "n"]]],
    "unions": [["u", ["vl_api_a_t", "a"], ["u32", "b", {"default": 1}]]],
    "enums": [["e", ["A", 0], ["B", 5], {"enumtype": "u8"}]], "enumflags": [],
    "aliases": {"a": {"type": "u8", "length": 6}}, "imports": [],
    "messages": [["m", ["vl_api_e_t", "e"], {"crc": "0x00000001"}]]}"#;

fn json_piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "{",
        "}",
        "[",
        "]",
        "[],",
        "\"",
        ",",
        ":",
        "0",
        "-1",
        "1e999",
        "null",
        "true",
        "\"vl_api_s_t\"",
        "\"x/json.api\"",
        "\n\r\n",
        "\u{e9}",
    ])
}
