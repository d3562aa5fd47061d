//! The output depends neither on the order of arguments nor on the order in which files were
//! created in their folder.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::program::{run, succeed};
use super::tree::tree;

/// Different orders of `count` items, from a generator with a fixed seed.
fn orders(count: usize) -> impl Iterator<Item = Vec<usize>> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    (0..3).map(move |_| {
        let mut order: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            order.swap(at, next(at + 1));
        }
        order
    })
}

/// New folders with the files of `folder`, each written in a different order.
fn shuffled(folder: &Path, suffix: &str) -> Vec<TempDir> {
    let mut files = tree(folder);
    files.retain(|name, _| name.ends_with(suffix));
    let files: Vec<_> = files.into_iter().collect();
    let copies = orders(files.len()).map(|order| {
        let copy = tempfile::tempdir().unwrap();
        for at in order {
            let (name, text) = &files[at];
            let path = copy.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        copy
    });
    copies.collect()
}

/// The files of a folder as arguments, in several orders.
fn arguments(folder: &Path, suffix: &str) -> Vec<Vec<String>> {
    let names: Vec<_> = tree(folder)
        .into_keys()
        .filter(|name| name.ends_with(suffix))
        .map(|name| folder.join(name).to_str().unwrap().to_owned())
        .collect();
    let orders = orders(names.len());
    orders
        .map(|order| order.iter().map(|at| names[*at].clone()).collect())
        .collect()
}

/// Checks that all runs write the same files.
fn assert_equal_output(runs: Vec<Vec<String>>) {
    let outs = runs.into_iter().map(|mut run| {
        let out = tempfile::tempdir().unwrap();
        run.extend(["--out".to_owned(), out.path().to_str().unwrap().to_owned()]);
        succeed(&run);
        tree(out.path())
    });
    let outs: Vec<_> = outs.collect();
    assert!(!outs[0].is_empty() && outs.iter().all(|out| *out == outs[0]));
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn generate_does_not_depend_on_order() {
    let release = Path::new(vpp_api_json::LATEST);
    let mut runs = Vec::new();
    for files in arguments(release, ".api.json") {
        let inputs = files
            .into_iter()
            .flat_map(|file| ["--api-dir".to_owned(), file]);
        runs.push([words(&["generate", "--registry"]), inputs.collect()].concat());
    }
    let copies = shuffled(release, ".api.json");
    for copy in &copies {
        let folder = copy.path().to_str().unwrap();
        runs.push(words(&["generate", "--registry", "--api-dir", folder]));
        runs.push(words(&[
            "generate",
            "--api-dir",
            folder,
            "--registry",
            "--modules",
            "memif,ip",
        ]));
    }
    let (some, all) = runs
        .into_iter()
        .partition(|run| run.contains(&"memif,ip".to_owned()));
    assert_equal_output(all);
    assert_equal_output(
        [
            some,
            vec![words(&[
                "generate",
                "--registry",
                "--modules",
                "ip,memif",
                "--api-dir",
                vpp_api_json::LATEST,
            ])],
        ]
        .concat(),
    );
}

#[test]
fn compile_does_not_depend_on_order() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs/api/good");
    let include = ["--include".to_owned(), sources.to_str().unwrap().to_owned()];
    let mut runs: Vec<Vec<String>> = Vec::new();
    for files in arguments(&sources, ".api") {
        runs.push([words(&["compile"]), include.to_vec(), files].concat());
    }
    let copies = shuffled(&sources, ".api");
    for copy in &copies {
        runs.push(words(&["compile", copy.path().to_str().unwrap()]));
    }
    assert_equal_output(runs);
}

#[test]
fn vendor_does_not_depend_on_order() {
    let copies = shuffled(Path::new(vpp_api_json::LATEST), ".api.json");
    let runs = copies.iter().flat_map(|copy| {
        let from = copy.path().to_str().unwrap();
        ["memif,ip,l2", "l2,memif,ip"]
            .map(|modules| words(&["vendor", "--from", from, "--modules", modules]))
    });
    assert_equal_output(runs.collect());
    let whole = copies.iter();
    assert_equal_output(
        whole
            .map(|copy| words(&["vendor", "--from", copy.path().to_str().unwrap()]))
            .collect(),
    );
}

#[test]
fn diff_does_not_depend_on_order() {
    let release = shuffled(Path::new(vpp_api_json::LATEST), ".api.json");
    // Fewer modules, and different CRCs in the remaining ones.
    let core = Path::new(vpp_api_json::LATEST).join("core");
    let others = shuffled(&core, ".api.json");
    for other in &others {
        for (name, text) in tree(other.path()) {
            let text = String::from_utf8(text).unwrap();
            let text = text.replace(r#""crc": "0x1"#, r#""crc": "0x2"#);
            fs::write(other.path().join(name), text).unwrap();
        }
    }
    for format in ["text", "json", "markdown"] {
        let texts = release.iter().zip(&others).map(|(old, new)| {
            let [old, new] = [old, new].map(|folder| folder.path().to_str().unwrap());
            let output = run(&["diff", old, new, "--format", format]);
            assert_eq!(output.status.code(), Some(1));
            let text = String::from_utf8(output.stdout).unwrap();
            text.replace(old, "OLD").replace(new, "NEW")
        });
        let texts: Vec<_> = texts.collect();
        assert!(texts[0].contains("memif") && texts[0].contains("ip_"));
        assert!(texts[0].lines().count() > 50, "{}", texts[0]);
        assert_eq!(texts[0], texts[1]);
        assert_eq!(texts[0], texts[2]);
    }
}
