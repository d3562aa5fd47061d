use vpp_bindings::client::{Client, Error};
use vpp_bindings::interface::{CreateLoopback, DeleteLoopback, SwInterfaceTagAddDel};
use vpp_bindings::interface_types::InterfaceIndex;
use vpp_bindings::wire::FixedString;

/// The number of requests in flight.
const WINDOW: usize = 64;

/// The tag of every loopback. It identifies those that a killed run has left on VPP.
const TAG: &str = "client-bench";

/// The loopbacks that were created for the dump.
#[derive(Debug, Default)]
pub(super) struct Loopbacks {
    created: Vec<InterfaceIndex>,
}

impl Loopbacks {
    /// Creates and tags loopbacks until there are `count`. After an error, those that were
    /// created are kept for [`remove`](Self::remove).
    pub(super) async fn create(&mut self, client: &Client, count: usize) -> Result<(), Error> {
        while self.created.len() < count {
            let window = WINDOW.min(count - self.created.len());
            let calls: Vec<_> = (0..window)
                .map(|_| client.call(CreateLoopback::default()))
                .collect();
            let first = self.created.len();
            let mut result = Ok(());
            for call in calls {
                match call.await {
                    Ok(reply) => self.created.push(reply.sw_if_index),
                    Err(error) => result = Err(error),
                }
            }
            let created = self.created.iter().skip(first).copied();
            tag(client, created).await?;
            result?;
        }
        Ok(())
    }

    /// Removes what was created. Carries on over errors and returns the first.
    pub(super) async fn remove(&mut self, client: &Client) -> Result<(), Error> {
        let mut result = Ok(());
        while !self.created.is_empty() {
            let start = self.created.len().saturating_sub(WINDOW);
            let rest = self.created.split_off(start);
            let calls: Vec<_> = rest
                .into_iter()
                .map(|sw_if_index| client.call(DeleteLoopback { sw_if_index }))
                .collect();
            for call in calls {
                result = result.and(call.await.map(drop));
            }
        }
        result
    }
}

async fn tag(client: &Client, all: impl Iterator<Item = InterfaceIndex>) -> Result<(), Error> {
    // The tag is short enough for the field.
    let tag = FixedString::new(TAG).unwrap_or_default();
    let calls: Vec<_> = all
        .map(|sw_if_index| {
            client.call(SwInterfaceTagAddDel {
                is_add: true,
                sw_if_index,
                tag,
            })
        })
        .collect();
    for call in calls {
        call.await?;
    }
    Ok(())
}
