use crate::program::{recorded, recorded_segment, run, stdout};

#[test]
fn dump_equals_that_of_vpps_own_client() {
    let (_folder, path) = recorded_segment();
    let ours = stdout(&[
        "--segment",
        path.to_str().unwrap(),
        "dump",
        "--format",
        "vpp",
    ]);
    let theirs = String::from_utf8(recorded("vpp-26.06.dump.txt.gz")).unwrap();
    assert_eq!(theirs.lines().count(), 15_843);
    for (number, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
        assert_eq!(ours, theirs, "line {}", number + 1);
    }
    assert_eq!(ours.len(), theirs.len());
}

#[test]
fn text_sums_threads_and_names_indices() {
    let (_folder, path) = recorded_segment();
    let path = path.to_str().unwrap();
    let text = stdout(&[
        "--segment",
        path,
        "dump",
        "--no-zeros",
        "^/if/",
        "^/interfaces/loop1/",
    ]);
    assert_eq!(
        text,
        "/if/drops[1] (loop0): 2\n\
         /if/drops[2] (loop1): 1\n\
         /if/ip6[2] (loop1): 1\n\
         /if/tx[2] (loop1): 2 packets, 300 bytes\n\
         /if/names[0]: local0\n\
         /if/names[1]: loop0\n\
         /if/names[2]: loop1\n\
         /if/names[3]: deleted\n\
         /if/names[4]: memif1013904223/0\n\
         /interfaces/loop1/drops: 1\n\
         /interfaces/loop1/ip6: 1\n\
         /interfaces/loop1/tx: 2 packets, 300 bytes\n"
    );
    let one = stdout(&["--segment", path, "get", "/if/tx", "--index", "2"]);
    assert_eq!(one, "/if/tx[2] (loop1): 2 packets, 300 bytes\n");
    let threads = stdout(&[
        "--segment",
        path,
        "get",
        "/sys/node/calls",
        "--index",
        "0",
        "--per-thread",
    ]);
    assert_eq!(
        threads,
        "/sys/node/calls[0] (null-node) @0: 0\n/sys/node/calls[0] (null-node) @1: 0\n"
    );
}

#[test]
fn json_has_one_object_per_entry() {
    let (_folder, path) = recorded_segment();
    let path = path.to_str().unwrap();
    let json = stdout(&[
        "--segment",
        path,
        "get",
        "/sys/heartbeat",
        "/if/tx",
        "--format",
        "json",
    ]);
    let lines: Vec<serde_json::Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        lines[0],
        serde_json::json!({"name": "/sys/heartbeat", "type": "scalar", "value": 36})
    );
    assert_eq!(lines[1]["type"], "combined");
    assert_eq!(
        lines[1]["value"][0][2],
        serde_json::json!({"packets": 2, "bytes": 300})
    );
    let all = stdout(&["--segment", path, "dump", "--format", "json"]);
    assert_eq!(all.lines().count(), 5558);
    for line in all.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn sums_in_vpps_format_equal_its_summary() {
    let (_folder, path) = recorded_segment();
    let path = path.to_str().unwrap();
    let pattern = [
        "^/sys/node/calls$",
        "--format",
        "vpp",
        "--sum",
        "--no-zeros",
    ];
    let text = stdout(&[&["--segment", path, "dump"], &pattern[..]].concat());
    let first = text.lines().next().unwrap();
    assert!(first.starts_with('[') && !first.contains('@'), "{first}");
    assert!(
        text.lines()
            .all(|line| line.ends_with(" packets /sys/node/calls"))
    );
}

#[test]
fn a_missing_entry_is_named() {
    let (_folder, path) = recorded_segment();
    let output = run(&[
        "--segment",
        path.to_str().unwrap(),
        "get",
        "/sys/heartbeat",
        "/none",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"/sys/heartbeat: 36\n");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        error,
        "vpp-stats: VPP has no entry /none; vpp-stats ls lists all\n"
    );
}

#[test]
fn errors_name_the_file_or_socket() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let missing = missing.to_str().unwrap();
    for option in ["--socket", "--segment"] {
        let output = run(&[option, missing, "ls"]);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(missing), "{error}");
    }
    let output = run(&["--segment", "Cargo.toml", "ls"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("Cargo.toml"), "{error}");
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let (_folder, path) = recorded_segment();
    let mut child = crate::program::command(&["--segment", path.to_str().unwrap(), "dump"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stderr, b"");
}
