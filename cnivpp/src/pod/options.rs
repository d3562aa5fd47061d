use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use vpp_bindings::client;

use crate::handover::{DEFAULT_DIR, DEFAULT_MAPPED_DIR};

/// The last paragraph of `--help`.
const STATUS: &str = "\
Exit status:
    0  every interface is configured
    1  an interface is not configured or a file cannot be read; the other interfaces are configured
    2  the options are not valid
    3  no configuration was found in time
    4  VPP could not be reached in time";

/// Configures the VPP of this container for the interfaces that the CNI plugin userspace added.
///
/// Existing configuration is kept, so the command can be repeated.
#[derive(Debug, Clone, Parser)]
#[command(name = "usrsp-app", version, after_help = STATUS)]
pub(super) struct Options {
    /// API socket of the container's VPP [default: $VPP_API_SOCKET, else /run/vpp/api.sock]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// Folder with files of the plugin; may be repeated
    /// [default: /var/lib/cni/usrspcni/data and /var/lib/cni/usrspcni]
    #[arg(long = "dir", value_name = "PATH")]
    dirs: Vec<PathBuf>,

    /// File with the pod's annotations (Downward API), searched after the folders
    #[arg(long, value_name = "PATH", default_value = "/etc/podinfo/annotations")]
    pub(super) annotations: PathBuf,

    /// Time to wait for files and VPP
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = parse_seconds)]
    pub(super) wait: Duration,

    /// Keep running: configure interfaces that are added later, and all after a restart of VPP
    #[arg(long)]
    pub(super) watch: bool,

    /// Print one JSON document per line instead of text
    #[arg(long)]
    pub(super) json: bool,

    /// Also print existing configuration to stderr
    #[arg(long, short)]
    pub(super) verbose: bool,
}

impl Options {
    /// Returns the API socket of the container's VPP.
    pub(super) fn socket(&self) -> PathBuf {
        self.socket
            .clone()
            .unwrap_or_else(client::connection::socket_path)
    }

    /// Returns the folders to read.
    pub(super) fn dirs(&self) -> Vec<PathBuf> {
        if self.dirs.is_empty() {
            return vec![DEFAULT_DIR.into(), DEFAULT_MAPPED_DIR.into()];
        }
        self.dirs.clone()
    }
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "not a number of seconds")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if seconds <= 86_400.0 => Ok(time),
        _ => Err("out of range (0 to 86400 seconds)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_consistent() {
        use clap::CommandFactory;
        Options::command().debug_assert();
    }

    #[test]
    fn times_out_of_range_are_rejected() {
        for bad in ["", "-1", "nan", "inf", "86401", "1e400", "x"] {
            assert!(parse_seconds(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_seconds("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_seconds("0"), Ok(Duration::ZERO));
    }
}
