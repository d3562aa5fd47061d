//! Creates, checks and removes the interfaces of pods on VPP: memif and vhost-user.
//!
//! This is the library of the CNI plugin `userspace` and of the container program `usrsp-app`. The
//! README describes both.
//!
//! | module | content |
//! |---|---|
//! | [`api`] | VPP's messages as typed functions |
//! | [`engine`] | the steps that create, check and remove an interface |
//! | [`attachment`] | one attachment: identity, desired state, record |
//! | [`CniVpp`] | adds, checks and removes an attachment |
//! | [`cni`] | the CNI protocol, without VPP |
//! | [`netconf`] | the configuration of `userspace` |
//! | [`files`], [`localdb`] | safe file operations; the node's records |
//! | [`handover`] | the files for the container's program |
//! | [`kubernetes`] | the pod object: its shared folder and annotations |
//! | [`install`] | copies the programs to a node, and writes a kubeconfig |
//! | [`plugin`], [`pod`] | the two programs |
//!
//! Without the feature `plugin`, which is on by default, the crate consists of [`api`] alone and
//! depends on `vpp-bindings`, `vpp-client` and few others.

#![cfg_attr(
    not(feature = "plugin"),
    allow(
        rustdoc::broken_intra_doc_links,
        reason = "the table above links to the modules of the feature"
    )
)]

pub mod api;
#[cfg(feature = "plugin")]
pub mod attachment;
#[cfg(feature = "plugin")]
pub mod cni;
#[cfg(feature = "plugin")]
mod cni_vpp;
#[cfg(feature = "plugin")]
pub mod engine;
#[cfg(feature = "plugin")]
pub mod files;
#[cfg(feature = "plugin")]
pub mod handover;
#[cfg(feature = "plugin")]
pub mod install;
#[cfg(feature = "plugin")]
pub mod kubernetes;
#[cfg(feature = "plugin")]
pub mod localdb;
#[cfg(feature = "plugin")]
pub mod netconf;
#[cfg(feature = "plugin")]
pub mod plugin;
#[cfg(feature = "plugin")]
pub mod pod;

#[cfg(feature = "plugin")]
pub use cni_vpp::{CniVpp, NotAdded, Remains, Restored};

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
