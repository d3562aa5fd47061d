//! What others have made stays.

use cnivpp::api::{bridge, memif, vhostuser};
use vpp_sim::SimThread;

use crate::support::{run_on, sim, with_client};

#[test]
fn a_bridge_domain_of_others_is_joined_and_stays() {
    let sim = sim();
    with_client(&sim, async |client| {
        bridge::create(client, Some(5), "theirs")
            .await
            .expect("a bridge");
    });
    for program in ["memifAddDel", "vhostUserAddDel"] {
        let ended = run_on(&sim, program, &["--bridge", "5"]);
        assert_eq!(ended.status, 0, "{ended:?}");
        let state = sim.state();
        let bridge = state.bridge(5).expect("it stays");
        assert!(bridge.members.is_empty());
        assert_eq!(bridge.tag, "theirs");
    }
}

/// A simulator with a memif that is not the programs', on a socket that is not either.
fn with_their_memif() -> SimThread {
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
fn a_memif_socket_of_others_is_used_and_stays() {
    let sim = with_their_memif();
    let options = ["--socket-file", "theirs.sock"];
    let ended = run_on(&sim, "memifAddDel", &options);
    assert_eq!(ended.status, 0, "{ended:?}");
    assert!(ended.out.contains("memif5/1 created"), "{}", ended.out);
    let state = sim.state();
    assert_eq!(state.memif_sockets().count(), 2);
    assert_eq!(state.memifs().count(), 1);
}

#[test]
fn a_memif_of_others_is_not_taken_for_ours() {
    let sim = with_their_memif();
    let options = ["--socket-file", "theirs.sock", "--id", "0"];
    let ended = run_on(&sim, "memifAddDel", &options);
    assert_eq!(ended.status, 5, "{ended:?}");
    assert!(
        ended.err.contains("-68 (SUBIF_ALREADY_EXISTS"),
        "{}",
        ended.err
    );
    assert_eq!(sim.state().memifs().count(), 1);
}

#[test]
fn a_vhost_user_interface_of_others_is_never_deleted() {
    let sim = sim();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("v.sock");
    let file = file.to_str().expect("text");
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
    let ended = run_on(&sim, "vhostUserAddDel", &["--socket-file", file]);
    assert_eq!(ended.status, 5, "{ended:?}");
    assert!(
        ended.err.contains("-79 (IF_ALREADY_EXISTS"),
        "{}",
        ended.err
    );
    assert!(
        ended.err.contains("interface 1 has it already"),
        "{}",
        ended.err
    );
    assert_eq!(sim.state().vhosts().count(), 1);
    assert!(!sim.requests().contains(&"delete_vhost_user_if"));
}
