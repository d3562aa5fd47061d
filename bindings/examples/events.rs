//! Prints what happens to interfaces: those that exist, then every change, until the
//! connection ends. With a number as argument it ends after so many events, and creates a
//! loopback to cause some.
//!
//! ```console
//! $ VPP_API_SOCKET=/run/vpp/api.sock cargo run -p vpp-bindings --example events
//! ```

use vpp_bindings::client::{Client, Error, HealthCheck, Notice};
use vpp_bindings::interface::{
    CreateLoopback, DeleteLoopback, SwInterfaceDump, WantInterfaceEvents,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let limit = std::env::args().nth(1).and_then(|limit| limit.parse().ok());
    // A program that only listens would not notice a VPP that hangs.
    let builder = Client::builder().name("events");
    let builder = builder.health_check(HealthCheck::new());
    let (client, connection) = builder.connect().await?;
    tokio::spawn(connection);

    // Subscribed first, so that nothing is missed in between.
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
            Notice::Lagged(missing) => println!("{missing} events are missing"),
            _ => println!("connected again; look at all interfaces anew"),
        }
        count += 1;
        if Some(count) == limit {
            break;
        }
    }
    client.disconnect().await;
    Ok(())
}
