//! The pod object of the Kubernetes API: read for a shared folder, annotated for the pod's program.

mod shared_dir;

pub use shared_dir::SharedDir;
