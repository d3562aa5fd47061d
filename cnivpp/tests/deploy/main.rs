//! The manifests in `deploy/`, and the commands that they run.
