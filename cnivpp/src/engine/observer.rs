/// What happened during a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step was done.
    Done(Happened),
    /// A step was not done: what it makes was present.
    Kept(Happened),
    /// A step was not done, and the walk has ended.
    Failed(Happened),
    /// A step was undone, or nothing of it was left.
    Undone(Happened),
    /// A step could not be undone; the walk carries on.
    UndoFailed(Happened),
    /// Something stays because it could not be undone.
    LeftBehind(String),
}

/// The step that an [`Event`] is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Happened {
    /// What was done, in words.
    pub text: String,
    /// The interface that the step is or changes.
    pub sw_if_index: Option<u32>,
    /// The number of the memif socket or bridge domain that the step is or changes.
    pub id: Option<u32>,
    /// Why it was not done.
    pub error: Option<String>,
}

/// Receives what happens during a walk.
pub trait Observer {
    /// Called once per event, in order.
    fn event(&mut self, event: Event);
}

/// Drops every event.
impl Observer for () {
    fn event(&mut self, _: Event) {}
}

impl Observer for Vec<Event> {
    fn event(&mut self, event: Event) {
        self.push(event);
    }
}
