//! Uses the blocking client: prints VPP's version and interfaces, then waits briefly for events.
//!
//! ```console
//! $ VPP_API_SOCKET=/run/vpp/api.sock cargo run -p vpp-bindings --features blocking --example blocking
//! ```

use std::time::Duration;

use vpp_bindings::client::{Client, Error};
use vpp_bindings::interface::{SwInterfaceDump, WantInterfaceEvents};
use vpp_bindings::vpe::ShowVersion;

fn main() -> Result<(), Error> {
    let client = Client::builder().name("blocking").connect_blocking()?;
    println!("VPP {}", client.call(ShowVersion {})?.version);
    for interface in client.dump(SwInterfaceDump::default()) {
        println!("{}", interface?.interface_name);
    }
    let mut events = client.subscribe::<WantInterfaceEvents>()?;
    match events.next_timeout(Duration::from_millis(100)) {
        Some(notice) => println!("{:?}", notice?),
        None => println!("no events"),
    }
    Ok(())
}
