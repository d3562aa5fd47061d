use std::hash::{BuildHasher, RandomState};

use cnivpp::api::MacAddress;

/// A name for this run that no other has: the tag of all that it creates.
#[must_use]
pub fn run_name(program: &str) -> String {
    let [a, b, ..] = random();
    format!("{program}-{}-{a:02x}{b:02x}", std::process::id())
}

/// A MAC address as VPP makes them up.
///
/// The program chooses it, so that it knows its memif again by it.
pub(crate) fn random_mac() -> MacAddress {
    let [a, b, c, d, ..] = random();
    MacAddress([0x02, 0xfe, a, b, c, d])
}

fn random() -> [u8; 8] {
    RandomState::new()
        .hash_one(std::process::id())
        .to_ne_bytes()
}
