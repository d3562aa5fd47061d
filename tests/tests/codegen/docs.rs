//! Documentation: of fields, and the page that shows generated code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use vpp_codegen::{Builder, Docs};
use vpp_definitions::model::Api;

fn docs() -> Docs {
    let mut docs = Docs::default();
    for (name, text) in vpp_api_json::DOCS {
        let parsed = text.parse();
        docs.extend(parsed.unwrap_or_else(|error| panic!("{name}: {error}")));
    }
    docs
}

/// The names that documentation can have.
fn names(api: &Api) -> BTreeSet<String> {
    let messages = api.modules.iter().flat_map(|module| &module.messages);
    let messages = messages.map(|message| (&message.name, message.fields.as_slice()));
    let types = api.types.iter().map(|ty| (&ty.name, ty.fields()));
    let mut names = BTreeSet::new();
    for (name, fields) in messages.chain(types) {
        names.insert(name.clone());
        for field in fields {
            names.insert(format!("{name}.{}", field.name));
            names.insert(format!("*.{}", field.name));
        }
    }
    names
}

#[test]
fn every_entry_documents_something() {
    let model = vpp_definitions::load([vpp_api_json::LATEST], &Default::default()).unwrap();
    let known = names(&model.api);
    let docs = docs();
    let unknown: Vec<_> = docs.names().filter(|name| !known.contains(*name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn fields_and_examples_are_in_the_generated_code() {
    let mut docs = docs();
    docs.add_example("memif_delete", "let x = 1;");
    let builder = Builder::new(vpp_api_json::LATEST).modules(["memif"]);
    let text = super::generated(&builder.docs(docs));
    let expected = "/// The interface: its index in VPP.\n    pub sw_if_index:";
    assert!(text.contains(expected), "{text}");
    assert!(
        text.contains("/// ```no_run\n/// let x = 1;\n/// ```\n"),
        "{text}"
    );
}

/// Set `UPDATE_PAGE` to rewrite the page.
#[test]
fn page_shows_definitions_and_their_code() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/generated-code.md");
    let mut text = "# Definitions and the Rust they become\n\n\
        A test writes this page: each section shows a file of `tests/inputs/page` and the code \
        that vpp-codegen generates from it.\n"
        .to_owned();
    let mut files: Vec<_> = fs::read_dir(super::inputs("page"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let definition = fs::read_to_string(&file).unwrap();
        // The first line is a comment with the title, the second one with an explanation.
        let mut lines = definition.lines();
        let mut comment = || {
            let line = lines.next().unwrap();
            line.trim_start_matches("/* ")
                .trim_end_matches(" */")
                .to_owned()
        };
        let (title, explanation) = (comment(), comment());
        let definition: Vec<_> = lines.collect();
        let definition = definition.join("\n");
        let generated = Builder::new(&file).generate().unwrap();
        let code = &generated[0].text;
        // Without the header, which names the version.
        let code = code.split_once("\n\n").unwrap().1;
        text += &format!(
            "\n## {title}\n\n{explanation}\n\n```c\n{}\n```\n\n```rust\n{}\n```\n",
            definition.trim(),
            code.trim()
        );
    }
    if std::env::var_os("UPDATE_PAGE").is_some() {
        fs::write(&page, &text).unwrap();
    }
    let written = fs::read_to_string(&page).unwrap_or_default();
    assert!(
        written == text,
        "codegen/generated-code.md differs from the generated code: set UPDATE_PAGE and run the test again"
    );
}
