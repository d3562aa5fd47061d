use cnivpp::engine::{Step, steps};

use crate::Session;
use crate::failure::Failure;

/// Puts the interface into a bridge domain, which is created if it is missing; without a
/// number, VPP chooses one.
pub(super) async fn join(session: &mut Session, id: Option<u32>) -> Result<(), Failure> {
    let bridge = steps::Bridge {
        id,
        tag: session.run().to_owned(),
        is_shared: false,
    };
    session.step(Step::Bridge(bridge)).await?;
    session.step(Step::Member(steps::Member)).await
}
