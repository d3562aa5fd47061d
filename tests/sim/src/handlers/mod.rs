//! Handles requests: decodes them, changes the state, replies. One file per API module.

mod af_packet;
mod arp;
mod call;
mod dispatcher;
mod interface;
mod ip;
mod ip6_nd;
mod ip_neighbor;
mod l2;
mod memclnt;
mod memif;
mod plugin;
mod refusal;
mod register;
mod route;
mod tapv2;
mod vhost_user;
mod vlib;
mod vpe;

pub(crate) use call::{Call, Sink};
pub(crate) use dispatcher::Dispatcher;
pub(crate) use interface::event as interface_event;
pub use plugin::{Caller, Plugin};

use vpp_wire::VppError;

use crate::text::text;

/// All messages with the handlers of all modules and plugins.
pub(crate) fn dispatcher(plugins: Vec<Plugin>) -> Dispatcher {
    let mut dispatcher = Dispatcher::new();
    memclnt::register(&mut dispatcher);
    vlib::register(&mut dispatcher);
    vpe::register(&mut dispatcher);
    interface::register(&mut dispatcher);
    ip::register(&mut dispatcher);
    route::register(&mut dispatcher);
    arp::register(&mut dispatcher);
    ip6_nd::register(&mut dispatcher);
    ip_neighbor::register(&mut dispatcher);
    l2::register(&mut dispatcher);
    memif::register(&mut dispatcher);
    vhost_user::register(&mut dispatcher);
    tapv2::register(&mut dispatcher);
    af_packet::register(&mut dispatcher);
    dispatcher.add_refusals();
    for plugin in plugins {
        dispatcher.add_plugin(plugin);
    }
    dispatcher
}

/// The `retval` of an outcome.
fn code<T>(outcome: &Result<T, VppError>) -> i32 {
    outcome.as_ref().err().map_or(0, |error| error.0)
}
