//! Records the messages of a client: the last ones of both directions, with times.
//!
//! [`Builder::trace`](crate::Builder::trace) turns recording on. [`Client::trace`] returns what
//! was recorded, which [`Trace::write_vpp`] saves in VPP's trace format and
//! [`Trace::write_json_lines`] as JSON.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use vpp_client::Client;
//! use vpp_client::trace::TraceOptions;
//!
//! let builder = Client::builder().trace(TraceOptions::new().messages(10_000));
//! let (client, connection) = builder.connect().await?;
//! tokio::spawn(connection);
//! // After something went wrong:
//! let trace = client.trace().unwrap_or_default();
//! trace.write_vpp(std::fs::File::create("messages.trace")?)?;
//! # Ok(())
//! # }
//! ```
//!
//! A request is recorded when it is queued, an answer or event when it arrives. The messages of
//! the handshake are not recorded. Without recording, a message costs one check.
//!
//! [`Client::trace`]: crate::Client::trace

mod options;
mod recorder;
mod snapshot;
mod vpp_file;

pub use options::TraceOptions;
pub(crate) use recorder::Recorder;
pub use snapshot::{Direction, Trace, TracedMessage};
