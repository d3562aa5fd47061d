//! Typed messages of VPP's binary API.
//!
//! One module a file of VPP's API definitions, one struct a message, generated when this
//! crate is built: from the definitions of VPP 26.06, or from those in `VPP_API_DIR`.
//!
//! ```no_run
//! use vpp_bindings::client::Client;
//! use vpp_bindings::memif::{MemifCreateV2, MemifRole};
//!
//! # async fn example() -> Result<(), vpp_bindings::client::Error> {
//! let (client, connection) = Client::builder().name("example").connect().await?;
//! tokio::spawn(connection);
//! let memif = client
//!     .call(MemifCreateV2 { role: MemifRole::MASTER, ..Default::default() })
//!     .await?;
//! println!("memif is interface {}", memif.sw_if_index);
//! # Ok(())
//! # }
//! ```
//!
//! | feature | what it brings | default |
//! |---|---|---|
//! | `client` | [`client`]: `vpp-client` under this roof | yes |
//! | `memif`, `interface`, … | the module of that name, and those whose types it uses | twelve of them |
//! | `serde` | VPP's JSON for all types and messages | no |
//! | `registry` | `REGISTRY`: any payload to a value, by name and CRC | no |
//! | `all-modules` | every module of the definitions | no |
//!
//! A message has the fields of the API except `client_index` and `context`, which the
//! client fills in, and the counts of variable arrays, which come from the arrays.
//!
//! [`MESSAGES`] has name and CRC of all of them; the example `messages` prints it as a list for
//! `vpp-bindgen diff --only-used`.

#[cfg(feature = "client")]
pub use vpp_client as client;
pub use vpp_wire as wire;

include!(concat!(env!("OUT_DIR"), "/mod.rs"));
