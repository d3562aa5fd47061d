//! The CNI protocol.
//!
//! A plugin implements [`Plugin`]. [`run`] reads the runtime's call, passes it to the plugin and
//! prints one JSON document. The versions 0.3.0 to 1.1.0 of the specification are supported, each
//! with its own verbs and results.
//!
//! | module | what it has |
//! |---|---|
//! | [`env`](mod@env) | verb, attachment and plugin folders from environment variables |
//! | [`conf`] | the standard keys of a network configuration |
//! | [`requested`] | addresses and devices that the runtime requests |
//! | [`result`] | results of ADD in any version |
//! | [`ipam`] | delegation to an IPAM plugin |
//! | [`plugin`] | the trait for the verbs, and the program |
//! | [`error`] | errors with the codes of the specification |
//! | [`version`] | versions of the specification |
//! | [`json`], [`fields`], [`mac`] | strict JSON, typed values in it, MAC addresses |

pub mod conf;
pub mod env;
pub mod error;
pub mod fields;
pub mod ipam;
pub mod json;
pub mod mac;
pub mod plugin;
pub mod requested;
pub mod result;
pub mod version;

pub use conf::Conf;
pub use env::{Attachment, Environment, Verb};
pub use error::{Error, Result};
pub use ipam::Delegate;
pub use mac::Mac;
pub use plugin::{Call, Plugin, run};
pub use requested::Requested;
pub use result::CniResult;
pub use version::Version;
