//! A program with the messages of two releases, which connects to a VPP of either. The simulator
//! has a plugin whose messages changed between the two.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod calls;
mod closest;
mod used;

use vpp_bindings::client::blocking::Client;
use vpp_sim::{Plugin, Release, Sim, SimThread};

#[allow(dead_code, reason = "the tests use a few of its messages")]
mod v23_02 {
    include!(concat!(env!("OUT_DIR"), "/v23_02/mod.rs"));
}

#[allow(dead_code, reason = "the tests use a few of its messages")]
mod v26_06 {
    include!(concat!(env!("OUT_DIR"), "/v26_06/mod.rs"));
}

/// The releases to choose from.
const CANDIDATES: [(&str, &[(&str, u32)]); 2] =
    [("v23.02", v23_02::MESSAGES), ("v26.06", v26_06::MESSAGES)];

/// A VPP with the plugin `ikev2` of its release, and a client.
fn vpp(release: Release) -> (SimThread, Client) {
    let plugin = Plugin::new("ikev2");
    let plugin = if release == Release::V23_02 {
        use v23_02::ikev2::*;
        plugin
            .request(|_: Ikev2SetIkeTransforms, _| Ikev2SetIkeTransformsReply::default())
            .dump(|_: Ikev2ProfileDump, _| vec![Ikev2ProfileDetails::default()])
    } else {
        use v26_06::ikev2::*;
        plugin
            .request(|_: Ikev2SetIkeTransforms, _| Ikev2SetIkeTransformsReply::default())
            .dump(|_: Ikev2ProfileDump, _| vec![Ikev2ProfileDetails::default()])
    };
    let sim = Sim::builder().release(release).plugin(plugin);
    connected(sim.start_thread().unwrap())
}

/// A VPP without the plugin, and a client.
fn vpp_without_plugin(release: Release) -> (SimThread, Client) {
    connected(Sim::builder().release(release).start_thread().unwrap())
}

fn connected(sim: SimThread) -> (SimThread, Client) {
    let client = Client::builder().socket(sim.socket()).connect_blocking();
    (sim, client.unwrap())
}
