//! The version of VPP.

use vpp_bindings::vpe::*;

use super::dispatcher::Dispatcher;
use super::{Call, text};

/// The build date that VPP reports.
pub(super) const BUILD_DATE: &str = "2026-06-24T00:00:00";

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher.request(show_version);
}

fn show_version(call: &mut Call<'_>, _: ShowVersion) -> ShowVersionReply {
    ShowVersionReply {
        retval: 0,
        program: text("vpe"),
        version: text(&format!("{}-release", call.release().number())),
        build_date: text(BUILD_DATE),
        build_directory: text("/vpp-sim"),
    }
}
