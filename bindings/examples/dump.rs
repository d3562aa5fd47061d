//! Prints all interfaces with their addresses.
//!
//! ```console
//! $ VPP_API_SOCKET=/run/vpp/api.sock cargo run -p vpp-bindings --example dump
//! ```

use vpp_bindings::client::{Client, Error};
use vpp_bindings::interface::SwInterfaceDump;
use vpp_bindings::ip::IpAddressDump;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, connection) = Client::builder().name("dump").connect().await?;
    tokio::spawn(connection);

    let mut interfaces = client.dump(SwInterfaceDump::default());
    while let Some(interface) = interfaces.next().await {
        let interface = interface?;
        println!("{} {}", interface.sw_if_index.0, interface.interface_name);
        for is_ipv6 in [false, true] {
            let request = IpAddressDump {
                sw_if_index: interface.sw_if_index,
                is_ipv6,
            };
            for address in client.dump(request).all().await? {
                println!("    {}", address.prefix);
            }
        }
    }
    client.disconnect().await;
    Ok(())
}
