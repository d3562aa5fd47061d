use std::path::PathBuf;

use clap::Args;

/// The option of commands that need a running VPP.
#[derive(Args)]
pub(super) struct ApiSocket {
    /// The API socket of VPP.
    #[arg(
        long,
        value_name = "PATH",
        env = "VPP_API_SOCKET",
        default_value = "/run/vpp/api.sock"
    )]
    pub(super) socket: PathBuf,
}
