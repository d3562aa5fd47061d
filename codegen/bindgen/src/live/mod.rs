//! What a running VPP reports about its API: release, message table, definitions.

mod error;
mod fill;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use error::LiveError;
pub use fill::{Filled, Unknown};
use vpp_bindings::memclnt::GetApiJson;
use vpp_bindings::vpe::ShowVersion;
use vpp_client::blocking::Client;
use vpp_definitions::internal::{add_type_modules, folder_of_type_module, of_module, split};
use vpp_definitions::{Document, Documents, Input};

/// A running VPP and its messages.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RunningVpp {
    /// Its API socket.
    pub socket: PathBuf,
    /// Its release, such as `26.06-release`; empty if it does not report one.
    pub version: String,
    /// The CRC of each message in its table, by name.
    pub messages: BTreeMap<String, u32>,
}

/// The definitions of a running VPP.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LiveDefinitions {
    /// The definitions that VPP returned, completed from others.
    pub documents: Documents,
    /// What became of the messages that VPP has and does not define.
    pub filled: Filled,
}

/// Reads the release and the message table of the VPP that listens on `socket`.
///
/// # Errors
/// [`LiveError::Client`] if VPP cannot be reached, or does not answer within `timeout`.
pub fn ask(socket: &Path, timeout: Duration) -> Result<RunningVpp, LiveError> {
    let client = connect(socket, timeout)?;
    running_vpp(socket, &client)
}

/// Reads also the definitions, with `get_api_json` (VPP 24.06 and later).
///
/// VPP does not return the definitions of the module `memclnt` and of modules that register
/// their messages by hand. They are taken from the vendored definitions and from `others` if
/// the CRCs agree. [`LiveDefinitions::filled`] lists them, and the messages that have no
/// definition.
///
/// # Errors
/// As [`ask`]; a VPP without `get_api_json`; a reply that is not a list of definitions; and
/// `others` that cannot be read.
pub fn definitions(
    socket: &Path,
    others: &[Input],
    timeout: Duration,
) -> Result<(RunningVpp, LiveDefinitions), LiveError> {
    let client = connect(socket, timeout)?;
    let vpp = running_vpp(socket, &client)?;
    if !client.supports::<GetApiJson>() {
        return Err(LiveError::NoDefinitions {
            socket: socket.to_owned(),
            version: vpp.version,
        });
    }
    let reply = client.call(GetApiJson {}).map_err(client_error(socket))?;
    drop(client);
    let mut modules = split(reply.json.as_bytes()).map_err(|source| LiveError::Reply {
        socket: socket.to_owned(),
        source,
    })?;
    let filled = fill::fill(&mut modules, &vpp.messages, others)?;
    add_type_modules(&mut modules);
    let files = modules.into_iter().map(|module| Document {
        place: install_path(&module.module),
        text: module.json.to_string(),
        module: module.module,
    });
    let documents = Documents {
        origin: format!("unix:{}", socket.display()),
        files: files.collect(),
    };
    Ok((vpp, LiveDefinitions { documents, filled }))
}

fn connect(socket: &Path, timeout: Duration) -> Result<Client, LiveError> {
    let builder = vpp_client::Client::builder();
    let builder = builder.socket(socket).name("vpp-bindgen").timeout(timeout);
    builder.connect_blocking().map_err(client_error(socket))
}

fn running_vpp(socket: &Path, client: &Client) -> Result<RunningVpp, LiveError> {
    let version = if client.supports::<ShowVersion>() {
        let reply = client.call(ShowVersion {}).map_err(client_error(socket))?;
        reply.version.to_string()
    } else {
        String::new()
    };
    let table = client.message_table();
    let messages = table.iter().filter_map(|(key, _)| {
        let (name, crc) = key.rsplit_once('_')?;
        Some((name.to_owned(), u32::from_str_radix(crc, 16).ok()?))
    });
    Ok(RunningVpp {
        socket: socket.to_owned(),
        version,
        messages: messages.collect(),
    })
}

fn client_error(socket: &Path) -> impl FnOnce(vpp_client::Error) -> LiveError {
    let socket = socket.to_owned();
    move |source| LiveError::Client { socket, source }
}

/// The path that VPP installs the definitions of a module at.
fn install_path(module: &str) -> PathBuf {
    let of_messages = of_module(module).map(|provider| match provider.plugin {
        None => "core",
        Some(_) => "plugins",
    });
    let folder = of_messages.or_else(|| folder_of_type_module(module));
    let folder = folder.unwrap_or("plugins");
    Path::new(folder).join(format!("{module}.api.json"))
}
