/// The result of looking a step up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// The step is not done.
    Missing,
    /// The step is done.
    Present,
    /// The step is done differently. The text describes the difference.
    Differs(String),
    /// VPP does not show it. Doing it again is harmless.
    Unknown,
}

/// The result of undoing a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// The step was undone. The text describes it.
    Done(String),
    /// The object did not exist, or belongs to another owner by now.
    Gone,
    /// The object is kept because others use it. The text has the users.
    Kept(String),
    /// Deleting the interface undoes the step.
    Implied,
}
