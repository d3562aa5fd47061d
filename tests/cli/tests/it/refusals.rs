use vpp_sim::{Fault, FaultRule};

use crate::support::{assert_empty, run_on, sim_with};

/// The requests of each program that change VPP, in order.
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

/// Calls `check` for each step of each program.
pub fn each_step(mut check: impl FnMut(&str, &str)) {
    for (program, steps) in STEPS {
        for step in steps {
            check(program, step);
        }
    }
}

#[test]
fn refusal_at_any_step_removes_everything() {
    each_step(|program, step| {
        let context = format!("{program}, {step} refused");
        let sim = sim_with([FaultRule::new(step, Fault::Retval(-1)).times(1)]);
        let output = run_on(&sim, program, &[]);
        assert_eq!(output.status, 5, "{context}: {output:?}");
        let expected = format!("{step}: VPP answered -1 (UNSPECIFIED: generic failure)");
        assert!(output.err.contains(&expected), "{context}: {}", output.err);
        assert_empty(&sim, &context);
    });
}

#[test]
fn refusal_of_the_second_address_removes_the_first() {
    let refusal = FaultRule::new("sw_interface_add_del_address", Fault::Retval(-127));
    let sim = sim_with([refusal.after(1).times(1)]);
    let output = run_on(&sim, "ipAddDel", &[]);
    assert_eq!(output.status, 5);
    assert!(
        output.err.contains("DUPLICATE_IF_ADDRESS"),
        "{}",
        output.err
    );
    assert!(output.err.contains("hint: "), "{}", output.err);
    assert_empty(&sim, "second address");
}

#[test]
fn refused_removal_is_tried_again() {
    // The second message of each name is the one that removes.
    let kinds = [
        "sw_interface_set_l2_bridge",
        "bridge_domain_add_del_v2",
        "sw_interface_set_flags",
        "memif_socket_filename_add_del_v2",
    ];
    for kind in kinds {
        let refusal = FaultRule::new(kind, Fault::Retval(-1)).after(1).times(1);
        let sim = sim_with([refusal]);
        let output = run_on(&sim, "memifAddDel", &[]);
        assert_eq!(output.status, 0, "{kind}: {output:?}");
        assert!(
            output.out.contains("! cannot remove"),
            "{kind}: {}",
            output.out
        );
        assert_empty(&sim, kind);
    }
}

#[test]
fn objects_that_are_left_are_named() {
    let refusal = FaultRule::new("memif_delete", Fault::Retval(-167));
    let sim = sim_with([refusal]);
    let output = run_on(&sim, "memifAddDel", &[]);
    assert_eq!(output.status, 10, "{output:?}");
    assert!(output.err.contains("left behind: memif"), "{}", output.err);
    assert!(
        output.err.contains("left behind: memif socket"),
        "{}",
        output.err
    );
    assert!(output.out.contains("-167 (BUSY"), "{}", output.out);
    // The rest is removed.
    assert_eq!(sim.state().bridges().count(), 0);
}
