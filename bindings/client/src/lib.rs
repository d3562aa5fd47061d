//! Async client for VPP's binary API over its unix socket.
