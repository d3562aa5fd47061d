use vpp_bindings::client::{Error, ErrorKind};
use vpp_sim::Release;

use super::{v23_02, v26_06, vpp};

#[test]
fn each_vpp_accepts_the_messages_of_its_release() {
    let (sim, client) = vpp(Release::V23_02);
    client.call(v23_02::memif::MemifCreate::default()).unwrap();
    let transforms = v23_02::ikev2::Ikev2SetIkeTransforms::default();
    client.call(transforms).unwrap();
    let memifs = client.dump(v23_02::memif::MemifDump {});
    assert_eq!(memifs.collect::<Result<Vec<_>, _>>().unwrap().len(), 1);
    let profiles = client.dump(v23_02::ikev2::Ikev2ProfileDump {});
    assert_eq!(profiles.collect::<Result<Vec<_>, _>>().unwrap().len(), 1);
    drop(sim);

    let (_sim, client) = vpp(Release::V26_06);
    client
        .call(v26_06::memif::MemifCreateV2::default())
        .unwrap();
    let transforms = v26_06::ikev2::Ikev2SetIkeTransforms::default();
    client.call(transforms).unwrap();
    let memifs = client.dump(v26_06::memif::MemifDump {});
    assert_eq!(memifs.collect::<Result<Vec<_>, _>>().unwrap().len(), 1);
}

#[test]
fn the_error_for_a_message_of_another_release_names_both_crcs() {
    let (sim, client) = vpp(Release::V23_02);
    let of_newer = client.call(v26_06::ikev2::Ikev2SetIkeTransforms::default());
    assert_conflict(
        &of_newer.unwrap_err(),
        "aa99fec0",
        "23.02-release has 076d7378",
    );
    drop(sim);
    let (_sim, client) = vpp(Release::V26_06);
    let of_older = client.call(v23_02::ikev2::Ikev2SetIkeTransforms::default());
    assert_conflict(
        &of_older.unwrap_err(),
        "076d7378",
        "26.06-release has aa99fec0",
    );
}

fn assert_conflict(error: &Error, ours: &str, theirs: &str) {
    assert!(error.kind() == ErrorKind::CrcMismatch, "{error}");
    let expected = format!(
        "ikev2_set_ike_transforms differs: this program has CRC {ours}, VPP {theirs}; generate the \
         bindings from this VPP's API files"
    );
    assert_eq!(error.to_string(), expected);
}

/// The dump itself is the same in both releases. The client checks the details before it sends.
#[test]
fn a_dump_whose_details_changed_is_not_sent() {
    let (sim, client) = vpp(Release::V23_02);
    let mut profiles = client.dump(v26_06::ikev2::Ikev2ProfileDump {});
    let error = profiles.next().unwrap().unwrap_err();
    assert!(error.kind() == ErrorKind::CrcMismatch, "{error}");
    assert!(
        error
            .to_string()
            .starts_with("ikev2_profile_details differs")
    );
    assert!(!sim.requests().contains(&"ikev2_profile_dump"));
}

#[test]
fn a_later_message_is_unknown() {
    let (_sim, client) = vpp(Release::V23_02);
    let error = client.call(v26_06::memif::MemifCreateV2::default());
    let error = error.unwrap_err();
    assert!(error.kind() == ErrorKind::MessageUnknown, "{error}");
}
