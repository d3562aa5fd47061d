//! The output is deterministic, and correct on disk after success and failure.

use std::fs;
use std::path::Path;

use vpp_codegen::Builder;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_output_does_not_depend_on_the_order_of_inputs() {
    let folder = Path::new(vpp_api_json::LATEST);
    let expected = super::generated(&Builder::new(folder));
    let (core, plugins) = (folder.join("core"), folder.join("plugins"));
    assert_eq!(
        expected,
        super::generated(&Builder::new(&core).input(&plugins))
    );
    assert_eq!(
        expected,
        super::generated(&Builder::new(&plugins).input(&core))
    );

    // The same files one by one, in reverse order.
    let mut files: Vec<_> = [&core, &plugins]
        .iter()
        .flat_map(|folder| {
            fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
        })
        .collect();
    files.sort();
    let mut files = files.into_iter().rev();
    let first = Builder::new(files.next().unwrap());
    let all = files.fold(first, Builder::input);
    assert_eq!(expected, super::generated(&all));
}

#[test]
fn the_array_of_get_api_json_generates_all_its_modules() {
    let folder = tempfile::tempdir().unwrap();
    let array = folder.path().join("api.json");
    let documents: Vec<String> = ["core/interface", "plugins/memif", "core/ip", "core/l2"]
        .iter()
        .map(|name| {
            let file = format!("{}/{name}.api.json", vpp_api_json::LATEST);
            fs::read_to_string(file).unwrap()
        })
        .collect();
    fs::write(&array, format!("[\n{}]\n", documents.join(","))).unwrap();
    let files = Builder::new(&array).generate().unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    // The array lacks modules without messages, but types that all importers repeat still get
    // their own module.
    for module in [
        "interface.rs",
        "memif.rs",
        "ip.rs",
        "l2.rs",
        "interface_types.rs",
    ] {
        assert!(names.contains(&module), "{module} is not among {names:?}");
    }
}

#[test]
fn a_failed_run_does_not_change_existing_files() {
    let out = tempfile::tempdir().unwrap();
    let good = super::inputs("good").join("floats.api.json");
    Builder::new(&good).generate_to(out.path()).unwrap();
    let before = names(out.path());
    let bad = super::inputs("bad").join("unknown_type.api.json");
    let both = Builder::new(&good).input(&bad);
    assert!(both.generate_to(out.path()).is_err());
    assert_eq!(names(out.path()), before);
    assert_eq!(before, ["floats.rs", "mod.rs"]);
}

#[test]
fn files_of_removed_modules_are_deleted_and_others_kept() {
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("mine.rs"), "// by hand\n").unwrap();
    let input = |name: &str| super::inputs("good").join(format!("{name}.api.json"));
    Builder::new(input("floats"))
        .generate_to(out.path())
        .unwrap();
    Builder::new(input("strings"))
        .generate_to(out.path())
        .unwrap();
    assert_eq!(names(out.path()), ["mine.rs", "mod.rs", "strings.rs"]);
}

#[test]
fn an_unchanged_file_is_not_written() {
    let out = tempfile::tempdir().unwrap();
    let builder = Builder::new(super::inputs("good").join("floats.api.json"));
    builder.generate_to(out.path()).unwrap();
    let file = out.path().join("floats.rs");
    let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    let before = inode(&file);
    builder.generate_to(out.path()).unwrap();
    assert_eq!(before, inode(&file));
}

#[test]
fn the_error_of_an_output_folder_that_cannot_be_created_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let builder = Builder::new(super::inputs("good").join("floats.api.json"));
    let error = builder
        .generate_to(file.join("out"))
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("cannot write"), "{error}");
}

#[test]
fn vendored_definitions_are_complete_and_without_comments() {
    let out = tempfile::tempdir().unwrap();
    let from = Path::new(vpp_api_json::LATEST);
    let modules = vpp_api_tools::vendor(from, out.path(), &["memif".to_owned()]).unwrap();
    assert_eq!(modules, ["ethernet_types", "interface_types", "memif"]);
    let file = "plugins/memif.api.json";
    assert_eq!(
        fs::read_to_string(out.path().join(file)).unwrap(),
        fs::read_to_string(from.join(file)).unwrap(),
        "vendoring vendored definitions changes nothing"
    );
    let documented = super::inputs("good").join("options.api.json");
    vpp_api_tools::vendor(&documented, out.path(), &[]).unwrap();
    assert_eq!(names(out.path()), ["core", "options.api.json", "plugins"]);
    let text = fs::read_to_string(out.path().join("options.api.json")).unwrap();
    assert!(
        !text.contains("comment") && text.contains("replaced_by"),
        "{text}"
    );
    assert!(
        names(&out.path().join("plugins")).is_empty(),
        "files that are no longer selected are deleted"
    );
}
