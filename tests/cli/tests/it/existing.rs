//! Objects of other owners are kept.

use cnivpp::api::{bridge, memif, vhostuser};
use vpp_sim::SimThread;

use crate::support::{run_on, sim, with_client};

#[test]
fn existing_bridge_domain_is_joined_and_kept() {
    let sim = sim();
    with_client(&sim, async |client| {
        bridge::create(client, Some(5), "theirs")
            .await
            .expect("a bridge");
    });
    for program in ["memifAddDel", "vhostUserAddDel"] {
        let output = run_on(&sim, program, &["--bridge", "5"]);
        assert_eq!(output.status, 0, "{output:?}");
        let state = sim.state();
        let bridge = state.bridge(5).expect("it stays");
        assert!(bridge.members.is_empty());
        assert_eq!(bridge.tag, "theirs");
    }
}

/// A simulator with a memif and a socket of another owner.
fn sim_with_existing_memif() -> SimThread {
    let sim = sim();
    with_client(&sim, async |client| {
        memif::add_socket(client, Some(5), "theirs.sock")
            .await
            .expect("a socket");
        let memif = memif::Create {
            socket_id: 5,
            ..Default::default()
        };
        memif::create(client, &memif).await.expect("a memif");
    });
    sim
}

#[test]
fn existing_memif_socket_is_used_and_kept() {
    let sim = sim_with_existing_memif();
    let options = ["--socket-file", "theirs.sock"];
    let output = run_on(&sim, "memifAddDel", &options);
    assert_eq!(output.status, 0, "{output:?}");
    assert!(output.out.contains("memif5/1 created"), "{}", output.out);
    let state = sim.state();
    assert_eq!(state.memif_sockets().count(), 2);
    assert_eq!(state.memifs().count(), 1);
}

#[test]
fn existing_memif_is_not_used() {
    let sim = sim_with_existing_memif();
    let options = ["--socket-file", "theirs.sock", "--id", "0"];
    let output = run_on(&sim, "memifAddDel", &options);
    assert_eq!(output.status, 5, "{output:?}");
    assert!(
        output.err.contains("-68 (SUBIF_ALREADY_EXISTS"),
        "{}",
        output.err
    );
    assert_eq!(sim.state().memifs().count(), 1);
}

#[test]
fn existing_vhost_user_interface_is_not_deleted() {
    let sim = sim();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("v.sock");
    let file = file.to_str().expect("UTF-8");
    with_client(&sim, async |client| {
        let vhost = vhostuser::Create {
            filename: file.to_owned(),
            is_server: true,
            ..Default::default()
        };
        vhostuser::create(client, &vhost)
            .await
            .expect("an interface");
    });
    let output = run_on(&sim, "vhostUserAddDel", &["--socket-file", file]);
    assert_eq!(output.status, 5, "{output:?}");
    assert!(
        output.err.contains("-79 (IF_ALREADY_EXISTS"),
        "{}",
        output.err
    );
    assert!(
        output.err.contains("interface 1 already has it"),
        "{}",
        output.err
    );
    assert_eq!(sim.state().vhosts().count(), 1);
    assert!(!sim.requests().contains(&"delete_vhost_user_if"));
}
