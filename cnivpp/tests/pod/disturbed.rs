use std::collections::BTreeSet;

use cnivpp::handover::Source;
use vpp_sim::{Fault, FaultRule};

use crate::support::{Container, command, run};

/// Returns the requests of a run on an empty VPP.
fn requests() -> BTreeSet<&'static str> {
    let container = Container::new();
    container.write(&container.attachment("net1"));
    assert_eq!(container.run().status, 0);
    let all = container.sim.requests().into_iter();
    all.filter(|it| !it.contains("sockclnt") && !it.contains("ping"))
        .collect()
}

#[test]
fn a_run_after_any_failed_request_completes_the_configuration() {
    let all = requests();
    assert!(all.len() > 8, "{all:?}");
    for message in all {
        let container = Container::new();
        let attachment = container.attachment("net1");
        container.write(&attachment);
        container
            .sim
            .add_fault(FaultRule::new(message, Fault::Retval(-1)).times(1));
        let ended = container.run();
        // A failed dump is an empty one.
        let is_dump = message.ends_with("dump") || message.ends_with("lookup");
        assert!(ended.status == 1 || is_dump, "{message}: {ended:?}");
        container.sim.clear_faults();
        let ended = container.run();
        assert_eq!(ended.status, 0, "{message}: {ended:?}");
        container.assert_has(&[attachment]);
    }
}

#[test]
fn a_run_after_any_lost_connection_completes_the_configuration() {
    for message in requests() {
        for fault in [Fault::CloseBefore, Fault::CloseAfter] {
            let container = Container::new();
            let attachment = container.attachment("net1");
            container.write(&attachment);
            container
                .sim
                .add_fault(FaultRule::new(message, fault.clone()).times(1));
            let ended = container.run();
            assert_eq!(ended.status, 1, "{message}, {fault:?}: {ended:?}");
            container.sim.clear_faults();
            let ended = container.run();
            assert_eq!(ended.status, 0, "{message}, {fault:?}: {ended:?}");
            container.assert_has(&[attachment]);
        }
    }
}

#[test]
fn an_unreachable_vpp_has_its_own_exit_status() {
    let container = Container::new();
    container.write(&container.attachment("net1"));
    let nowhere = container.path("api.sock");
    let ended = run(command(&nowhere, container.folder.path()).args(["--wait", "0"]));
    assert_eq!(ended.status, 4, "{ended:?}");
    assert!(ended.err.contains("api.sock"), "{ended:?}");
    assert_eq!(ended.states(), [("net1".to_owned(), "failed".to_owned())]);
    // The configuration is kept for the next run.
    let found = cnivpp::handover::read(&[&container.dir]);
    assert_eq!(found.attachments[0].source, Source::Own);
    assert_eq!(container.run().status, 0);
}

#[test]
fn a_vpp_without_memif_is_reported() {
    let container = Container::new();
    container.write(&container.attachment("net1"));
    container
        .sim
        .add_fault(FaultRule::new("memif_create_v2", Fault::Hide));
    container
        .sim
        .add_fault(FaultRule::new("memif_create", Fault::Hide));
    let ended = container.run();
    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("memif_create"), "{ended:?}");
}
