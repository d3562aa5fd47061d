//! Asks VPP for its version once a second and survives its restarts. With a number as argument
//! it ends after so many answers.
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
        // Calls made while VPP restarts wait for it, up to their timeout.
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

    let mut answers = 0u32;
    loop {
        match client.call(ShowVersion {}).await {
            Ok(version) => {
                println!("VPP {}", version.version);
                answers += 1;
                if Some(answers) == limit {
                    break;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            // The call was in flight when VPP went away. Asking for a version again does no
            // harm; for other requests look at `error.effect()` first.
            Err(error) if error.kind() == ErrorKind::Disconnected => println!("{error}"),
            Err(error) => return Err(error),
        }
    }
    client.disconnect().await;
    Ok(())
}
