//! Exit statuses: 0 for success, 1 for a negative result, 2 for an error.

use super::program::run;

fn status(arguments: &[&str]) -> Option<i32> {
    run(arguments).status.code()
}

#[test]
fn every_command_exits_with_2_on_error() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let (out, release) = (out.to_str().unwrap(), vpp_api_json::LATEST);
    let none = "/nowhere/of.api.json";
    let source = folder.path().join("bad.api");
    std::fs::write(&source, "typedef two { };").unwrap();
    let source = source.to_str().unwrap();
    let cases: &[&[&str]] = &[
        &[],
        &["no_such_command"],
        &["generate", "--out", out],
        &["generate", "--api-dir", none, "--out", out],
        &["generate", "--api-dir", release, "--out", "/dev/null/out"],
        &["generate", "--api-dir", source, "--out", out],
        &["vendor", "--from", none, "--out", out],
        &["vendor", "--from", release, "--out", "/dev/null/out"],
        &["compile", "--out", out, source],
        &["compile", "--out", out, "/nowhere/of.api"],
        &["list", none],
        &["crc", none],
        &["diff", none, release],
        &["decode", "--api-dir", none, "memif_delete", "00"],
        &["encode", "--api-dir", none, "memif_delete", "{}"],
        &["trace", "--api-dir", release, none],
        &["trace", "--api-dir", none, none],
        &["trace-diff", "--api-dir", release, none, none],
        &["trace-replay", "--api-dir", release, "--socket", none, none],
        &["trace-to-sim", "--api-dir", release, none],
        &["completions", "no_such_shell"],
        &["man", "--out", "/dev/null/out"],
    ];
    for arguments in cases {
        assert_eq!(status(arguments), Some(2), "{arguments:?}");
    }
    assert!(!std::path::Path::new(out).exists());
}

#[test]
fn a_negative_result_is_1() {
    let release = vpp_api_json::LATEST;
    let memif = format!("{release}/plugins/memif.api.json");
    assert_eq!(status(&["diff", release, &memif]), Some(1));
    assert_eq!(status(&["diff", release, release]), Some(0));
    assert_eq!(
        status(&["decode", "--api-dir", release, "memif_delete", "0"]),
        Some(1)
    );
    assert_eq!(
        status(&["encode", "--api-dir", release, "memif_delete", "0"]),
        Some(1)
    );
}
