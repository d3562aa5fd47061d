//! Typed messages of VPP's binary API.
//!
//! This crate has one module per file of VPP's API definitions and one struct per message. They
//! are generated when this crate is built, from the definitions of VPP 26.06 or from those in
//! `VPP_API_DIR`.
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
//! | feature | what it adds | default |
//! |---|---|---|
//! | `client` | [`client`], a re-export of `vpp-client` | yes |
//! | `blocking` | `client::blocking`, a client for programs that are not async | no |
//! | `memif`, `interface`, … | the module of that name and the modules whose types it uses | the most used |
//! | `serde` | serde's traits for all types and messages, in VPP's JSON convention | no |
//! | `registry` | `REGISTRY`, which decodes any payload by name and CRC | no |
//! | `all-modules` | all modules of the definitions | no |
//!
//! A message has the fields of the API, except `client_index` and `context`, which the client
//! sets, and the counts of variable arrays, which are computed from the arrays.
//!
//! [`MESSAGES`] lists the name and CRC of every message. The example `messages` prints it for
//! `vpp-bindgen diff --only-used`.

#[cfg(feature = "client")]
pub use vpp_client as client;
pub use vpp_wire as wire;

include!(concat!(env!("OUT_DIR"), "/mod.rs"));

/// Compiles the example of the README as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
