//! A VPP control plane that answers like VPP, for tests and machines without VPP.
