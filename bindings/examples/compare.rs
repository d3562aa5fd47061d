//! Compares the messages of two running VPPs, for example of two releases.
//!
//! ```console
//! $ cargo run -p vpp-bindings --example compare -- /run/old/api.sock /run/new/api.sock
//! ```

use std::sync::Arc;

use vpp_bindings::MESSAGES;
use vpp_bindings::client::table::MessageTable;
use vpp_bindings::client::{Client, Error};
use vpp_bindings::vpe::ShowVersion;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut paths = std::env::args().skip(1);
    let (Some(old), Some(new)) = (paths.next(), paths.next()) else {
        println!("usage: compare OLD-SOCKET NEW-SOCKET");
        return Ok(());
    };
    let (old_version, old) = query(&old).await?;
    let (new_version, new) = query(&new).await?;
    println!("{} messages in VPP {old_version}", old.len());
    println!("{} messages in VPP {new_version}", new.len());
    for (name, crc) in MESSAGES {
        let (before, after) = (old.presence(name, *crc), new.presence(name, *crc));
        if before != after {
            println!("{name}: {before:?} -> {after:?}");
        }
    }
    Ok(())
}

async fn query(socket: &str) -> Result<(String, Arc<MessageTable>), Error> {
    let builder = Client::builder().name("compare").socket(socket);
    let (client, connection) = builder.connect().await?;
    tokio::spawn(connection);
    let version = client.call(ShowVersion {}).await?.version.to_string();
    let table = client.message_table();
    client.disconnect().await;
    Ok((version, table))
}
