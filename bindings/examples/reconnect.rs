//! Requests VPP's version once per second, and reconnects after a restart of VPP. With a number as
//! argument it exits after that many replies.
//!
//! ```console
//! $ VPP_API_SOCKET=/run/vpp/api.sock cargo run -p vpp-bindings --example reconnect
//! ```

use std::time::Duration;

use vpp_bindings::client::{Client, Error, ErrorKind, HealthCheck, ReconnectPolicy};
use vpp_bindings::vpe::ShowVersion;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let limit = std::env::args().nth(1).and_then(|limit| limit.parse().ok());
    let (client, connection) = Client::builder()
        .name("reconnect")
        .reconnect(ReconnectPolicy::new().first_delay(Duration::from_millis(50)))
        .health_check(HealthCheck::new())
        // Calls during a restart of VPP wait, up to their timeout.
        .wait_for_connection(true)
        .connect()
        .await?;
    tokio::spawn(connection);
    let mut states = client.state();
    tokio::spawn(async move {
        while let Some(state) = states.next().await {
            println!("{state:?}");
        }
    });

    let mut replies = 0u32;
    loop {
        match client.call(ShowVersion {}).await {
            Ok(version) => {
                println!("VPP {}", version.version);
                replies += 1;
                if Some(replies) == limit {
                    break;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            // The call was in flight when VPP exited. Repeating this request has no effect in
            // VPP. For other requests, check `error.effect()` first.
            Err(error) if error.kind() == ErrorKind::Disconnected => println!("{error}"),
            Err(error) => return Err(error),
        }
    }
    client.disconnect().await;
    Ok(())
}
