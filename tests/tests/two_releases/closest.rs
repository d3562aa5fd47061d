use std::collections::BTreeSet;

use vpp_sim::Release;

use super::{CANDIDATES, v23_02, v26_06, vpp, vpp_without_plugin};

#[test]
fn conflicts_determine_the_release() {
    for (release, label) in [(Release::V23_02, "v23.02"), (Release::V26_06, "v26.06")] {
        let (_sim, client) = vpp(release);
        let fit = client.best_match(CANDIDATES).unwrap();
        assert_eq!(fit.label, label);
        assert_eq!(fit.report.conflicts().count(), 0);
        assert_eq!(client.as_async().best_match(CANDIDATES), Some(fit));
    }
}

/// Without conflicts, the number of messages decides.
#[test]
fn present_messages_determine_the_release_without_plugins() {
    for (release, label) in [
        (Release::V23_02, "v23.02"),
        // Its memif is that of v26.06.
        (Release::V24_06, "v26.06"),
        (Release::V26_06, "v26.06"),
    ] {
        let (_sim, client) = vpp_without_plugin(release);
        let fit = client.best_match(CANDIDATES).unwrap();
        assert_eq!(fit.label, label, "{release}");
        let mut absent = fit.report.absent();
        assert!(absent.all(|line| line.name.starts_with("ikev2_")), "{fit}");
    }
}

#[test]
fn the_report_of_the_wrong_release_lists_conflicts() {
    let (_sim, client) = vpp(Release::V23_02);
    let wrong = client.best_match([CANDIDATES[1]]).unwrap();
    assert_eq!(
        wrong.to_string(),
        format!(
            "v26.06: VPP has {} of {} messages, and 2 with another CRC\n\
             ikev2_profile_details: this program has CRC 3e3e895b, VPP has 670d01d9\n\
             ikev2_set_ike_transforms: this program has CRC aa99fec0, VPP has 076d7378",
            wrong.report.present().count(),
            v26_06::MESSAGES.len(),
        )
    );
}

/// The simulator and the definitions of the release have the same messages.
#[test]
fn the_simulator_has_the_messages_of_the_older_release() {
    let (_sim, client) = vpp_without_plugin(Release::V23_02);
    let table = client.message_table();
    let keys = |messages: &[(&str, u32)]| -> BTreeSet<String> {
        let keys = messages
            .iter()
            .map(|(name, crc)| format!("{name}_{crc:08x}"));
        keys.collect()
    };
    for (old, new) in [
        (v23_02::memif::MESSAGES, v26_06::memif::MESSAGES),
        (v23_02::vpe::MESSAGES, v26_06::vpe::MESSAGES),
    ] {
        let (old, new) = (keys(old), keys(new));
        assert!(old.iter().all(|key| table.get(key).is_some()), "{old:?}");
        assert!(new.difference(&old).all(|key| table.get(key).is_none()));
    }
}

#[test]
fn the_list_of_messages_is_sorted_and_contains_all_modules() {
    for (messages, of_modules) in [
        (
            v23_02::MESSAGES,
            [
                v23_02::ikev2::MESSAGES,
                v23_02::memif::MESSAGES,
                v23_02::vpe::MESSAGES,
            ]
            .concat(),
        ),
        (
            v26_06::MESSAGES,
            [
                v26_06::ikev2::MESSAGES,
                v26_06::memif::MESSAGES,
                v26_06::vpe::MESSAGES,
            ]
            .concat(),
        ),
    ] {
        assert!(messages.is_sorted());
        let sorted: BTreeSet<_> = of_modules.into_iter().collect();
        assert!(messages.iter().eq(&sorted));
    }
}
