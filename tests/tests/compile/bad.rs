//! The error of every broken rule. A file per rule has its name.

use std::collections::BTreeSet;

use vpp_codegen::Error;
use vpp_definitions::{Compiler, Rule};

use super::{faults, folder, inputs};

#[test]
fn every_bad_input_has_its_error() {
    let folder = inputs("bad").display().to_string();
    let root = format!("{folder}/");
    insta::glob!("../../inputs/api/bad", "*.api", |path| {
        let faults = faults(path);
        let rendered: String = faults.iter().map(|fault| format!("{fault}\n\n")).collect();
        insta::assert_snapshot!(rendered.replace(&root, "").replace(&folder, "DIR"));
        let name = path.file_stem().unwrap().to_str().unwrap();
        if name != "several-errors" {
            let rules: Vec<_> = faults.iter().map(|fault| fault.rule().code()).collect();
            assert_eq!(rules, [name]);
        }
    });
}

#[test]
fn every_rule_has_its_bad_input() {
    let files = std::fs::read_dir(inputs("bad")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let names: BTreeSet<String> = files
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    // The limit needs too many files for a folder of inputs: see below.
    let missing = Rule::ALL.iter().map(|rule| rule.code());
    let missing: Vec<_> = missing.filter(|code| !names.contains(*code)).collect();
    assert_eq!(missing, ["import-limit"]);
}

#[test]
fn imports_have_limits() {
    let folder = folder("f0.api", "typedef t { u8 x; };");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for at in 1..=300 {
        let text = format!("import \"f{}.api\";", at - 1);
        write(&format!("f{at}.api"), &text);
    }
    let rules = |name: &str| -> Vec<Rule> {
        let faults = Compiler::new().compile([folder.path().join(name)]);
        let Err(Error::Api(faults)) = faults else {
            panic!("{name}: {faults:?}");
        };
        faults.iter().map(|one| one.rule()).collect()
    };
    assert_eq!(rules("f300.api"), [Rule::ImportLimit]);

    // Each file imports the previous one twice: 2^30 definitions.
    for at in 1..=30 {
        let text = format!("import \"f{0}.api\"; import \"f{0}.api\";", at - 1);
        write(&format!("f{at}.api"), &text);
    }
    assert!(rules("f30.api").contains(&Rule::ImportLimit));
}

#[test]
fn errors_have_a_position() {
    let path = inputs("bad").join("variable-not-last.api");
    let faults = faults(&path);
    let fault = &faults[0];
    assert_eq!((fault.line(), fault.column()), (2, 10));
    assert_eq!(fault.text(), "name");
    assert_eq!(fault.file(), path);
    assert!(fault.render(true).contains('\u{1b}'));
    assert!(!fault.render(false).contains('\u{1b}'));
}

#[test]
fn an_error_in_a_very_long_line_shows_only_its_position() {
    let text = format!("{}define x {{ $ }};", " ".repeat(3000));
    let folder = folder("long.api", &text);
    let rendered = faults(&folder.path().join("long.api"))[0].render(false);
    assert!(rendered.ends_with("long.api:1:3012"), "{rendered}");
}
