use cnivpp::api::{InterfaceIndex, bridge};

use crate::Session;
use crate::failure::Failure;
use crate::report::Step;
use crate::session::Created;

/// Puts an interface into a bridge domain, which is created if there is none of that
/// number; without a number, VPP chooses one.
pub(super) async fn join(
    session: &mut Session,
    id: Option<u32>,
    index: InterfaceIndex,
) -> Result<(), Failure> {
    let client = session.client();
    let id = match id {
        Some(id) if bridge::dump(&client).await?.iter().any(|it| it.id == id) => {
            session.say(&format!("  bridge domain {id} is there already, and stays"));
            id
        }
        id => create(session, id).await?,
    };
    let asked = bridge::join(&client, id, index);
    let made = Created::Member {
        sw_if_index: index,
        bridge: id,
    };
    session
        .step("join the bridge domain", Some(made), asked, |(), _| Step {
            text: format!("interface {} in bridge domain {id}", index.0),
            sw_if_index: Some(index.0),
            id: Some(id),
            ..Step::default()
        })
        .await
}

async fn create(session: &mut Session, id: Option<u32>) -> Result<u32, Failure> {
    let (client, run) = (session.client(), session.run().to_owned());
    let asked = bridge::create(&client, id, &run);
    let made = Created::Bridge { id };
    session
        .step("create the bridge domain", Some(made), asked, |id, made| {
            if let Some(Created::Bridge { id: noted }) = made {
                *noted = Some(*id);
            }
            Step {
                text: format!("bridge domain {id} created"),
                id: Some(*id),
                ..Step::default()
            }
        })
        .await
}
