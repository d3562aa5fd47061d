//! Imports of installed JSON, without sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use vpp_codegen::Error;
use vpp_definitions::{CompiledFile, Compiler, Rule, crcs};

use super::written::source;
use super::{folder, inputs};

/// Writes files as sources and as VPP installs them.
fn installed(files: &[(&str, &str)]) -> (tempfile::TempDir, tempfile::TempDir) {
    let (sources, installed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (name, text) in files {
        let path = sources.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Compiler::new()
        .include(sources.path())
        .compile_to([sources.path()], installed.path().join("core"))
        .unwrap();
    (sources, installed)
}

fn compile(compiler: &Compiler, text: &str) -> CompiledFile {
    let folder = folder("plugin.api", text);
    compiler.compile([folder.path()]).unwrap().remove(0)
}

/// The document without `vl_api_version`, in its order.
fn without_version(json: &str) -> (String, Option<Value>) {
    let mut json: Value = serde_json::from_str(json).unwrap();
    let version = json.as_object_mut().unwrap().shift_remove("vl_api_version");
    (json.to_string(), version)
}

const TYPES: &str = "
    enum colour : u8 { RED, GREEN = 4, BLUE, };
    /* A comment of a type. */
    typedef point { f64 x; f64 y; };
    typedef u8 label[16];
    union either { vl_api_point_t point [case=RED]; vl_api_label_t label [case=GREEN]; };
    typedef tagged { vl_api_colour_t tag; vl_api_either_t either [discriminator=tag]; };
    enumflag bits : u16 { NONE = 0, FIRST = 1, };
    typedef vl_api_tagged_t other;
    typedef many { u32 count; vl_api_other_t others[count]; };
    define unseen { u32 client_index; };
    define unseen_reply { u32 context; };
";

#[test]
fn imports_of_json_and_of_sources_compile_to_the_same() {
    let (sources, installed) = installed(&[
        ("vnet/shapes.api", TYPES),
        (
            "vnet/ip/more.api",
            "import \"vnet/shapes.api\"; typedef more { vl_api_many_t many; };",
        ),
        (
            "vnet/most.api",
            "import \"vnet/ip/more.api\"; import \"vnet/shapes.api\";
             typedef most { vl_api_bits_t bits; vl_api_more_t more; };",
        ),
    ]);
    let plugin = "
        option version = \"1.0.0\";
        import \"vnet/most.api\";
        import \"vnet/ip/more.api\";
        autoreply define plugin_set { vl_api_bits_t bits; vl_api_most_t most; };
        define plugin_dump { vl_api_tagged_t of; };
        define plugin_details { vl_api_other_t other [default=1]; string name[]; };
    ";
    let from_sources = compile(&Compiler::new().include(sources.path()), plugin);
    let from_json = compile(&Compiler::new().include(installed.path()), plugin);
    let (expected, version) = without_version(&from_sources.json);
    assert!(version.is_some());
    // JSON loses the order of types of different kinds, and with it the CRC of the file.
    assert_eq!(without_version(&from_json.json), (expected, None));
    let assumed = from_json.assumed.iter();
    let assumed: Vec<_> = assumed
        .map(|one| (&*one.message, &*one.enumeration))
        .collect();
    // A CRC does not depend on types below an alias.
    assert_eq!(assumed, [("plugin_set", "bits"), ("plugin_dump", "colour")]);
    let imports = from_json.imports.iter();
    let imports: Vec<_> = imports
        .map(|path| path.strip_prefix(installed.path()).unwrap())
        .collect();
    let names = [
        "core/more.api.json",
        "core/most.api.json",
        "core/shapes.api.json",
    ];
    assert_eq!(imports, names.map(Path::new));
}

#[test]
fn a_source_takes_precedence_over_json_and_folders_are_searched_in_order() {
    let (sources, installed) = installed(&[("vnet/one.api", "typedef one { u8 first; };")]);
    fs::create_dir(installed.path().join("vnet")).unwrap();
    let file = installed.path().join("vnet/one.api");
    fs::write(file, "typedef one { u8 second; };").unwrap();
    let plugin = "import \"vnet/one.api\"; autoreply define plugin { vl_api_one_t one; };";
    let found = |folders: [&Path; 2]| {
        let compiler = folders.into_iter().fold(Compiler::new(), Compiler::include);
        compile(&compiler, plugin).json.contains("first")
    };
    assert!(!found([installed.path(), sources.path()]));
    assert!(found([sources.path(), installed.path()]));
    assert!(found([&installed.path().join("core"), installed.path()]));
    // The folders above a file are a source tree.
    let folder = folder("plugin.api", plugin);
    fs::write(folder.path().join("one.api.json"), "{}").unwrap();
    let error = Compiler::new().compile([folder.path()]).unwrap_err();
    let Error::Api(faults) = error else {
        panic!("{error}");
    };
    let fault = faults.iter().next().unwrap();
    assert_eq!(
        (fault.rule(), fault.line(), fault.column()),
        (Rule::MissingFile, 1, 8)
    );
}

/// As in VPP: three of the nine `tap_flags` do not count, which only CRCs prove.
const FLAGS: &str = "enum flags { ONE, TWO, LATER [backwards_compatible], };";

#[test]
fn crcs_prove_the_marks_that_json_lacks() {
    let uses = "import \"flags.api\"; autoreply define uses { vl_api_flags_t flags; };";
    let plugin = "
        import \"flags.api\";
        typedef inner { vl_api_flags_t flags; };
        autoreply define plugin { vl_api_inner_t inner; };
    ";
    let (sources, proven) = installed(&[("flags.api", FLAGS), ("uses.api", uses)]);
    let expected = compile(&Compiler::new().include(sources.path()), plugin);
    let found = compile(&Compiler::new().include(proven.path()), plugin);
    assert_eq!(
        without_version(&found.json).0,
        without_version(&expected.json).0
    );
    assert_eq!(found.assumed, []);

    // Without a message that proves it, the CRC differs and is reported as a guess.
    let (_, unproven) = installed(&[("flags.api", FLAGS)]);
    let guessed = compile(&Compiler::new().include(unproven.path()), plugin);
    assert_ne!(
        without_version(&guessed.json).0,
        without_version(&expected.json).0
    );
    let [assumed] = guessed.assumed.as_slice() else {
        panic!("{:?}", guessed.assumed);
    };
    assert_eq!(
        (&*assumed.message, &*assumed.enumeration),
        ("plugin", "flags")
    );
    insta::assert_snapshot!(assumed.to_string().replace(&unproven.path().display().to_string(), "DIR"), @"the CRC of plugin is a guess: DIR/core/flags.api.json does not mark backwards_compatible enumerators of the enum flags, so none are assumed. Compile with VPP's sources or all of its .api.json files to be sure");

    // Another enum of that name proves nothing.
    let other = r#"{"enums": [["flags", ["ONE", 1], {"enumtype": "u32"}]]}"#;
    fs::write(unproven.path().join("core/flags.api.json"), other).unwrap();
    let both = Compiler::new()
        .include(unproven.path())
        .include(proven.path());
    assert_eq!(compile(&both, plugin).assumed.len(), 1);
}

/// The CRC of each message.
fn crcs_of(json: &Value) -> BTreeMap<String, Value> {
    let messages = json["messages"].as_array().unwrap().iter();
    let crc = |message: &Value| message.as_array().unwrap().last().unwrap()["crc"].clone();
    messages
        .map(|message| (message[0].as_str().unwrap().to_owned(), crc(message)))
        .collect()
}

#[test]
fn a_message_of_an_installed_plugin_has_its_crc() {
    // Definitions of VPP's interface module, compiled with the vendored definitions.
    let plugin = "
        import \"vnet/interface_types.api\";
        import \"vnet/ip/ip_types.api\";
        import \"vnet/ethernet/ethernet_types.api\";
        autoreply define sw_interface_add_del_address {
            u32 client_index; u32 context;
            vl_api_interface_index_t sw_if_index; bool is_add; bool del_all;
            vl_api_address_with_prefix_t prefix;
        };
        autoreply define sw_interface_set_mac_address {
            u32 client_index; u32 context;
            vl_api_interface_index_t sw_if_index; vl_api_mac_address_t mac_address;
        };
    ";
    let compiled = compile(&Compiler::new().include(vpp_api_json::LATEST), plugin);
    let interface = Path::new(vpp_api_json::LATEST).join("core/interface.api.json");
    let interface: Value = serde_json::from_slice(&fs::read(interface).unwrap()).unwrap();
    let known = crcs_of(&interface);
    for (message, crc) in crcs_of(&serde_json::from_str(&compiled.json).unwrap()) {
        assert_eq!(known[&message], crc, "{message}");
    }
    assert_eq!(compiled.assumed, []);
}

#[test]
fn errors_in_json_have_a_position() {
    let faults = super::faults(&inputs("bad").join("installed-release.api"));
    assert_eq!(faults[0].file(), inputs("bad").join("core/later.api.json"));
    assert_eq!((faults[0].line(), faults[0].text()), (3, "\"earlier\""));
}

/// The types in the imports of a module.
fn imported(all: &BTreeMap<String, Value>, json: &Value) -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    for import in json["imports"].as_array().unwrap() {
        let module = import.as_str().unwrap().rsplit('/').next().unwrap();
        let of = &all[module.strip_suffix(".api").unwrap()];
        for key in ["types", "unions", "enums", "enumflags"] {
            let names = of[key].as_array().into_iter().flatten();
            types.extend(names.map(|one| one[0].as_str().unwrap().to_owned()));
        }
        let aliases = of["aliases"].as_object().into_iter().flatten();
        types.extend(aliases.map(|(name, _)| name.clone()));
    }
    types
}

/// Writes every module as a source and compiles it with imports of VPP's JSON only.
#[test]
#[ignore = "needs the definitions of whole releases, which .ci/run has in ../shared"]
fn every_module_of_a_release_has_its_crcs_with_imports_of_json() {
    for release in ["v23.02", "v24.06", "v26.06"] {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/api-json");
        let folder = shared.join(release);
        let report = crcs([&*folder], &[], &Compiler::new()).unwrap();
        let unmarked = report.unmarked.into_iter();
        let marked: BTreeSet<String> = unmarked.flat_map(|one| one.enumerators).collect();
        let mut all = BTreeMap::new();
        for part in ["core", "plugins"] {
            for entry in fs::read_dir(folder.join(part)).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                let module = name.strip_suffix(".api.json").unwrap().to_owned();
                let json: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                all.insert(module, json);
            }
        }
        let sources = tempfile::tempdir().unwrap();
        for (module, json) in &all {
            let text = source(json, &imported(&all, json), &marked);
            fs::write(sources.path().join(format!("{module}.api")), text).unwrap();
        }
        let compiler = Compiler::new()
            .include(&folder)
            .release(release.parse().unwrap());
        let compiled = compiler.compile([sources.path()]).unwrap();
        assert_eq!(compiled.len(), all.len());
        for one in compiled {
            let found: Value = serde_json::from_str(&one.json).unwrap();
            assert_eq!(
                crcs_of(&found),
                crcs_of(&all[&one.module]),
                "{release} {}",
                one.module
            );
            assert_eq!(one.assumed, [], "{release}");
        }
    }
}
