//! Creates a memif, prints its interface and deletes it.
//!
//! ```console
//! $ VPP_API_SOCKET=/run/vpp/api.sock cargo run -p vpp-bindings --example call
//! ```

use vpp_bindings::client::{Client, Effect, Error, ErrorKind};
use vpp_bindings::memif::{MemifCreateV2, MemifDelete, MemifRole};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, connection) = Client::builder().name("call").connect().await?;
    tokio::spawn(connection);

    let request = MemifCreateV2 {
        role: MemifRole::MASTER,
        ..Default::default()
    };
    let sw_if_index = match client.call(request).await {
        Ok(memif) => memif.sw_if_index,
        Err(error) if error.kind() == ErrorKind::Api => {
            println!("VPP refused: {error}");
            return Ok(());
        }
        Err(error) => {
            if error.effect() == Effect::Unknown {
                println!("the memif may exist: check before a retry");
            }
            return Err(error);
        }
    };
    println!("created interface {}", sw_if_index.0);
    client.call(MemifDelete { sw_if_index }).await?;
    println!("deleted interface {}", sw_if_index.0);
    client.disconnect().await;
    Ok(())
}
