use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use cnivpp::attachment::MemifConfig;
use cnivpp::files::{Access, write_atomic};
use cnivpp::handover::{
    Attachment, Audience, Interface, Source, keep, read, remove, write_config_data, write_pair,
};

use crate::{ID, folder, full, names, write};

fn mode(path: &Path) -> u32 {
    let metadata = path.symlink_metadata().expect("it exists");
    metadata.permissions().mode() & 0o7777
}

fn entries(path: &Path) -> Vec<String> {
    let all = std::fs::read_dir(path).expect("a folder");
    let name = |it: std::io::Result<std::fs::DirEntry>| it.expect("an entry").file_name();
    let mut names: Vec<String> = all
        .map(|it| name(it).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn only_the_group_can_read_a_secret() {
    let gid = rustix::process::getegid().as_raw();
    let public = Attachment {
        interface: Interface::Memif(MemifConfig::default()),
        ..full("net2")
    };
    for (audience, secret) in [
        (Audience { gid: None }, 0o600),
        (Audience { gid: Some(gid) }, 0o640),
    ] {
        let (folder, dir) = folder();
        write_pair(&dir, &full("net1"), audience).unwrap();
        write_config_data(&dir, &full("net1"), audience).unwrap();
        write_pair(&dir, &public, audience).unwrap();
        let mode = |name: &str| mode(&folder.path().join(name));
        assert_eq!(mode("addData-0958c8871b32-net1.json"), secret);
        assert_eq!(mode("configData-0958c8871b32-net1.json"), secret);
        assert_eq!(mode("remote-0958c8871b32-net1.json"), 0o644);
        assert_eq!(mode("addData-0958c8871b32-net2.json"), 0o644);
    }
}

#[test]
fn a_restarted_container_finds_the_own_record() {
    let (folder, dir) = folder();
    write_pair(&dir, &full("net1"), Audience::default()).unwrap();
    let first = read(&[&dir]);
    keep(&dir, &first.attachments[0]).unwrap();
    assert_eq!(entries(folder.path()), ["local-0958c8871b32-net1.json"]);
    assert_eq!(
        mode(&folder.path().join("local-0958c8871b32-net1.json")),
        0o600
    );
    let second = read(&[&dir]);
    assert_eq!(
        second.attachments[0].attachment,
        first.attachments[0].attachment
    );
    assert_eq!(second.attachments[0].source, Source::Own);
    // There is nothing to keep.
    keep(&dir, &second.attachments[0]).unwrap();
    assert_eq!(entries(folder.path()), ["local-0958c8871b32-net1.json"]);
}

/// Plays a program that is killed between the steps of `keep`.
#[test]
fn an_interrupted_keep_is_repeated() {
    let (_original, dir) = folder();
    write_pair(&dir, &full("net1"), Audience::default()).unwrap();
    let first = read(&[&dir]);
    let add_data = dir.read("addData-0958c8871b32-net1.json", 10_000).unwrap();
    let remote = dir.read("remote-0958c8871b32-net1.json", 10_000).unwrap();
    keep(&dir, &first.attachments[0]).unwrap();
    let own = dir.read("local-0958c8871b32-net1.json", 10_000).unwrap();
    let steps: [&[(&str, &[u8])]; 2] = [
        &[
            ("local-0958c8871b32-net1.json", &own.bytes),
            ("remote-0958c8871b32-net1.json", &remote.bytes),
            ("addData-0958c8871b32-net1.json", &add_data.bytes),
        ],
        &[
            ("local-0958c8871b32-net1.json", &own.bytes),
            ("addData-0958c8871b32-net1.json", &add_data.bytes),
        ],
    ];
    for files in steps {
        let (path, dir) = folder();
        for (name, bytes) in files {
            write(path.path(), name, bytes);
        }
        let found = read(&[&dir]);
        assert_eq!(found.problems, []);
        assert_eq!(found.attachments.len(), 1);
        assert_eq!(
            found.attachments[0].attachment,
            first.attachments[0].attachment
        );
        keep(&dir, &found.attachments[0]).unwrap();
        assert_eq!(read(&[&dir]).attachments.len(), 1);
    }
}

#[test]
fn del_removes_all_files_of_its_attachment_and_no_other() {
    let (folder, dir) = folder();
    write_pair(&dir, &full("net1"), Audience::default()).unwrap();
    keep(&dir, &read(&[&dir]).attachments[0]).unwrap();
    write_pair(&dir, &full("net1"), Audience::default()).unwrap();
    write_config_data(&dir, &full("net1"), Audience::default()).unwrap();
    write_pair(&dir, &full("net10"), Audience::default()).unwrap();
    write(
        folder.path(),
        ".cnivpp-1-2-3.tmp",
        "left by a killed process",
    );
    write(folder.path(), "of-the-pod", "");
    let removed = remove(&dir, ID, "net1").unwrap();
    assert_eq!(removed.len(), 5, "{removed:?}");
    let left = [
        "addData-0958c8871b32-net10.json",
        "of-the-pod",
        "remote-0958c8871b32-net10.json",
    ];
    assert_eq!(entries(folder.path()), left);
    assert_eq!(remove(&dir, ID, "net1").unwrap(), Vec::<String>::new());
    assert_eq!(names(&read(&[&dir])), ["net10"]);
}

#[test]
fn files_of_two_containers_in_one_folder_are_independent() {
    let (folder, dir) = folder();
    for id in ["default-box1", "default-box10"] {
        let attachment = Attachment {
            container_id: id.to_owned(),
            ..full("eth0")
        };
        write_config_data(&dir, &attachment, Audience::default()).unwrap();
    }
    assert_eq!(entries(folder.path()).len(), 2);
    remove(&dir, "default-box1", "eth0").unwrap();
    let found = read(&[&dir]);
    assert_eq!(
        found.attachments[0].attachment.container_id,
        "default-box10"
    );
}

/// If the container cannot write, the pair stays and is read again after a restart.
#[test]
fn a_pair_that_cannot_be_kept_stays() {
    let (folder, dir) = folder();
    write_pair(&dir, &full("net1"), Audience::default()).unwrap();
    // A folder with the name of the own record makes the rename fail.
    std::fs::create_dir(folder.path().join("local-0958c8871b32-net1.json")).unwrap();
    let found = read(&[&dir]);
    assert!(keep(&dir, &found.attachments[0]).is_err());
    assert_eq!(read(&[&dir]).attachments[0].source, Source::Pair);
    // No temporary file is left.
    assert_eq!(entries(folder.path()).len(), 3);
    write_atomic(&dir, "other", b"", Access::mode(0o600)).unwrap();
}
