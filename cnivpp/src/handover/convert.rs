//! Converts an [`Attachment`] to the layouts and back.

use std::path::Path;

use super::layout::SCHEMA;
use super::{
    Attachment, BridgeConf, ConfigData, Extension, Interface, MemifConf, UserSpaceConf, VhostConf,
    VhostMode, VhostUser, socket_name,
};
use crate::api::bridge;
use crate::attachment::MemifConfig;

/// The longest path or abstract name of a socket, in bytes.
const LONGEST_SOCKET: usize = 255;

impl UserSpaceConf {
    pub(super) fn new(attachment: &Attachment) -> Self {
        let (net_type, bridge_name) = match attachment.bridge {
            Some(id) => ("bridge", id.to_string()),
            None => ("interface", String::new()),
        };
        let bridge = BridgeConf {
            bridge_name,
            ..BridgeConf::default()
        };
        let socket = Path::new(&attachment.socket);
        let name = socket.file_name().filter(|_| socket.is_absolute());
        let socketfile = match name {
            Some(name) => name.to_string_lossy().into_owned(),
            None => attachment.socket.clone(),
        };
        let base = Self {
            engine: "vpp".to_owned(),
            net_type: net_type.to_owned(),
            bridge,
            ..Self::default()
        };
        match &attachment.interface {
            Interface::Memif(memif) => Self {
                if_type: "memif".to_owned(),
                memif: MemifConf {
                    role: if memif.is_master { "master" } else { "slave" }.to_owned(),
                    mode: if memif.is_ip { "ip" } else { "ethernet" }.to_owned(),
                    socketfile,
                },
                ..base
            },
            Interface::VhostUser(vhost) => Self {
                if_type: "vhostuser".to_owned(),
                vhost: VhostConf {
                    mode: vhost_text(vhost.mode).to_owned(),
                    group: String::new(),
                    socketfile,
                },
                ..base
            },
        }
    }
}

impl Extension {
    pub(super) fn new(attachment: &Attachment) -> Self {
        let base = Self {
            schema: SCHEMA,
            socket: attachment.socket.clone(),
            mac: attachment.mac.map(|it| it.to_string()),
            mtu: attachment.mtu,
            rx_mode: attachment.rx_mode,
            ..Self::default()
        };
        match &attachment.interface {
            Interface::Memif(memif) => Self {
                memif_id: memif.id,
                ring_size: memif.ring_size,
                buffer_size: memif.buffer_size,
                rx_queues: memif.rx_queues,
                tx_queues: memif.tx_queues,
                secret: memif.secret.clone(),
                ..base
            },
            Interface::VhostUser(_) => base,
        }
    }
}

/// Converts data from the folder `dir` to an attachment.
///
/// Without an [`Extension`], which the Go plugin does not write, the socket file is in `dir`.
pub(super) fn attachment(data: &ConfigData, dir: &Path) -> Result<Attachment, String> {
    let ConfigData {
        container_id,
        if_name,
        ..
    } = data;
    if container_id.is_empty() || container_id.contains(['/', '\0']) {
        return Err(format!("containerId {container_id:?} is not valid"));
    }
    check_if_name(if_name)?;
    let extension = match &data.vpp {
        Some(it) if it.schema > SCHEMA => {
            let schema = it.schema;
            let why = format!("its schema {schema} is too new (this release reads up to {SCHEMA})");
            return Err(why);
        }
        Some(it) => it.clone(),
        None => Extension::default(),
    };
    let config = &data.config;
    if !matches!(config.engine.as_str(), "" | "vpp") {
        return Err(format!("engine {:?} is not vpp", config.engine));
    }
    let interface = interface(config, &extension)?;
    let socket = socket(data, &extension, dir)?;
    let mac = extension.mac.as_deref().map(|it| {
        it.parse()
            .map_err(|_| format!("the MAC address {it:?} is not valid"))
    });
    Ok(Attachment {
        container_id: container_id.clone(),
        if_name: if_name.clone(),
        network: data.name.clone(),
        interface,
        socket,
        mac: mac.transpose()?,
        mtu: extension.mtu,
        rx_mode: extension.rx_mode,
        bridge: bridge(config)?,
        addresses: data.ip_result.addresses()?,
        routes: data.ip_result.routes()?,
    })
}

