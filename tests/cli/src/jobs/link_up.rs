use cnivpp::engine::{Step, steps};

use crate::Session;
use crate::failure::Failure;

/// Puts this run's tag on the interface, and sets it up.
pub(super) async fn tag_and_set_up(session: &mut Session) -> Result<(), Failure> {
    session.step(Step::Tag(steps::Tag)).await?;
    session.step(Step::AdminUp(steps::AdminUp)).await
}
