//! Generating only named messages.

use std::collections::{BTreeMap, BTreeSet};

use vpp_codegen::{Builder, Error};

fn vendored() -> Builder {
    Builder::new(vpp_api_json::LATEST)
}

/// The items of each file as tokens, without documentation, imports and lists.
fn items(builder: &Builder) -> BTreeMap<String, BTreeSet<String>> {
    let files = builder.generate().unwrap();
    let files = files.into_iter().filter(|file| file.name != "mod.rs");
    let items = |text: &str| -> BTreeSet<String> {
        let text: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .map(|line| format!("{line}\n"))
            .collect();
        let items = syn::parse_file(&text).unwrap().items;
        let items = items.into_iter().filter(|item| match item {
            syn::Item::Use(_) => false,
            syn::Item::Const(list) => list.ident != "MESSAGES",
            syn::Item::Mod(module) => module.ident != "fingerprints",
            _ => true,
        });
        let print = |item| {
            let mut file = syn::parse_file("").unwrap();
            file.items.push(item);
            prettyplease::unparse(&file)
        };
        items.map(print).collect()
    };
    files.map(|file| (file.name, items(&file.text))).collect()
}

fn index(builder: &Builder) -> String {
    let files = builder.generate().unwrap();
    let index = files.into_iter().find(|file| file.name == "mod.rs");
    index.unwrap().text
}

#[test]
fn answers_and_types_of_a_message_are_generated() {
    let builder = vendored().messages(["memif_create_v2", "want_interface_events"]);
    let names: Vec<_> = items(&builder).into_keys().collect();
    assert_eq!(
        names,
        [
            "ethernet_types.rs",
            "interface.rs",
            "interface_types.rs",
            "memif.rs"
        ]
    );
    let index = index(&builder);
    let listed: Vec<_> = index
        .lines()
        .filter_map(|line| line.trim().strip_prefix("(\"")?.split('"').next())
        .collect();
    assert_eq!(
        listed,
        [
            "memif_create_v2",
            "memif_create_v2_reply",
            "sw_interface_event",
            "want_interface_events",
            "want_interface_events_reply",
        ]
    );
}

#[test]
fn named_messages_are_a_subset_of_their_modules() {
    let names = [
        "memif_create_v2",
        "ip_route_add_del_v2",
        "sw_interface_dump",
    ];
    for builder in [
        vendored(),
        vendored()
            .extern_module("interface_types", "::vpp_bindings::interface_types")
            .unwrap(),
    ] {
        let whole = items(&builder);
        for (file, items) in items(&builder.messages(names)) {
            assert!(!items.is_empty(), "{file}");
            for item in items {
                assert!(whole[&file].contains(&item), "{file}: {item}");
            }
        }
    }
}

#[test]
fn messages_add_to_whole_modules() {
    let builder = vendored().modules(["memif"]).messages(["show_version"]);
    let text = super::generated(&builder);
    assert!(text.contains("pub struct MemifDetails"));
    assert!(text.contains("pub struct ShowVersionReply"));
    assert!(!text.contains("pub struct LogDump"));
}

#[test]
fn keys_are_messages_too() {
    let by_name = super::generated(&vendored().messages(["memif_delete"]));
    let by_key = super::generated(&vendored().messages(["memif_delete_f9e6675e"]));
    assert_eq!(by_name, by_key);
}

#[test]
fn unknown_message_is_an_error_with_similar_names() {
    let error = vendored().messages(["memif_creat_v2"]).generate();
    let Err(Error::UnknownMessage { message, near }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(message, "memif_creat_v2");
    assert!(near.starts_with("memif_create_v2"), "{near}");
}

#[test]
fn other_crc_is_an_error() {
    let error = vendored().messages(["memif_delete_00000001"]).generate();
    assert!(
        matches!(
            error,
            Err(Error::OtherCrc {
                defined: 0xf9e6_675e,
                ..
            })
        ),
        "{error:?}"
    );
}

#[test]
fn message_of_an_extern_module_is_an_error() {
    let builder = vendored().extern_module("memif", "::memif").unwrap();
    let error = builder.messages(["memif_delete"]).generate();
    assert!(
        matches!(error, Err(Error::ExternMessage { .. })),
        "{error:?}"
    );
}

#[test]
fn generated_list_is_what_the_client_checks() {
    let listed = vpp_tests::messages::MESSAGES;
    assert!(listed.iter().any(|(name, _)| *name == "memif_create_v2"));
    assert!(listed.iter().any(|(name, _)| *name == "sw_interface_event"));
    assert!(
        !listed
            .iter()
            .any(|(name, _)| *name == "memif_socket_filename_add_del")
    );
    for message in listed {
        assert!(vpp_bindings::MESSAGES.contains(message), "{message:?}");
    }
}

/// Definitions of one module whose services are a chain: each request is answered by the next.
fn chain(length: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let message = |at: usize| {
        format!(
            r#"["m{at}", ["u16", "_vl_msg_id"], ["u32", "client_index"], ["u32", "context"], {{"crc": "{at:#010x}"}}]"#
        )
    };
    let messages: Vec<_> = (0..=length).map(message).collect();
    let service = |at: usize| format!(r#""m{at}": {{"reply": "m{}"}}"#, at + 1);
    let services: Vec<_> = (0..length).map(service).collect();
    let text = format!(
        r#"{{"messages": [{}], "services": {{{}}}}}"#,
        messages.join(","),
        services.join(",")
    );
    std::fs::write(folder.path().join("chain.api.json"), text).unwrap();
    folder
}

#[test]
fn answers_of_answers_are_generated() {
    let folder = chain(3);
    let builder = Builder::new(folder.path()).messages(["m1"]);
    let index = index(&builder);
    let has = |name: &str| index.contains(&format!("(\"{name}\""));
    assert!(!has("m0") && has("m1") && has("m2") && has("m3"), "{index}");
}

#[test]
fn ten_thousand_messages_are_selected_by_lookup() {
    let folder = chain(10_000);
    let options = vpp_definitions::Options {
        selection: vpp_definitions::Selection {
            messages: Some((0..10_000).map(|at| format!("m{at}_{at:08x}")).collect()),
            ..Default::default()
        },
        ..Default::default()
    };
    let start = std::time::Instant::now();
    let model = vpp_definitions::load([folder.path()], &options).unwrap();
    let module = &model.api.modules[0];
    assert_eq!(
        module.messages.iter().filter(|it| it.emitted).count(),
        10_001
    );
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
