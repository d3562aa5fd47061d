use std::path::Path;
use std::time::Duration;

use vpp_bindgen::live::{self, LiveError};
use vpp_client::ErrorKind;
use vpp_sim::{Fault, FaultRule, Release, SimThread};

use super::vpp;

const LONG: Duration = Duration::from_secs(10);

fn definitions(sim: &SimThread, timeout: Duration) -> LiveError {
    live::definitions(sim.socket(), &[], timeout).unwrap_err()
}

fn kind(error: &LiveError) -> ErrorKind {
    match error {
        LiveError::Client { source, .. } => source.kind(),
        other => panic!("{other}"),
    }
}

fn with(fault: Fault) -> SimThread {
    vpp(Release::LATEST, [FaultRule::new("get_api_json", fault)])
}

#[test]
fn the_error_of_a_socket_without_listener_names_what_to_check() {
    let error = live::query(Path::new("/nowhere/api.sock"), LONG).unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("cannot connect to VPP at /nowhere/api.sock:"),
        "{text}"
    );
    assert!(text.contains("check that VPP is running"), "{text}");
}

#[test]
fn a_missing_reply_times_out() {
    let sim = with(Fault::Drop);
    let error = definitions(&sim, Duration::from_millis(50));
    assert_eq!(kind(&error), ErrorKind::Timeout, "{error}");
    let text = error.to_string();
    assert!(
        text.contains("get_api_json") && text.contains("50ms"),
        "{text}"
    );
}

#[test]
fn a_connection_that_breaks_is_an_error() {
    for fault in [Fault::CloseBefore, Fault::CloseAfter, Fault::Truncate] {
        let error = definitions(&with(fault), LONG);
        assert_eq!(kind(&error), ErrorKind::Disconnected, "{error}");
    }
}

#[test]
fn an_invalid_reply_is_an_error() {
    for (fault, expected, part) in [
        (Fault::Retval(-9), ErrorKind::Api, "-9"),
        (
            Fault::Garbage(0),
            ErrorKind::Disconnected,
            "received an invalid frame",
        ),
    ] {
        let error = definitions(&with(fault), LONG);
        assert_eq!(kind(&error), expected, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}
