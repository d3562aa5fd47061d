use cnivpp::api::{InterfaceIndex, interface};

use crate::Session;
use crate::failure::Failure;
use crate::report::Step;
use crate::session::Created;

/// Puts this run's tag on an interface, so that it is known as ours.
pub(super) async fn tag(session: &mut Session, index: InterfaceIndex) -> Result<(), Failure> {
    let (client, run) = (session.client(), session.run().to_owned());
    let text = format!("interface {} tagged {run}", index.0);
    let asked = interface::set_tag(&client, index, &run);
    session
        .step("tag the interface", None, asked, |(), _| Step {
            text,
            sw_if_index: Some(index.0),
            ..Step::default()
        })
        .await
}

/// Sets an interface up.
pub(super) async fn set_up(session: &mut Session, index: InterfaceIndex) -> Result<(), Failure> {
    let client = session.client();
    let asked = interface::set_admin_up(&client, index, true);
    let made = Some(Created::AdminUp(index));
    session
        .step("set the interface up", made, asked, |(), _| Step {
            text: format!("interface {} set up", index.0),
            sw_if_index: Some(index.0),
            ..Step::default()
        })
        .await
}
