//! A trace that the client has recorded from the simulator.

use vpp_bindings::interface::{
    CreateLoopback, DeleteLoopback, SwInterfaceAddDelAddress, SwInterfaceSetFlags,
};
use vpp_bindings::interface_types::IfStatusFlags;
use vpp_bindings::ip::IpAddressDump;
use vpp_client::Client;
use vpp_client::trace::{Trace, TraceOptions};
use vpp_sim::{Release, Sim, SimThread};

pub struct Recorded {
    pub trace: Trace,
    pub path: String,
    _folder: tempfile::TempDir,
}

/// A VPP with this number of loopbacks.
pub fn vpp(loopbacks: usize) -> SimThread {
    let builder = Sim::builder().release(Release::V26_06);
    let sim = builder.start_thread().unwrap();
    let client = Client::builder().socket(sim.socket()).connect_blocking();
    let client = client.unwrap();
    for _ in 0..loopbacks {
        client.call(CreateLoopback::default()).unwrap();
    }
    sim
}

/// Two loopbacks, an address on the second, which is dumped; the first is deleted, and flags
/// are set on it, which VPP refuses. VPP had one other loopback before.
pub fn session() -> Recorded {
    let sim = vpp(1);
    let builder = Client::builder().socket(sim.socket());
    let client = builder
        .trace(TraceOptions::new())
        .connect_blocking()
        .unwrap();
    let first = client.call(CreateLoopback::default()).unwrap().sw_if_index;
    let second = client.call(CreateLoopback::default()).unwrap().sw_if_index;
    let address = SwInterfaceAddDelAddress {
        sw_if_index: second,
        is_add: true,
        prefix: "10.0.0.1/24".parse().unwrap(),
        ..SwInterfaceAddDelAddress::default()
    };
    client.call(address).unwrap();
    let dump = IpAddressDump {
        sw_if_index: second,
        is_ipv6: false,
    };
    assert_eq!(client.dump(dump).count(), 1);
    client.call(DeleteLoopback { sw_if_index: first }).unwrap();
    let flags = SwInterfaceSetFlags {
        sw_if_index: first,
        flags: IfStatusFlags::ADMIN_UP,
    };
    client.call(flags).unwrap_err();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.trace");
    let trace = client.trace().unwrap();
    trace
        .write_vpp(std::fs::File::create(&path).unwrap())
        .unwrap();
    Recorded {
        trace,
        path: path.to_str().unwrap().to_owned(),
        _folder: folder,
    }
}
