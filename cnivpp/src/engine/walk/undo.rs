use vpp_bindings::client::{self, ErrorKind};

use super::Walk;
use crate::engine::{
    Error, Event, Happened, Numbers, Observer, Result, Step, Undone, chain, has_exited,
};

/// Attempts to undo one step.
const ATTEMPTS: usize = 2;

impl<O: Observer> Walk<O> {
    /// Undoes the noted steps, the newest first. Carries on over errors, and reports what is left
    /// as [`Event::LeftBehind`].
    ///
    /// A refused removal is tried again at the end, when the cause may no longer exist. An
    /// interface is kept while a setting is left that would apply to the next interface with its
    /// index. If VPP has exited, only files are removed. If this future is dropped,
    /// [`give_up`](Self::give_up) reports the rest.
    pub async fn take_back(&mut self) {
        self.pass(true).await;
        if !self.stuck.is_empty() {
            self.noted = std::mem::take(&mut self.stuck);
            self.noted.reverse();
            self.pass(false).await;
        }
        for step in std::mem::take(&mut self.stuck) {
            let text = format!("{} (see above)", step.describe(&self.numbers));
            self.observer.event(Event::LeftBehind(text));
        }
    }

    async fn pass(&mut self, is_first: bool) {
        let deletes_interface = self.noted.iter().any(Step::is_interface);
        while let Some(step) = self.noted.last().cloned() {
            let is_implied = self.skips_implied && deletes_interface && step.goes_with_interface();
            if step.is_interface() && self.stuck.iter().any(Step::outlives_interface) {
                self.noted.pop();
                self.stuck.push(step);
                continue;
            }
            if !is_implied {
                let result = self.undo(&step).await;
                self.report(&step, &result);
                self.noted.pop();
                match result {
                    Err(error) => {
                        self.stuck.push(step);
                        if is_permanent(&error) {
                            self.is_unreachable = true;
                            self.give_up("VPP cannot be reached");
                        }
                    }
                    // The stuck object may be its last user.
                    Ok(Undone::Kept(_)) if is_first && !self.stuck.is_empty() => {
                        self.stuck.push(step);
                    }
                    Ok(_) => {}
                }
                continue;
            }
            self.noted.pop();
        }
    }

    fn report(&mut self, step: &Step, result: &Result<Undone>) {
        let describe = || step.describe(&self.numbers);
        let (text, error) = match result {
            Ok(Undone::Implied) => return,
            Ok(Undone::Done(text)) => (text.clone(), None),
            Ok(Undone::Gone) => (format!("{} no longer exists", describe()), None),
            Ok(Undone::Kept(why)) => (format!("{} stays: {why}", describe()), None),
            Err(error) => (format!("cannot remove {}", describe()), Some(chain(error))),
        };
        let is_failed = error.is_some();
        let happened = Happened {
            error,
            ..self.happened(step, text)
        };
        self.observer.event(if is_failed {
            Event::UndoFailed(happened)
        } else {
            Event::Undone(happened)
        });
    }

    async fn undo(&mut self, step: &Step) -> Result<Undone> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let result = self.try_undo(step).await;
            match result {
                Err(error) if attempts < ATTEMPTS && is_retryable(&error) => {}
                result => return result,
            }
        }
    }

    async fn try_undo(&mut self, step: &Step) -> Result<Undone> {
        match self.link.reconnect(self.limits.take_back_by).await {
            Ok(false) => {}
            // Another VPP may have assigned these numbers to other objects.
            Ok(true) => self.numbers = Numbers::default(),
            Err(error) if has_exited(&error) => return undo_without_vpp(step, &self.numbers).await,
            Err(error) => return Err(error.into()),
        }
        let Some(client) = self.limits.undo_client(&self.link) else {
            let operation = format!("remove {}", step.describe(&self.numbers));
            return Err(Error::Deadline { operation });
        };
        let is_fresh = std::mem::take(&mut self.is_fresh);
        let undone = step.undo(&mut self.context(&client)).await;
        self.is_fresh = is_fresh;
        undone
    }

    /// Reports every step that is not undone yet as [`Event::LeftBehind`], with the reason.
    pub fn give_up(&mut self, why: &str) {
        let stuck = std::mem::take(&mut self.stuck);
        let noted = std::mem::take(&mut self.noted);
        for step in stuck.into_iter().chain(noted.into_iter().rev()) {
            if self.skips_implied && step.goes_with_interface() {
                continue;
            }
            let text = format!("{} ({why})", step.describe(&self.numbers));
            self.observer.event(Event::LeftBehind(text));
        }
    }
}

/// Removes the files that steps have left after VPP has exited, the newest step first.
///
/// # Errors
/// The system refuses.
pub async fn remove_files(steps: &[Step]) -> Result<()> {
    for step in steps.iter().rev() {
        if let Some(location) = step.listening_at(&Numbers::default()) {
            location.remove_stale_socket().await?;
        }
        if let Step::Folder(folder) = step {
            folder.remove();
        }
    }
    Ok(())
}

/// Undoes a step after VPP has exited: only its files are left.
pub(super) async fn undo_without_vpp(step: &Step, numbers: &Numbers) -> Result<Undone> {
    if let Step::Folder(folder) = step {
        return Ok(folder.remove());
    }
    if step.goes_with_interface() {
        return Ok(Undone::Implied);
    }
    let mut text = format!("{} went with VPP", step.describe(numbers));
    if let Some(location) = step.listening_at(numbers)
        && location.remove_stale_socket().await?
    {
        text.push_str(", and its file was removed");
    }
    Ok(Undone::Done(text))
}

/// Whether another attempt may succeed. It looks first whether the object still exists.
fn is_retryable(error: &Error) -> bool {
    matches!(
        kind(error),
        Some(ErrorKind::Timeout | ErrorKind::Disconnected)
    )
}

/// Whether every later request would fail in the same way.
fn is_permanent(error: &Error) -> bool {
    use ErrorKind::{Connect, Disconnected, Timeout};
    matches!(error, Error::Deadline { .. })
        || matches!(kind(error), Some(Timeout | Disconnected | Connect))
}

fn kind(error: &Error) -> Option<ErrorKind> {
    error.vpp()?.request().map(client::Error::kind)
}
