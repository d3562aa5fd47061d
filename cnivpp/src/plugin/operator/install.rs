use std::path::Path;
use std::process::ExitCode;

use crate::cni::{Error, Result};
use crate::install::{Installed, programs};
use crate::plugin::agent;

/// Copies this program, and those beside it, to the node.
pub(super) fn install(bin_dir: &Path, kubeconfig: Option<&Path>) -> Result<ExitCode> {
    let failed = |error: std::io::Error| {
        Error::io(error.to_string())
            .with_details("the folder must exist, be writable, and have free space")
    };
    let own = std::env::current_exe().map_err(failed)?;
    let from = own.parent().unwrap_or(Path::new("/"));
    for installed in programs(from, bin_dir).map_err(failed)? {
        match installed {
            Installed::Copied(path) => println!("{}: copied", path.display()),
            Installed::Unchanged(path) => println!("{}: unchanged", path.display()),
        }
    }
    if let Some(path) = kubeconfig {
        agent::of_service_account()?.write(path).map_err(failed)?;
        println!("{}: written", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
