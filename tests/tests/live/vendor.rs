use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use vpp_api_tools::DiffOptions;
use vpp_sim::{Fault, FaultRule, Release};

use super::{run, source, text, vpp};

fn files(folder: &Path) -> BTreeSet<String> {
    let of = |part: &str| {
        let entries = std::fs::read_dir(folder.join(part)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .map(|name| format!("{part}/{name}"))
            .collect::<Vec<_>>()
    };
    ["core", "plugins"].into_iter().flat_map(of).collect()
}

fn vendored(release: Release) -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("api");
    let sim = vpp(release, []);
    let output = run(&[
        "vendor",
        "--from",
        &source(&sim),
        "--out",
        out.to_str().unwrap(),
    ]);
    let printed = text(&output.stderr).to_owned();
    assert!(output.status.success(), "{printed}");
    assert!(sim.clients().is_empty(), "the program unregisters");
    (folder, out, printed)
}

#[test]
fn a_running_vpp_provides_the_files_that_it_installs() {
    let (_folder, out, printed) = vendored(Release::LATEST);
    let expected: BTreeSet<_> = vpp_api_json::FILES.iter().map(|(name, _)| *name).collect();
    assert!(files(&out).iter().eq(&expected), "{:?}", files(&out));
    let options = DiffOptions::default();
    let report = vpp_api_tools::diff([vpp_api_json::LATEST], [&out], &options).unwrap();
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    assert!(
        printed.contains("it does not define 28\n  memclnt: 28 messages"),
        "{printed}"
    );
}

#[test]
fn before_26_06_module_names_are_found_by_messages() {
    let (_folder, out, printed) = vendored(Release::V24_06);
    assert!(files(&out).contains("core/l2.api.json"));
    assert!(files(&out).contains("plugins/vhost_user.api.json"));
    assert!(files(&out).contains("core/interface_types.api.json"));
    assert!(printed.contains("VPP 24.06"), "{printed}");
}

#[test]
fn a_module_is_vendored_with_its_imports() {
    let folder = tempfile::tempdir().unwrap();
    let sim = vpp(Release::LATEST, []);
    let out = folder.path().to_str().unwrap();
    let output = run(&[
        "vendor",
        "--from",
        &source(&sim),
        "--out",
        out,
        "--modules",
        "memif",
    ]);
    assert!(output.status.success(), "{output:?}");
    let names = [
        "core/ethernet_types.api.json",
        "core/interface_types.api.json",
        "plugins/memif.api.json",
    ];
    assert!(files(folder.path()).iter().eq(names));
}

#[test]
fn a_message_without_matching_definition_is_reported_and_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let crc = Fault::Crc(0x1234_5678);
    let sim = vpp(Release::LATEST, [FaultRule::new("sock_init_shm", crc)]);
    let out = folder.path().to_str().unwrap();
    let output = run(&["vendor", "--from", &source(&sim), "--out", out]);
    let printed = text(&output.stderr);
    assert!(output.status.success(), "{printed}");
    let line = "sock_init_shm_12345678: left out, the available definition has CRC 51646d92";
    assert!(printed.contains(line), "{printed}");
    let memclnt = folder.path().join("core/memclnt.api.json");
    let memclnt = std::fs::read_to_string(memclnt).unwrap();
    assert!(!memclnt.contains("\"sock_init_shm\""));
    assert!(memclnt.contains("\"control_ping\""));
}

#[test]
fn sources_are_vendored_too() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/inputs/api/good/types.api");
    let output = run(&["vendor", "--from", from, "--out", out]);
    assert!(output.status.success(), "{output:?}");
    assert!(folder.path().join("types.api.json").is_file());
}
