use std::path::PathBuf;
use std::time::Duration;

use super::choice::Choice;
use super::paths::{Paths, absolute};
use super::{Side, consistency};
use crate::cni::Result;
use crate::cni::error::code;
use crate::cni::fields::{Fields, Problems};
use crate::cni::json::{Object, shorten};

/// The plugin's own keys of a network configuration, with defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetConf {
    /// The interface of the node's VPP.
    pub host: Side,
    /// The interface that the container's program creates.
    pub container: Side,
    /// Credentials for the Kubernetes API.
    pub kubeconfig: Option<PathBuf>,
    /// kubelet's root folder, which holds the emptyDir volumes of pods.
    pub kubelet_root: PathBuf,
    /// The folder for socket files and the container's configuration.
    pub shared_dir: Option<PathBuf>,
    /// A file for log messages, in addition to stderr.
    pub log_file: Option<PathBuf>,
    /// The least severe messages that are logged.
    pub log_level: LogLevel,
    /// The API socket of the node's VPP.
    pub vpp_socket: PathBuf,
    /// The folder for the plugin's records.
    pub state_dir: PathBuf,
    /// Whether records are synced to the disk before anything is changed, so that they survive a
    /// power failure. A power failure also ends VPP and the pods' network namespaces. The runtime
    /// calls DEL for attachments without a record.
    pub durable: bool,
    /// The time limit of one call.
    pub timeout: Duration,
    /// The paths of the node in VPP's container and in the pod.
    pub paths: Paths,
    /// Warnings about keys that are probably misspelled.
    pub warnings: Vec<String>,
}

/// The severity of log messages, from the most severe.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// The program cannot continue.
    Panic,
    /// A call failed.
    Error,
    /// A call succeeded, but something is unusual.
    #[default]
    Warning,
    /// What the plugin did.
    Info,
    /// How the plugin did it.
    Debug,
    /// Every message to and from VPP.
    Verbose,
}

impl Choice for LogLevel {
    const ALL: &'static [(&'static str, Self)] = &[
        ("panic", Self::Panic),
        ("error", Self::Error),
        ("warning", Self::Warning),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("verbose", Self::Verbose),
    ];
}

pub(super) const KEYS: &[&str] = &[
    "host",
    "container",
    "kubeconfig",
    "kubeletRoot",
    "sharedDir",
    "logFile",
    "logLevel",
    "vppSocket",
    "stateDir",
    "durable",
    "timeoutSeconds",
    "paths",
];

impl NetConf {
    /// The API socket of a VPP with the default configuration.
    pub const VPP_SOCKET: &str = "/run/vpp/api.sock";

    /// The default state folder, which is also the Go plugin's.
    pub const STATE_DIR: &str = "/var/lib/cni/usrspcni";

    /// kubelet's default root folder.
    pub const KUBELET_ROOT: &str = "/var/lib/kubelet";

    /// Reads the plugin's keys of a network configuration.
    ///
    /// # Errors
    /// Code 7 with every invalid key and its value, or 2 if one of them is not supported.
    pub fn parse(object: &Object) -> Result<Self> {
        let mut problems = Problems::default();
        let fields = Fields::new(object, "");
        let empty = Object::new();
        let mut side = |key: &str, host: Option<&Side>| {
            let object = fields.object(key, &mut problems);
            let object = object.unwrap_or_else(|| Fields::new(&empty, key));
            Side::read(&object, host, &mut problems)
        };
        let host = side("host", None);
        let container = side("container", Some(&host));
        if problems.is_empty() {
            consistency::check(&host, &container, &mut problems);
        }
        let seconds = fields.number("timeoutSeconds", 1..=600, &mut problems);
        let paths = fields.object("paths", &mut problems);
        let mut path = |key| absolute(&fields, key, &mut problems);
        let netconf = Self {
            host,
            container,
            kubeconfig: path("kubeconfig"),
            kubelet_root: path("kubeletRoot").unwrap_or_else(|| Self::KUBELET_ROOT.into()),
            shared_dir: path("sharedDir"),
            log_file: path("logFile"),
            vpp_socket: path("vppSocket").unwrap_or_else(|| Self::VPP_SOCKET.into()),
            state_dir: path("stateDir").unwrap_or_else(|| Self::STATE_DIR.into()),
            log_level: log_level(&fields, &mut problems),
            durable: fields.flag("durable", &mut problems).unwrap_or(false),
            timeout: Duration::from_secs(seconds.unwrap_or(30)),
            paths: paths.map_or_else(Paths::default, |it| Paths::read(&it, &mut problems)),
            warnings: misspelled(object),
        };
        netconf.check_socket(&mut problems);
        problems.into_result("the network configuration", code::CONFIG)?;
        Ok(netconf)
    }

    /// Reads only the paths, for a DEL with an invalid configuration: it must still delete the pod.
    /// Invalid paths are ignored.
    #[must_use]
    pub fn parse_paths(object: &Object) -> Self {
        let mut problems = Problems::default();
        let fields = Fields::new(object, "");
        let empty = Object::new();
        let side = Side::read(&Fields::new(&empty, "host"), None, &mut problems);
        let mut path = |key| absolute(&fields, key, &mut problems);
        Self {
            container: side.clone(),
            host: side,
            kubeconfig: path("kubeconfig"),
            kubelet_root: path("kubeletRoot").unwrap_or_else(|| Self::KUBELET_ROOT.into()),
            shared_dir: path("sharedDir"),
            log_file: path("logFile"),
            vpp_socket: path("vppSocket").unwrap_or_else(|| Self::VPP_SOCKET.into()),
            state_dir: path("stateDir").unwrap_or_else(|| Self::STATE_DIR.into()),
            log_level: LogLevel::default(),
            durable: false,
            timeout: Duration::from_secs(30),
            paths: Paths::default(),
            warnings: Vec::new(),
        }
    }

    /// Checks the length of `vppSocket`. Linux limits a socket path to 108 bytes including NUL.
    fn check_socket(&self, problems: &mut Problems) {
        let length = self.vpp_socket.as_os_str().len();
        if length > 107 {
            problems.invalid(format!(
                "vppSocket has {length} bytes; a socket path has at most 107"
            ));
        }
    }
}

/// Reads `logLevel`, ignoring case as the Go plugin does.
fn log_level(fields: &Fields<'_>, problems: &mut Problems) -> LogLevel {
    let parse = |text: &str| {
        let mut words = LogLevel::ALL.iter();
        let found = words.find(|(word, _)| word.eq_ignore_ascii_case(text));
        found
            .map(|(_, level)| *level)
            .ok_or("is not one of panic, error, warning, info, debug, verbose")
    };
    fields
        .parsed("logLevel", parse, problems)
        .unwrap_or_default()
}

/// Returns a warning for each key that differs from a known key only in case, `_` or `-`.
fn misspelled(object: &Object) -> Vec<String> {
    let plain = |key: &str| key.to_ascii_lowercase().replace(['_', '-'], "");
    let mut warnings = Vec::new();
    for key in object.keys().filter(|it| !KEYS.contains(&it.as_str())) {
        let mut ours = KEYS.iter();
        if let Some(ours) = ours.find(|it| plain(it) == plain(key)) {
            let key = shorten(key);
            warnings.push(format!(
                "key {key:?} of the network configuration is ignored; did you mean {ours:?}?"
            ));
        }
    }
    warnings
}
