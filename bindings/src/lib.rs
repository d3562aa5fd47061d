//! Typed messages of VPP's binary API, generated from its API definitions.
