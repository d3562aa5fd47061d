//! Prints the interfaces and then every change, until the connection closes. With a number as
//! argument it creates a loopback interface to cause events, and exits after that many events.
//!
//! ```console
//! $ VPP_API_SOCKET=/run/vpp/api.sock cargo run -p vpp-bindings --example events
//! ```

use vpp_bindings::client::events::Notice;
use vpp_bindings::client::{Client, Error, HealthCheck};
use vpp_bindings::interface::{
    CreateLoopback, DeleteLoopback, SwInterfaceDump, WantInterfaceEvents,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let limit = std::env::args().nth(1).and_then(|limit| limit.parse().ok());
    // Without health checks, a program that only receives events does not detect a VPP that hangs.
    let builder = Client::builder().name("events");
    let builder = builder.health_check(HealthCheck::new());
    let (client, connection) = builder.connect().await?;
    tokio::spawn(connection);

    // Subscribes first, so that no change is missed.
    let mut events = client.subscribe::<WantInterfaceEvents>().await?;
    for interface in client.dump(SwInterfaceDump::default()).all().await? {
        println!("{} {}", interface.sw_if_index.0, interface.interface_name);
    }
    if limit.is_some() {
        let created = client.call(CreateLoopback::default()).await?;
        let sw_if_index = created.sw_if_index;
        client.call(DeleteLoopback { sw_if_index }).await?;
    }
    let mut count = 0u32;
    while let Some(notice) = events.next().await {
        match notice? {
            Notice::Event(event) => println!(
                "interface {}: {:?}, deleted: {}",
                event.sw_if_index.0, event.flags, event.deleted
            ),
            Notice::Lagged(lost) => println!("{lost} events were lost"),
            _ => println!("reconnected: events may have been lost"),
        }
        count += 1;
        if Some(count) == limit {
            break;
        }
    }
    client.disconnect().await;
    Ok(())
}
