//! One pod object of the Kubernetes API: read for its shared folder, and annotated for its program.
//!
//! | file | content |
//! |---|---|
//! | `access` | the credentials: a kubeconfig, or those of the pod that this process runs in |
//! | `api` | GET, PATCH and PUT of a pod, with retries after conflicts |
//! | `pod` | the fields that are read |
//! | `volumes`, `shared_dir` | the volumes, and the one named `shared-dir` |
//! | `annotations` | the entries of `userspace/configuration-data` |
//! | `splice` | replaces the annotations in the text of an object |

mod access;
mod annotations;
mod api;
mod error;
mod pod;
mod shared_dir;
mod splice;
mod volumes;

pub use access::Access;
pub use annotations::{Changes, add_entry, remove_entry};
pub use api::PodApi;
pub use error::{Error, Result};
pub use pod::{Pod, PodName};
pub use shared_dir::SharedDir;
