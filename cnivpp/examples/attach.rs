//! Adds, checks and removes an attachment on a simulated VPP.
//!
//! ```text
//! cargo run -p cnivpp --example attach
//! ```

use std::error::Error;
use std::fs;
use std::path::Path;

use cnivpp::cni::{self, Environment};
use cnivpp::plugin::Userspace;
use serde_json::{Value, json};
use vpp_sim::Sim;

fn main() -> Result<(), Box<dyn Error>> {
    let vpp = Sim::builder().start_thread()?;
    let folder = tempfile::Builder::new().prefix("attach-").tempdir()?;
    // A runtime passes the network namespace of the pod. The plugin does not change it.
    let netns = folder.path().join("netns");
    fs::write(&netns, "")?;

    let mut conf = json!({
        "cniVersion": "1.1.0",
        "name": "bench",
        "type": "userspace",
        "vppSocket": vpp.socket(),
        "stateDir": folder.path().join("state"),
        "host": {
            "engine": "vpp",
            "iftype": "memif",
            "netType": "bridge",
            "memif": {"role": "master"},
            "bridge": {"bridgeName": "7"},
        },
    });
    println!("the network configuration:\n{conf:#}");

    let result = call("ADD", &conf, &netns)?;
    println!("\nADD returned:\n{result:#}");
    println!("\nVPP holds:\n{}", vpp.state().holdings());

    conf["prevResult"] = result;
    call("CHECK", &conf, &netns)?;
    println!("CHECK found no difference");
    call("DEL", &conf, &netns)?;
    println!("\nafter DEL, VPP holds:\n{}", vpp.state().holdings());
    Ok(())
}

/// Calls the plugin like a runtime: with variables, the configuration on stdin, JSON on stdout.
fn call(verb: &str, conf: &Value, netns: &Path) -> Result<Value, Box<dyn Error>> {
    let environment = Environment::default()
        .with("CNI_COMMAND", verb)
        .with("CNI_CONTAINERID", "pod1")
        .with("CNI_IFNAME", "net1")
        .with("CNI_NETNS", netns)
        .with("CNI_PATH", "/opt/cni/bin");
    let mut stdout = Vec::new();
    cni::run(
        &Userspace,
        conf.to_string().as_bytes(),
        environment,
        &mut stdout,
    );
    if stdout.is_empty() {
        return Ok(Value::Null);
    }
    let document: Value = serde_json::from_slice(&stdout)?;
    match document.get("code") {
        None => Ok(document),
        Some(_) => Err(format!("{verb} failed: {document:#}").into()),
    }
}
