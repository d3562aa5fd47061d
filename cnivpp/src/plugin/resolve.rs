//! Derives the desired state from the configuration.

use std::path::{Path, PathBuf};

use crate::api::MacAddress;
use crate::api::memif;
use crate::attachment::{
    Id, Layer3, MemifConfig, Network, Socket, SocketMode, Want, WantInterface, WantVhostUser,
};
use crate::cni::{Error, Requested, Result};
use crate::engine::FileLocation;
use crate::files::group_id;
use crate::kubernetes::SharedDir;
use crate::localdb::cid12;
use crate::netconf::{self, MemifMode, MemifRole, NetConf, SocketType, VhostMode};

/// Derives the desired state of an attachment, without the addresses from IPAM.
///
/// # Errors
/// Code 7 when a path that follows from the configuration is invalid, or a group is unknown.
pub(super) fn want(
    conf: &NetConf,
    network: &str,
    id: &Id,
    netns: &Path,
    requested: &Requested,
    shared_dir: Option<&SharedDir>,
) -> Result<Want> {
    let _ = shared_dir;
    let (host, container) = (&conf.host, &conf.container);
    let (interface, settings) = interface(host);
    let socket = socket(conf, id, netns, &settings)?;
    let is_ip = matches!(&interface, WantInterface::Memif(it) if it.is_ip);
    let mac = |end: &str, chosen: Option<MacAddress>| {
        (!is_ip).then(|| chosen.unwrap_or_else(|| id.mac(end)))
    };
    let requested = requested.mac.map(|it| MacAddress(it.0));
    if is_ip && requested.is_some() {
        return Err(Error::config(
            "a MAC address was requested, but a memif in mode ip has none",
        ));
    }
    let configured = |side: &netconf::Side| side.mac.map(|it| MacAddress(it.0));
    Ok(Want {
        interface,
        socket,
        mac: mac("host", configured(host)),
        pod_mac: mac("pod", requested.or(configured(container))),
        mtu: host.mtu.map(u32::from),
        rx_mode: host.rx_mode,
        network: match host.network {
            netconf::Network::None => Network::None,
            netconf::Network::Bridge { id } => Network::Bridge { id },
            netconf::Network::Interface { table } => Network::Layer3(Layer3 {
                table,
                name: network.to_owned(),
                addresses: Vec::new(),
                gateways: Vec::new(),
            }),
        },
    })
}

/// The settings of an interface that determine its socket.
struct SocketSettings {
    /// Whether VPP on the node creates the file.
    listens: bool,
    is_abstract: bool,
    file: Option<String>,
    group: Option<String>,
    mode: Option<u32>,
    /// Prefix and suffix of the default file name.
    prefix: &'static str,
    suffix: &'static str,
}

fn interface(host: &netconf::Side) -> (WantInterface, SocketSettings) {
    match &host.interface {
        netconf::Interface::Memif(it) => {
            let is_master = it.role == MemifRole::Master;
            let memif = MemifConfig {
                is_master,
                is_ip: it.mode == MemifMode::Ip,
                id: it.id,
                ring_size: Some(it.ring_size),
                buffer_size: Some(it.buffer_size),
                rx_queues: Some(it.rx_queues),
                tx_queues: Some(it.tx_queues),
                secret: it
                    .secret
                    .as_ref()
                    .map_or_else(String::new, |it| it.expose().to_owned()),
            };
            let settings = SocketSettings {
                listens: is_master,
                is_abstract: it.socket_type == SocketType::Abstract,
                file: it.socket_file.as_ref().map(|it| it.as_str().to_owned()),
                group: it.group.clone(),
                mode: it.socket_mode,
                prefix: "memif-",
                suffix: ".sock",
            };
            (WantInterface::Memif(memif), settings)
        }
        netconf::Interface::Vhost(it) => {
            let is_server = it.mode == VhostMode::Server;
            let vhost = WantVhostUser {
                is_server,
                gso: it.gso,
                packed: it.packed,
            };
            let settings = SocketSettings {
                listens: is_server,
                is_abstract: false,
                file: it.socket_file.as_ref().map(|it| it.as_str().to_owned()),
                group: it.group.clone(),
                mode: it.socket_mode,
                prefix: "",
                suffix: "",
            };
            (WantInterface::VhostUser(vhost), settings)
        }
    }
}

fn socket(conf: &NetConf, id: &Id, netns: &Path, settings: &SocketSettings) -> Result<Socket> {
    let cid12 = cid12(&id.container_id);
    let name = settings.file.clone().unwrap_or_else(|| {
        format!(
            "{}{cid12}-{}{}",
            settings.prefix, id.if_name, settings.suffix
        )
    });
    if settings.is_abstract {
        let netns = netns.display();
        let vpp = format!("abstract:{name},netns_name={netns}");
        check_name(&vpp)?;
        return Ok(Socket {
            vpp,
            host: None,
            pod: format!("abstract:{name}"),
            is_own_name: settings.file.is_none(),
            access: None,
        });
    }
    let (base, folder) = folder(conf, &cid12);
    let path = base.join(&folder).join(&name);
    let vpp = text(&conf.paths.to_vpp(&path))?;
    check_path(&vpp)?;
    let pod = text(&conf.paths.to_pod(&path))?;
    check_path(&pod)?;
    Ok(Socket {
        vpp,
        host: Some(FileLocation { base, folder, name }),
        pod,
        is_own_name: settings.file.is_none(),
        access: access(settings)?,
    })
}

/// Returns the folder of the socket file: the trusted folder, and the container's own folder in it.
fn folder(conf: &NetConf, cid12: &str) -> (PathBuf, PathBuf) {
    match &conf.shared_dir {
        Some(shared) => (shared.clone(), PathBuf::from(cid12)),
        None => (conf.state_dir.join("shared"), PathBuf::new()),
    }
}

fn access(settings: &SocketSettings) -> Result<Option<SocketMode>> {
    if !settings.listens || (settings.group.is_none() && settings.mode.is_none()) {
        return Ok(None);
    }
    let gid = settings.group.as_deref().map(group_id).transpose();
    let gid = gid.map_err(|error| Error::config(error.to_string()))?;
    let mode = settings.mode.unwrap_or(0o770);
    Ok(Some(SocketMode { gid, mode }))
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| Error::config(format!("the path {} is not UTF-8", path.display())))
}

fn check_path(path: &str) -> Result<()> {
    let (length, max) = (path.len(), memif::MAX_FILE_NAME);
    if length > max {
        let why = format!("the socket path {path} has {length} bytes; VPP accepts at most {max}");
        let details = "use a shorter sharedDir or stateDir, or socketType abstract";
        return Err(Error::config(why).with_details(details));
    }
    check_name(path)
}

/// Rejects names that a release of VPP rejects, or accepts without ever connecting.
fn check_name(name: &str) -> Result<()> {
    memif::validate_socket_name(name, memif::Role::Master)
        .map_err(|error| Error::config(crate::engine::chain(&error)))
}
