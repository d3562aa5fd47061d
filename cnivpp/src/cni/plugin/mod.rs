//! The trait for the verbs of a plugin, and the program.

mod call;
mod run;
#[cfg(test)]
mod tests;

pub use call::Call;
pub use run::run;

use std::future::Future;
use std::path::Path;

use super::{Attachment, CniResult, Result};

/// A CNI plugin.
///
/// [`run`] calls one verb per process, on a tokio runtime with one thread. It first checks the
/// environment variables, the standard keys of the configuration, and that the configuration's
/// version has the verb.
pub trait Plugin {
    /// Returns name, version and purpose, for users who start the program in a shell.
    fn about(&self) -> String;

    /// Attaches a container to the network. The result includes what the previous plugins in the
    /// chain attached.
    ///
    /// # Errors
    /// If it cannot be attached. The plugin undoes what it can.
    fn add(
        &self,
        call: &Call,
        attachment: &Attachment,
        netns: &Path,
    ) -> impl Future<Output = Result<CniResult>>;

    /// Checks an attachment against `expected`, the result of ADD.
    ///
    /// # Errors
    /// If anything differs.
    fn check(
        &self,
        call: &Call,
        attachment: &Attachment,
        netns: &Path,
        expected: &CniResult,
    ) -> impl Future<Output = Result<()>>;

    /// Removes an attachment. One that does not exist is not an error.
    ///
    /// # Errors
    /// If something remains; the runtime calls again.
    fn del(&self, call: &Call, attachment: &Attachment) -> impl Future<Output = Result<()>>;

    /// Removes the attachments of this network that are not valid; see
    /// [`Conf::valid_attachments`](super::Conf::valid_attachments).
    ///
    /// # Errors
    /// If something remains.
    fn gc(&self, call: &Call) -> impl Future<Output = Result<()>>;

    /// Reports whether ADD can be served.
    ///
    /// # Errors
    /// Code 50 if it cannot, 51 if existing attachments may be impaired as well.
    fn status(&self, call: &Call) -> impl Future<Output = Result<()>>;
}
