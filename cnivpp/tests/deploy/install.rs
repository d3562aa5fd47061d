use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use cnivpp::install::{Installed, programs};

use crate::call::{Call, PROGRAM};

fn install(folder: &Path) -> crate::call::Reply {
    let folder = folder.to_str().unwrap();
    Call::operator(["install", "--bin-dir", folder].into_iter()).run()
}

#[test]
fn the_programs_are_copied_once() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        install(folder.path())
            .stdout()
            .contains("userspace: copied")
    );
    let target = folder.path().join("userspace");
    let inode = target.metadata().unwrap().ino();
    assert_eq!(
        target.metadata().unwrap().permissions().mode() & 0o7777,
        0o755
    );
    assert!(fs::read(&target).unwrap() == fs::read(PROGRAM).unwrap());
    assert!(
        install(folder.path())
            .stdout()
            .contains("userspace: unchanged")
    );
    assert_eq!(target.metadata().unwrap().ino(), inode);
    assert!(!folder.path().join(".userspace.new").exists());
}

#[test]
fn an_older_program_is_replaced_and_stays_open_for_running_calls() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("userspace");
    fs::write(&target, "old").unwrap();
    let open = fs::File::open(&target).unwrap();
    assert!(install(folder.path()).is_success());
    assert_eq!(open.metadata().unwrap().len(), 3);
    assert!(target.metadata().unwrap().len() > 3);
}

#[test]
fn a_link_and_a_leftover_are_replaced_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    fs::write(&victim, "kept").unwrap();
    for name in ["userspace", ".userspace.new"] {
        symlink(&victim, folder.path().join(name)).unwrap();
    }
    assert!(install(folder.path()).is_success());
    assert_eq!(fs::read_to_string(victim).unwrap(), "kept");
    assert!(
        folder
            .path()
            .join("userspace")
            .symlink_metadata()
            .unwrap()
            .is_file()
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let reply = install(&missing);
    assert!(!reply.is_success());
    let text = reply.stderr();
    assert!(
        text.contains("missing/userspace") && text.contains("must exist"),
        "{text}"
    );
    // A folder with the program's name cannot be replaced.
    fs::create_dir_all(folder.path().join("userspace/x")).unwrap();
    assert!(!install(folder.path()).is_success());
    assert!(!folder.path().join(".userspace.new").exists());
}

#[test]
fn the_second_program_is_optional() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(from.path().join("userspace"), "1").unwrap();
    assert_eq!(programs(from.path(), to.path()).unwrap().len(), 1);
    fs::write(from.path().join("usrsp-app"), "2").unwrap();
    let all = programs(from.path(), to.path()).unwrap();
    let copied = to.path().join("usrsp-app");
    assert_eq!(all[1], Installed::Copied(copied));
}

#[test]
fn a_kubeconfig_outside_of_kubernetes_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (bin, out) = (folder.path().to_str().unwrap(), folder.path().join("k"));
    let arguments = [
        "install",
        "--bin-dir",
        bin,
        "--kubeconfig-out",
        out.to_str().unwrap(),
    ];
    let reply = Call::operator(arguments.into_iter()).run();
    assert!(
        reply
            .stderr()
            .contains("KUBERNETES_SERVICE_HOST is not set"),
        "{reply}"
    );
    assert!(!out.exists());
}
