//! Reads the API of a running VPP: release, message table, definitions.

mod complete;
mod error;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use complete::{Completion, UndefinedMessage};
pub use error::LiveError;
use vpp_bindings::memclnt::GetApiJson;
use vpp_bindings::vpe::ShowVersion;
use vpp_client::blocking::Client;
use vpp_definitions::json_array::{add_type_modules, split, type_module_folder};
use vpp_definitions::{Document, Documents, Input, module_provider};

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
    /// The definitions that VPP returned, and those that were added.
    pub documents: Documents,
    /// The messages whose definitions VPP does not return.
    pub completion: Completion,
}

/// Reads the release and the message table of the VPP that listens on `socket`.
///
/// # Errors
/// [`LiveError::Client`] if VPP cannot be reached or does not reply within `timeout`.
pub fn query(socket: &Path, timeout: Duration) -> Result<RunningVpp, LiveError> {
    let client = connect(socket, timeout)?;
    running_vpp(socket, &client)
}

/// Reads the release, the message table and the definitions of the VPP that listens on `socket`.
///
/// It uses `get_api_json` (VPP 24.06 and later), which does not return the definitions of the
/// module `memclnt` and of modules that register their messages by hand. These are taken from
/// `others` and the vendored definitions if the CRCs match. [`LiveDefinitions::completion`]
/// lists them, and the messages without a definition.
///
/// # Errors
/// As [`query`]; VPP does not have `get_api_json`; its reply is not a list of definitions; or
/// `others` cannot be read.
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
    let completion = complete::complete(&mut modules, &vpp.messages, others)?;
    add_type_modules(&mut modules);
    let files = modules.into_iter().map(|module| Document {
        path: install_path(&module.module),
        text: module.json.to_string(),
        module: module.module,
    });
    let documents = Documents {
        origin: format!("unix:{}", socket.display()),
        files: files.collect(),
    };
    Ok((
        vpp,
        LiveDefinitions {
            documents,
            completion,
        },
    ))
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

/// The path of a module's definitions in the folder that VPP installs.
fn install_path(module: &str) -> PathBuf {
    let known = module_provider(module).map(|provider| match provider.plugin {
        None => "core",
        Some(_) => "plugins",
    });
    let folder = known.or_else(|| type_module_folder(module));
    let folder = folder.unwrap_or("plugins");
    Path::new(folder).join(format!("{module}.api.json"))
}
