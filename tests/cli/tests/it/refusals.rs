use vpp_sim::{Fault, FaultRule};

use crate::support::{assert_empty, run_on, sim_with};

/// What each program asks of VPP, in this order.
const STEPS: [(&str, &[&str]); 3] = [
    (
        "memifAddDel",
        &[
            "memif_socket_filename_add_del_v2",
            "memif_create_v2",
            "sw_interface_tag_add_del",
            "sw_interface_set_flags",
            "bridge_domain_add_del_v2",
            "sw_interface_set_l2_bridge",
        ],
    ),
    (
        "vhostUserAddDel",
        &[
            "create_vhost_user_if_v2",
            "sw_interface_tag_add_del",
            "sw_interface_set_flags",
            "bridge_domain_add_del_v2",
            "sw_interface_set_l2_bridge",
        ],
    ),
    (
        "ipAddDel",
        &[
            "memif_socket_filename_add_del_v2",
            "memif_create_v2",
            "sw_interface_tag_add_del",
            "sw_interface_set_flags",
            "sw_interface_add_del_address",
        ],
    ),
];

/// Each program with each of its steps going wrong once.
pub fn each_step(mut check: impl FnMut(&str, &str)) {
    for (program, steps) in STEPS {
        for step in steps {
            check(program, step);
        }
    }
}

#[test]
fn a_refusal_at_any_step_takes_everything_back() {
    each_step(|program, step| {
        let context = format!("{program}, {step} refused");
        let sim = sim_with([FaultRule::new(step, Fault::Retval(-1)).times(1)]);
        let ended = run_on(&sim, program, &[]);
        assert_eq!(ended.status, 5, "{context}: {ended:?}");
        let told = format!("{step}: VPP answered -1 (UNSPECIFIED: generic failure)");
        assert!(ended.err.contains(&told), "{context}: {}", ended.err);
        assert_empty(&sim, &context);
    });
}

#[test]
fn the_second_address_is_refused() {
    let refusal = FaultRule::new("sw_interface_add_del_address", Fault::Retval(-127));
    let sim = sim_with([refusal.after(1).times(1)]);
    let ended = run_on(&sim, "ipAddDel", &[]);
    assert_eq!(ended.status, 5);
    assert!(ended.err.contains("DUPLICATE_IF_ADDRESS"), "{}", ended.err);
    assert!(ended.err.contains("hint: "), "{}", ended.err);
    assert_empty(&sim, "second address");
}

#[test]
fn a_refusal_while_taking_back_stops_nothing_and_is_made_up_for() {
    // The second message of its kind is that which takes back.
    let kinds = [
        "sw_interface_set_l2_bridge",
        "bridge_domain_add_del_v2",
        "sw_interface_set_flags",
        "memif_socket_filename_add_del_v2",
    ];
    for kind in kinds {
        let refusal = FaultRule::new(kind, Fault::Retval(-1)).after(1).times(1);
        let sim = sim_with([refusal]);
        let ended = run_on(&sim, "memifAddDel", &[]);
        assert_eq!(ended.status, 0, "{kind}: {ended:?}");
        assert!(
            ended.out.contains("! cannot remove"),
            "{kind}: {}",
            ended.out
        );
        assert_empty(&sim, kind);
    }
}

#[test]
fn what_stays_is_named() {
    let refusal = FaultRule::new("memif_delete", Fault::Retval(-167));
    let sim = sim_with([refusal]);
    let ended = run_on(&sim, "memifAddDel", &[]);
    assert_eq!(ended.status, 10, "{ended:?}");
    assert!(ended.err.contains("left behind: memif"), "{}", ended.err);
    assert!(
        ended.err.contains("left behind: memif socket"),
        "{}",
        ended.err
    );
    assert!(ended.out.contains("-167 (BUSY"), "{}", ended.out);
    // The rest was taken back all the same.
    assert_eq!(sim.state().bridges().count(), 0);
}
