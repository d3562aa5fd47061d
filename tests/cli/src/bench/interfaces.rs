use vpp_bindings::client::{Client, Error};
use vpp_bindings::interface::{CreateLoopback, DeleteLoopback};
use vpp_bindings::interface_types::InterfaceIndex;

/// How many requests are on their way at once.
const WINDOW: usize = 64;

/// Loopbacks that were made for the dump.
#[derive(Debug, Default)]
pub(super) struct Loopbacks {
    made: Vec<InterfaceIndex>,
}

impl Loopbacks {
    /// Creates loopbacks until there are so many; those that came to be are kept on an error.
    pub(super) async fn create(&mut self, client: &Client, count: usize) -> Result<(), Error> {
        while self.made.len() < count {
            let window = WINDOW.min(count - self.made.len());
            let calls: Vec<_> = (0..window)
                .map(|_| client.call(CreateLoopback::default()))
                .collect();
            let mut result = Ok(());
            for call in calls {
                match call.await {
                    Ok(reply) => self.made.push(reply.sw_if_index),
                    Err(error) => result = Err(error),
                }
            }
            result?;
        }
        Ok(())
    }

    /// Removes what was created; goes on over errors and returns the first.
    pub(super) async fn remove(&mut self, client: &Client) -> Result<(), Error> {
        let mut result = Ok(());
        while !self.made.is_empty() {
            let rest = self.made.split_off(self.made.len().saturating_sub(WINDOW));
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
