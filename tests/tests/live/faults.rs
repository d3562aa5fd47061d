use std::path::Path;
use std::time::Duration;

use vpp_codegen::live::{LiveError, RunningVpp};
use vpp_sim::{Fault, FaultRule, Release, SimThread};

use super::vpp;

const LONG: Duration = Duration::from_secs(10);

fn definitions(sim: &SimThread, timeout: Duration) -> LiveError {
    RunningVpp::definitions(sim.socket(), &[], timeout).unwrap_err()
}

fn with(fault: Fault) -> SimThread {
    vpp(Release::V26_06, [FaultRule::new("get_api_json", fault)])
}

#[test]
fn a_socket_that_nobody_listens_on_is_an_error_that_says_what_to_look_at() {
    let error = RunningVpp::ask(Path::new("/nowhere/api.sock"), LONG).unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("cannot connect to /nowhere/api.sock:"),
        "{text}"
    );
    assert!(text.ends_with("(socksvr in its startup.conf)?"), "{text}");
}

#[test]
fn an_answer_that_does_not_come_is_waited_for_no_longer_than_told() {
    let sim = with(Fault::Drop);
    let error = definitions(&sim, Duration::from_millis(50));
    assert!(matches!(error, LiveError::Timeout { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("no answer to get_api_json within 50ms")
    );
}

#[test]
fn a_connection_that_breaks_is_an_error() {
    for fault in [Fault::CloseBefore, Fault::CloseAfter, Fault::Truncate] {
        let error = definitions(&with(fault), LONG);
        assert!(matches!(error, LiveError::Lost { .. }), "{error}");
    }
}

#[test]
fn what_vpp_never_says_is_an_error() {
    for (fault, problem) in [
        (Fault::Retval(-9), "it refuses with -9"),
        (Fault::Garbage(0), "a frame of"),
    ] {
        let error = definitions(&with(fault), LONG);
        let LiveError::Answer { problem: said, .. } = &error else {
            panic!("{error}");
        };
        assert!(said.contains(problem), "{said}");
    }
}
