/// What a look at a step has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Nothing of it exists.
    Missing,
    /// It is done.
    Present,
    /// It is done in another way; the text says how.
    Differs(String),
    /// VPP does not show it; doing it again is harmless.
    Unknown,
}

/// What became of a step that was to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// It was undone; the text says how.
    Done(String),
    /// It did not exist, or belongs to another owner by now.
    Gone,
    /// Others use it, so that it stays; the text says who.
    Kept(String),
    /// It goes with its interface.
    Implied,
}
