mod accepted;
mod documented;
mod mutated;
mod rejected;

use serde_json::{Value, json};

use super::*;
use crate::cni::Result;

fn parse(value: &Value) -> Result<NetConf> {
    NetConf::parse(value.as_object().unwrap())
}

/// The example in the Go plugin's README.
fn example() -> Value {
    json!({
        "cniVersion": "0.3.1", "type": "userspace", "name": "memif-network",
        "host": {
            "engine": "vpp", "iftype": "memif", "netType": "bridge",
            "memif": {"role": "master", "mode": "ethernet"}, "bridge": {"bridgeName": "4"}
        },
        "container": {
            "engine": "vpp", "iftype": "memif", "netType": "interface",
            "memif": {"role": "slave", "mode": "ethernet"}
        },
        "ipam": {
            "type": "host-local", "subnet": "10.56.217.0/24",
            "rangeStart": "10.56.217.131", "rangeEnd": "10.56.217.190",
            "routes": [{"dst": "0.0.0.0/0"}], "gateway": "10.56.217.1"
        }
    })
}

/// The smallest configuration of one side.
fn memif() -> Value {
    json!({"engine": "vpp", "iftype": "memif", "memif": {"role": "master"}})
}

/// The example with one value replaced; `null` removes it.
fn with(pointer: &str, value: Value) -> Value {
    let mut example = example();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    example.pointer_mut(parent).unwrap()[key] = value;
    example
}
