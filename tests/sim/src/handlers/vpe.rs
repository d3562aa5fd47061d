//! What VPP says about itself.

use vpp_bindings::vpe::*;

use super::routes::Routes;
use super::{Call, text};

/// When this VPP was built, it says.
pub(super) const BUILD_DATE: &str = "2026-06-24T00:00:00";

pub(super) fn register(routes: &mut Routes) {
    routes.request(show_version);
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
