//! Installs the plugin on a node, from a pod of the DaemonSet.
//!
//! [`programs`] copies the programs, and [`Kubeconfig`] writes the credentials that the plugin uses.

mod kubeconfig;
mod programs;

pub use kubeconfig::{Kubeconfig, keep_kubeconfig};
pub use programs::{Installed, programs};
