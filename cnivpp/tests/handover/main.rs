//! Tests of the files for the container's program.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

mod container;
mod hostile;
mod layouts;

use std::path::Path;

use cnivpp::attachment::MemifConfig;
use cnivpp::files::Dir;
use cnivpp::handover::{Address, Attachment, Interface, ReadOutcome, Route, RxMode};

/// A container ID in the format of most runtimes.
pub(crate) const ID: &str = "0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d";

pub(crate) fn folder() -> (tempfile::TempDir, Dir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = Dir::open(folder.path()).expect("it opens");
    (folder, dir)
}

/// Creates an attachment in which every field is set.
pub(crate) fn full(if_name: &str) -> Attachment {
    Attachment {
        container_id: ID.to_owned(),
        if_name: if_name.to_owned(),
        network: "net".to_owned(),
        interface: Interface::Memif(MemifConfig {
            is_master: true,
            is_ip: true,
            id: 7,
            ring_size: Some(2048),
            buffer_size: Some(4096),
            rx_queues: Some(2),
            tx_queues: Some(3),
            secret: "s3cret".to_owned(),
        }),
        socket: format!("/run/x/memif-{if_name}.sock"),
        mac: Some("02:00:00:00:00:01".parse().expect("a MAC address")),
        mtu: Some(1400),
        rx_mode: Some(RxMode::Adaptive),
        bridge: None,
        addresses: vec![
            Address {
                address: "10.1.0.5/24".parse().expect("an address"),
                gateway: Some("10.1.0.1".parse().expect("an address")),
            },
            Address {
                address: "fd00::5/64".parse().expect("an address"),
                gateway: None,
            },
        ],
        routes: vec![Route {
            dst: "0.0.0.0/0".parse().expect("a prefix"),
            gw: Some("10.1.0.1".parse().expect("an address")),
        }],
    }
}

pub(crate) fn write(path: &Path, name: &str, content: impl AsRef<[u8]>) {
    std::fs::write(path.join(name), content).expect("it can be written");
}

/// Returns the interface names that were found.
pub(crate) fn names(found: &ReadOutcome) -> Vec<&str> {
    let all = found.attachments.iter();
    all.map(|it| it.attachment.if_name.as_str()).collect()
}
