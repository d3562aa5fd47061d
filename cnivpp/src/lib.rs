//! Pod interfaces on VPP: memif and vhost-user, created, shown and removed.

pub mod api;
pub mod cni;
pub mod engine;
pub mod files;
pub mod handover;
pub mod localdb;
pub mod netconf;
