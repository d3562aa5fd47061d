use serde::Serialize;

/// One thing that changed within a message, type or service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What it is.
    pub what: What,
    /// Whether it alone breaks a program that was written for the old definitions.
    pub breaking: bool,
    /// The field, enumerator or event; for a nested type the path to it:
    /// `memif_create.hw_addr → mac_address`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// As it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// As it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// For a nested type, what changed in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// A field or arm that was not there.
    FieldAdded,
    /// A field or arm that is gone.
    FieldRemoved,
    /// A field of the same type in the same place has another name.
    FieldRenamed,
    /// A field stands in another place among the others.
    FieldMoved,
    /// A field has another type.
    FieldRetyped,
    /// A field is an array of another length, or an array and was none.
    ArrayChanged,
    /// An array is counted by another field.
    CountChanged,
    /// The value of a field of which nothing is said.
    DefaultChanged,
    /// A type within the message changed; `reasons` says how.
    TypeChanged,
    /// An enumerator that was not there.
    EnumeratorAdded,
    /// An enumerator that is gone.
    EnumeratorRemoved,
    /// A value has another name.
    EnumeratorRenamed,
    /// A name has another value.
    EnumeratorRenumbered,
    /// The same enumerators in another order, which is in the CRC and nowhere else.
    EnumeratorsReordered,
    /// An enum takes more or less bytes, of which the CRC says nothing.
    WidthChanged,
    /// A struct, union, enum, enumflag or alias is another of these.
    KindChanged,
    /// An alias stands for another type, of which the CRC says nothing.
    AliasChanged,
    /// A message has another reply, or details instead of a reply.
    ReplyChanged,
    /// A message is answered by one and was by many, or the other way round.
    StreamChanged,
    /// A cursor stream has other details.
    StreamMessageChanged,
    /// A service sends an event that it did not.
    EventAdded,
    /// A service no longer sends an event.
    EventRemoved,
    /// A message has a service and had none.
    ServiceAdded,
    /// A message has no service and had one.
    ServiceRemoved,
    /// Another module defines it.
    ModuleChanged,
    /// It is deprecated, and was not.
    Deprecated,
    /// It was deprecated, and is not.
    NoLongerDeprecated,
    /// It may change between releases, and was not said to.
    InProgress,
    /// It was said to change between releases, and is not any more.
    NoLongerInProgress,
    /// What replaces it.
    ReplacedBy,
    /// It was replaced by another, and is not any more.
    NoLongerReplaced,
    /// The CRC is another, and nothing that the definitions show says why: a mark
    /// `backwards_compatible` came or went.
    Unexplained,
}

impl Reason {
    /// A change at `place`.
    pub(super) fn new(what: What, place: &str) -> Self {
        Self {
            what,
            breaking: Self::is_breaking(what),
            place: (!place.is_empty()).then(|| place.to_owned()),
            old: None,
            new: None,
            reasons: Vec::new(),
        }
    }

    pub(super) fn old(mut self, old: impl Into<String>) -> Self {
        self.old = Some(old.into());
        self
    }

    pub(super) fn new_is(mut self, new: impl Into<String>) -> Self {
        self.new = Some(new.into());
        self
    }

    /// Whether a change breaks a program that was written for the old definitions: it
    /// finds a name gone, other bytes behind a name, or another answer.
    ///
    /// Beside these, a message that is removed or has another CRC is breaking, whatever
    /// the reason, and so is a type that is removed.
    #[must_use]
    pub fn is_breaking(what: What) -> bool {
        match what {
            What::FieldAdded
            | What::FieldRemoved
            | What::FieldRenamed
            | What::FieldMoved
            | What::FieldRetyped
            | What::ArrayChanged
            | What::CountChanged
            | What::EnumeratorRemoved
            | What::EnumeratorRenamed
            | What::EnumeratorRenumbered
            | What::WidthChanged
            | What::KindChanged
            | What::AliasChanged
            | What::ReplyChanged
            | What::StreamChanged
            | What::StreamMessageChanged
            | What::EventRemoved
            | What::ServiceRemoved
            | What::Unexplained => true,
            // A nested type is as breaking as what changed in it.
            What::TypeChanged
            | What::DefaultChanged
            | What::EnumeratorAdded
            | What::EnumeratorsReordered
            | What::EventAdded
            | What::ServiceAdded
            | What::ModuleChanged
            | What::Deprecated
            | What::NoLongerDeprecated
            | What::InProgress
            | What::NoLongerInProgress
            | What::ReplacedBy
            | What::NoLongerReplaced => false,
        }
    }

    /// Whether it changes bytes on the wire without changing a CRC.
    pub(super) fn is_silent(&self) -> bool {
        match self.what {
            What::WidthChanged | What::AliasChanged => true,
            _ => self.reasons.iter().any(Self::is_silent),
        }
    }

    /// Whether it changes a CRC.
    pub(super) fn is_in_crc(&self) -> bool {
        match self.what {
            What::TypeChanged => self.reasons.iter().any(Self::is_in_crc),
            What::DefaultChanged | What::WidthChanged | What::AliasChanged => false,
            _ => true,
        }
    }
}
