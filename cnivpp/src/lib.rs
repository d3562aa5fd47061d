//! Pod interfaces on VPP: memif and vhost-user, created, shown and removed.
//!
//! This is the library of the CNI plugin `userspace` and of the container program `usrsp-app`; the
//! README is their guide.
//!
//! | module | what it is |
//! |---|---|
//! | [`api`] | VPP's messages as typed functions |
//! | [`engine`] | the steps that an interface consists of: look, do, undo |
//! | [`attachment`] | one attachment: identity, desired state, record |
//! | [`CniVpp`] | add, check and remove an attachment |
//! | [`cni`] | the CNI protocol; knows no VPP |
//! | [`netconf`] | the configuration of `userspace` |
//! | [`files`], [`localdb`] | safe file operations; the node's records |
//! | [`handover`] | the files for the container's program |
//! | [`plugin`], [`pod`] | the two programs |

pub mod api;
pub mod attachment;
pub mod cni;
mod cni_vpp;
pub mod engine;
pub mod files;
pub mod handover;
pub mod localdb;
pub mod netconf;
pub mod plugin;
pub mod pod;

pub use cni_vpp::{CniVpp, NotAdded, Remains};
