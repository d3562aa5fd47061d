//! What a running VPP says about its API: its release, its message table, its definitions.
//!
//! `vpp-bindgen` asks through this; programs use `vpp-client`. It is small because the codec
//! of [`crate::Codec`] speaks every message whose definition is at hand, and those that the
//! questions need are among the vendored ones.
//!
//! One concept a file: `socket` is frames, `session` is the handshake and calls,
//! `fill` is what VPP leaves out of its definitions, `providers` is which plugin has which
//! message.

mod error;
mod fill;
mod providers;
mod session;
mod socket;

pub use error::LiveError;
pub use fill::{Filled, Unknown};
pub use providers::{Provider, provider};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Document, Documents, input};
use session::Session;

/// What a VPP that runs says about its API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RunningVpp {
    /// The socket that it was asked on.
    pub socket: PathBuf,
    /// Its release, such as `26.06-release`; empty where it does not say.
    pub version: String,
    /// The messages that it takes and sends, by name; each with its CRC.
    pub messages: BTreeMap<String, u32>,
}

/// The definitions of a running VPP.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LiveDefinitions {
    /// What VPP gave, and what was at hand of the rest.
    pub documents: Documents,
    /// Of whatever VPP has in its message table and not in the answer.
    pub filled: Filled,
}

impl RunningVpp {
    /// Asks the VPP that listens on `socket` who it is and which messages it has.
    ///
    /// # Errors
    /// When nobody listens there, or whoever does gives no answer of VPP's within `timeout`.
    pub fn ask(socket: &Path, timeout: Duration) -> Result<Self, LiveError> {
        let mut session = Session::open(socket, timeout)?;
        Self::of(socket, &mut session)
    }

    fn of(socket: &Path, session: &mut Session) -> Result<Self, LiveError> {
        Ok(Self {
            socket: socket.to_owned(),
            version: session.version()?,
            messages: session.messages(),
        })
    }

    /// Asks the VPP that listens on `socket` for its definitions too, as `get_api_json`
    /// gives them (from VPP 24.06 on).
    ///
    /// VPP leaves out those of the module `memclnt` and of modules that register their
    /// messages by hand. They are taken from the vendored definitions and from `others`, as
    /// far as the CRCs agree; [`LiveDefinitions::filled`] says which were, and which are
    /// known to nobody.
    ///
    /// # Errors
    /// As [`RunningVpp::ask`]; a VPP that lacks `get_api_json`; an answer that is not a list
    /// of definitions; and when `others` cannot be read.
    pub fn definitions(
        socket: &Path,
        others: &[crate::Definitions],
        timeout: Duration,
    ) -> Result<(Self, LiveDefinitions), LiveError> {
        let mut session = Session::open(socket, timeout)?;
        let vpp = Self::of(socket, &mut session)?;
        let Some(text) = session.api_json()? else {
            return Err(LiveError::NoDefinitions {
                socket: socket.to_owned(),
                version: vpp.version,
            });
        };
        let split = input::array::split(text.as_bytes());
        let mut files = split.map_err(|error| LiveError::Answer {
            socket: socket.to_owned(),
            asked: "get_api_json".to_owned(),
            problem: error.to_string(),
        })?;
        let filled = fill::fill(&mut files, &vpp.messages, others)?;
        input::type_modules::add(&mut files);
        let files = files.into_iter().map(|document| Document {
            place: place(&document.module),
            text: document.json.to_string(),
            module: document.module,
        });
        let documents = Documents {
            origin: format!("unix:{}", socket.display()),
            files: files.collect(),
        };
        Ok((vpp, LiveDefinitions { documents, filled }))
    }
}

/// Where VPP installs the definitions of a module.
fn place(module: &str) -> PathBuf {
    let of_messages = providers::of_module(module).map(|provider| match provider.plugin {
        None => "core",
        Some(_) => "plugins",
    });
    let folder = of_messages.or_else(|| input::type_modules::folder(module));
    let folder = folder.unwrap_or("plugins");
    Path::new(folder).join(format!("{module}.api.json"))
}
