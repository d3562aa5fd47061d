//! The functions of `cnivpp::api` against the simulator of four releases, and against a real VPP.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod layer3;
mod names;

use cnivpp::api::infra;
use vpp_bindings::client::Client;
use vpp_sim::{Release, Sim};

/// The releases for which the API functions send different messages.
const RELEASES: [Release; 4] = [
    Release::V22_10,
    Release::V23_02,
    Release::V24_06,
    Release::LATEST,
];

async fn connect(socket: &std::path::Path) -> Client {
    let builder = Client::builder().socket(socket).name("cnivpp-test");
    infra::connect(builder).await.unwrap()
}

async fn vpp(release: Release) -> (Sim, Client) {
    let sim = Sim::builder().release(release).start().await.unwrap();
    let client = connect(sim.socket()).await;
    (sim, client)
}
