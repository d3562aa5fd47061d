/// An event of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step was done.
    Done(Happened),
    /// A step was not done because its object was present.
    Kept(Happened),
    /// A step has failed, and the walk has ended.
    Failed(Happened),
    /// A step was undone, or its object no longer existed.
    Undone(Happened),
    /// A step could not be undone. The walk carries on.
    UndoFailed(Happened),
    /// An object is left because it could not be removed.
    LeftBehind(String),
}

/// The step that an [`Event`] is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Happened {
    /// What was done, in words.
    pub text: String,
    /// The interface that the step creates or changes.
    pub sw_if_index: Option<u32>,
    /// The ID of the memif socket or bridge domain that the step creates or changes.
    pub id: Option<u32>,
    /// Why the step failed.
    pub error: Option<String>,
}

/// Receives the events of a walk.
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
