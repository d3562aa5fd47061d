mod limits;
mod undo;

use vpp_bindings::client::Client;

use super::context::StepContext;
use super::{Event, Happened, Link, Look, Numbers, Observer, Result, Step, chain};

pub use limits::Limits;
pub use undo::remove_files;

/// A walk over steps on one VPP, for one owner.
///
/// ```
/// use std::time::Duration;
/// use cnivpp::api::memif;
/// use cnivpp::engine::{Link, Step, Walk, steps};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = vpp_sim::Sim::start_in_process().await?;
/// # let socket = sim.socket().to_owned();
/// let link = Link::connect(socket, "example".to_owned(), Duration::from_secs(5)).await?;
/// let mut walk = Walk::new(link, "example", ());
/// let memif = memif::Create { mac: Some("02:00:00:00:00:01".parse()?), ..Default::default() };
/// for step in [
///     Step::MemifSocket(steps::MemifSocket::new("example.sock", memif::Role::Master)),
///     Step::Memif(steps::Memif::new("example.sock", memif)),
///     Step::Tag(steps::Tag),
///     Step::AdminUp(steps::AdminUp),
/// ] {
///     if let Err(error) = walk.add(step).await {
///         walk.take_back().await;
///         return Err(error.into());
///     }
/// }
/// walk.take_back().await;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Walk<O> {
    link: Link,
    owner: String,
    numbers: Numbers,
    is_fresh: bool,
    skips_implied: bool,
    limits: Limits,
    observer: O,
    /// The steps that are or may be done, the oldest first.
    noted: Vec<Step>,
    /// The steps that could not be undone at the first attempt.
    stuck: Vec<Step>,
    is_unreachable: bool,
}

impl<O: Observer> Walk<O> {
    /// A walk that has done nothing yet. `owner` becomes the tag of everything that it creates.
    #[must_use]
    pub fn new(link: Link, owner: impl Into<String>, observer: O) -> Self {
        Self {
            link,
            owner: owner.into(),
            numbers: Numbers::default(),
            is_fresh: false,
            skips_implied: false,
            limits: Limits::default(),
            observer,
            noted: Vec::new(),
            stuck: Vec::new(),
            is_unreachable: false,
        }
    }

    /// Starts from numbers of an earlier run.
    #[must_use]
    pub fn with_numbers(self, numbers: Numbers) -> Self {
        Self { numbers, ..self }
    }

    /// Sets whether the owner has created nothing on this VPP yet, so that its interface is not
    /// looked for. Default: `false`.
    #[must_use]
    pub fn fresh(self, is_fresh: bool) -> Self {
        Self { is_fresh, ..self }
    }

    /// Sets whether steps that deleting the interface undoes are skipped. Default: each step is
    /// undone.
    #[must_use]
    pub fn skip_implied(self, skips_implied: bool) -> Self {
        Self {
            skips_implied,
            ..self
        }
    }

    /// Sets the deadlines of the walk. Default: only each call has a deadline.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The client of the connection.
    #[must_use]
    pub fn client(&self) -> Client {
        self.link.client()
    }

    /// The connection.
    #[must_use]
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// The tag of everything that this walk creates.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The numbers that VPP chose and that are known.
    #[must_use]
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The observer.
    pub fn observer(&mut self) -> &mut O {
        &mut self.observer
    }

    /// Whether there is nothing to undo.
    #[must_use]
    pub fn has_done_nothing(&self) -> bool {
        self.noted.is_empty()
    }

    /// Whether [`take_back`](Self::take_back) has given up because VPP did not answer.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        self.is_unreachable
    }

    /// Looks a step up. Changes nothing.
    ///
    /// # Errors
    /// VPP does not answer, or a file cannot be examined.
    pub async fn look(&mut self, step: &Step) -> Result<Look> {
        let client = self.limits.client(&self.link, &step.operation())?;
        step.look(&mut self.context(&client)).await
    }

    /// Looks a step up, and does it unless it is done.
    ///
    /// The step is noted for [`take_back`](Self::take_back) before anything is requested, so
    /// that it is undone even if no reply arrives. A step that was done before is not noted.
    ///
    /// # Errors
    /// The step cannot be done. Previous steps are still noted.
    pub async fn add(&mut self, step: Step) -> Result<()> {
        let result = self.try_add(&step).await;
        if let Err(error) = &result {
            let failed = Happened {
                text: step.operation(),
                error: Some(chain(error)),
                ..Happened::default()
            };
            self.observer.event(Event::Failed(failed));
        }
        result
    }

    async fn try_add(&mut self, step: &Step) -> Result<()> {
        let look = self.look(step).await?;
        if look == Look::Present {
            let text = step.describe(&self.numbers);
            let kept = Event::Kept(self.happened(step, text));
            self.observer.event(kept);
            return Ok(());
        }
        let client = self.limits.client(&self.link, &step.operation())?;
        if look != Look::Unknown || !step.goes_with_interface() {
            self.noted.push(step.clone());
        }
        match step.apply(&mut self.context(&client)).await {
            Ok(text) => {
                let done = Event::Done(self.happened(step, text));
                self.observer.event(done);
                Ok(())
            }
            Err(error) => {
                let is_untouched = step.is_one_request() && error.is_known_not_applied();
                if is_untouched && self.noted.last() == Some(step) {
                    self.noted.pop();
                }
                Err(error)
            }
        }
    }

    /// The object of a step in words, with its known numbers.
    #[must_use]
    pub fn describe(&self, step: &Step) -> String {
        step.describe(&self.numbers)
    }

    /// Notes a step as done, so that [`take_back`](Self::take_back) undoes it.
    pub fn note(&mut self, step: Step) {
        self.noted.push(step);
    }

    fn context<'a>(&'a mut self, client: &'a Client) -> StepContext<'a> {
        StepContext {
            client,
            owner: &self.owner,
            numbers: &mut self.numbers,
            is_fresh: self.is_fresh,
        }
    }

    fn happened(&self, step: &Step, text: String) -> Happened {
        Happened {
            text,
            sw_if_index: step.sw_if_index(&self.numbers),
            id: step.id(&self.numbers),
            error: None,
        }
    }

    /// Ends the walk and returns its connection and observer. Does not undo noted steps.
    pub fn finish(self) -> (Link, O) {
        (self.link, self.observer)
    }
}
