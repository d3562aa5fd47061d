use std::error::Error;
use std::io;

use cnivpp::api;
use vpp_bindings::client::{self, ErrorKind};

use super::remove::Undone;
use super::{Created, Session};
use crate::failure::chain;
use crate::report::Step;

/// How often VPP is asked to take one thing back.
const ATTEMPTS: usize = 2;

impl Session {
    /// Takes everything back, the newest first; carries on over errors and names what stays.
    ///
    /// What VPP refuses to remove gets another chance at the end: what was in its way may
    /// be gone by then.
    pub(super) async fn take_back(&mut self) {
        self.pass().await;
        if !self.stuck.is_empty() {
            self.created = std::mem::take(&mut self.stuck);
            self.created.reverse();
            self.pass().await;
        }
        for created in std::mem::take(&mut self.stuck) {
            self.report.left_behind(format!("{created} (see above)"));
        }
    }

    async fn pass(&mut self) {
        while let Some(created) = self.created.last().cloned() {
            let result = self.take_back_one(&created).await;
            let (text, error) = match result {
                Ok(Undone::Done(text)) => (text, None),
                Ok(Undone::Gone) => (format!("{created} is not there any more"), None),
                Err(error) => (format!("cannot remove {created}"), Some(error)),
            };
            self.report.step(Step {
                undo: true,
                sw_if_index: created.sw_if_index().map(|it| it.0),
                id: created.id(),
                error: error.as_ref().map(|it| chain(it)),
                text,
            });
            self.created.pop();
            if let Some(error) = error {
                self.stuck.push(created);
                if is_hopeless(&error) {
                    self.give_up("VPP cannot be reached");
                }
            }
        }
    }

    async fn take_back_one(&mut self, created: &Created) -> api::Result<Undone> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let result = match self.link.mend().await {
                Ok(()) => created.undo(&self.link.patient(), &self.run).await,
                Err(error) if has_ended(&error) => Ok(created.undo_without_vpp().await),
                Err(error) => Err(error),
            };
            match result {
                Err(error) if attempts < ATTEMPTS && is_worth_another(&error) => {}
                result => return result,
            }
        }
    }

    /// Names everything that is not yet taken back as left behind.
    pub(super) fn give_up(&mut self, why: &str) {
        let stuck = std::mem::take(&mut self.stuck);
        let created = std::mem::take(&mut self.created);
        for created in stuck.into_iter().chain(created.into_iter().rev()) {
            self.report.left_behind(format!("{created} ({why})"));
        }
    }
}

/// Whether VPP has exited: nothing listens on its socket any more.
pub(super) fn has_ended(error: &api::Error) -> bool {
    let io = error
        .request()
        .filter(|it| it.kind() == ErrorKind::Connect)
        .and_then(|it| it.source()?.downcast_ref::<io::Error>());
    io.is_some_and(|it| {
        let kind = it.kind();
        kind == io::ErrorKind::ConnectionRefused || kind == io::ErrorKind::NotFound
    })
}

/// Whether another attempt may help: VPP first looks whether the object still exists.
fn is_worth_another(error: &api::Error) -> bool {
    matches!(
        kind(error),
        Some(ErrorKind::Timeout | ErrorKind::Disconnected)
    )
}

/// Whether every later request fails in the same way.
fn is_hopeless(error: &api::Error) -> bool {
    use ErrorKind::{Connect, Disconnected, Timeout};
    matches!(kind(error), Some(Timeout | Disconnected | Connect))
}

fn kind(error: &api::Error) -> Option<ErrorKind> {
    error.request().map(client::Error::kind)
}