fn interface(config: &UserSpaceConf, extension: &Extension) -> Result<Interface, String> {
    match config.if_type.as_str() {
        "memif" => Ok(Interface::Memif(MemifConfig {
            is_master: match config.memif.role.as_str() {
                "master" => true,
                "slave" => false,
                other => return Err(format!("memif role {other:?} is not master or slave")),
            },
            is_ip: match config.memif.mode.as_str() {
                "" | "ethernet" => false,
                "ip" => true,
                other => return Err(format!("memif mode {other:?} is not ethernet or ip")),
            },
            id: extension.memif_id,
            ring_size: extension.ring_size,
            buffer_size: extension.buffer_size,
            rx_queues: extension.rx_queues,
            tx_queues: extension.tx_queues,
            secret: extension.secret.clone(),
        })),
        "vhostuser" => Ok(Interface::VhostUser(VhostUser {
            mode: match config.vhost.mode.as_str() {
                "client" => VhostMode::Client,
                "server" => VhostMode::Server,
                other => return Err(format!("vhost mode {other:?} is not client or server")),
            },
        })),
        other => Err(format!("iftype {other:?} is not memif or vhostuser")),
    }
}

fn socket(data: &ConfigData, extension: &Extension, dir: &Path) -> Result<String, String> {
    let config = &data.config;
    let name = match config.if_type.as_str() {
        "memif" => &config.memif.socketfile,
        _ => &config.vhost.socketfile,
    };
    let socket = if !extension.socket.is_empty() {
        extension.socket.clone()
    } else if name.is_empty() {
        let name = socket_name(&data.container_id, &data.if_name);
        dir.join(name).to_string_lossy().into_owned()
    } else if name.contains('/') || matches!(name.as_str(), "." | "..") {
        return Err(format!("socketfile {name:?} is not the name of a file"));
    } else {
        dir.join(name).to_string_lossy().into_owned()
    };
    if socket.contains('\0') {
        return Err(format!("the socket {socket:?} contains NUL"));
    }
    if socket.len() > LONGEST_SOCKET {
        let length = socket.len();
        return Err(format!(
            "the socket has {length} bytes, at most {LONGEST_SOCKET} are allowed"
        ));
    }
    Ok(socket)
}

fn bridge(config: &UserSpaceConf) -> Result<Option<u32>, String> {
    match config.net_type.as_str() {
        "" | "none" | "interface" => return Ok(None),
        "bridge" => {}
        other => {
            return Err(format!(
                "netType {other:?} is not none, bridge or interface"
            ));
        }
    }
    let name = &config.bridge.bridge_name;
    let id = match name.as_str() {
        "" => Some(config.bridge.bridge_id),
        name => name.parse().ok(),
    };
    match id {
        Some(id @ 1..=bridge::MAX_ID) => Ok(Some(id)),
        Some(id) => Err(format!(
            "bridge domain {id} is out of range (1 to {})",
            bridge::MAX_ID
        )),
        None => Err(format!(
            "bridgeName {name:?} is not a number (1 to {})",
            bridge::MAX_ID
        )),
    }
}

/// Checks an interface name by CNI's rules. It is part of file names.
fn check_if_name(name: &str) -> Result<(), String> {
    let is_bad = |it: char| matches!(it, '/' | ':' | '\0') || it.is_whitespace();
    if matches!(name, "" | "." | "..") || name.len() > 15 || name.contains(is_bad) {
        return Err(format!(
            "ifName {name:?} is not valid (1 to 15 bytes, no '/', ':' or space)"
        ));
    }
    Ok(())
}

fn vhost_text(mode: VhostMode) -> &'static str {
    match mode {
        VhostMode::Client => "client",
        VhostMode::Server => "server",
    }
}
