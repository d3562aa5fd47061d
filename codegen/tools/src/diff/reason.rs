use serde::Serialize;

/// One difference within a message, type or service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The kind of difference.
    pub what: ReasonKind,
    /// Whether this difference alone breaks a program written for the old definitions.
    pub breaking: bool,
    /// The field, enumerator or event; for a nested type the path to it:
    /// `memif_create.hw_addr → mac_address`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The old value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The new value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// The differences within a nested type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// The kind of a [`Reason`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonKind {
    /// A field or arm was added.
    FieldAdded,
    /// A field or arm was removed.
    FieldRemoved,
    /// A field of the same type at the same position has a different name.
    FieldRenamed,
    /// A field has a different position.
    FieldMoved,
    /// A field has a different type.
    FieldRetyped,
    /// An array has a different length, or a field became an array or is no longer one.
    ArrayChanged,
    /// An array has a different count field.
    CountChanged,
    /// A field has a different default.
    DefaultChanged,
    /// A type within the message changed; `reasons` has the differences.
    TypeChanged,
    /// An enumerator was added.
    EnumeratorAdded,
    /// An enumerator was removed.
    EnumeratorRemoved,
    /// A value has a different name.
    EnumeratorRenamed,
    /// A name has a different value.
    EnumeratorRenumbered,
    /// The enumerators have a different order. Only the CRC depends on it.
    EnumeratorsReordered,
    /// An enum has a different size. The CRC does not depend on it.
    WidthChanged,
    /// A type has a different kind: struct, union, enum, enumflag or alias.
    KindChanged,
    /// An alias has a different target. The CRC does not depend on it.
    AliasChanged,
    /// A message has a different reply, or details instead of a reply.
    ReplyChanged,
    /// A message has many replies instead of one, or one instead of many.
    StreamChanged,
    /// A cursor stream has different details.
    StreamMessageChanged,
    /// A service has an additional event.
    EventAdded,
    /// A service no longer has an event.
    EventRemoved,
    /// A message has a service for the first time.
    ServiceAdded,
    /// A message no longer has a service.
    ServiceRemoved,
    /// A different module defines it.
    ModuleChanged,
    /// It became deprecated.
    Deprecated,
    /// It is no longer deprecated.
    NoLongerDeprecated,
    /// It became in progress: it may change between releases.
    InProgress,
    /// It is no longer in progress.
    NoLongerInProgress,
    /// It has a replacement.
    ReplacedBy,
    /// It no longer has a replacement.
    NoLongerReplaced,
    /// The CRC changed without a visible difference: a `backwards_compatible` mark was added or
    /// removed.
    Unexplained,
}

impl Reason {
    /// Creates a reason. An empty `place` means none.
    pub(super) fn new(what: ReasonKind, place: &str) -> Self {
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

    /// Whether a difference breaks a program written for the old definitions: a name is
    /// missing, a name has different bytes, or a message has different replies.
    ///
    /// Removed types, and messages that are removed or have a different CRC, are breaking in
    /// any case.
    #[must_use]
    pub fn is_breaking(what: ReasonKind) -> bool {
        match what {
            ReasonKind::FieldAdded
            | ReasonKind::FieldRemoved
            | ReasonKind::FieldRenamed
            | ReasonKind::FieldMoved
            | ReasonKind::FieldRetyped
            | ReasonKind::ArrayChanged
            | ReasonKind::CountChanged
            | ReasonKind::EnumeratorRemoved
            | ReasonKind::EnumeratorRenamed
            | ReasonKind::EnumeratorRenumbered
            | ReasonKind::WidthChanged
            | ReasonKind::KindChanged
            | ReasonKind::AliasChanged
            | ReasonKind::ReplyChanged
            | ReasonKind::StreamChanged
            | ReasonKind::StreamMessageChanged
            | ReasonKind::EventRemoved
            | ReasonKind::ServiceRemoved
            | ReasonKind::Unexplained => true,
            // A nested type is breaking if one of its reasons is.
            ReasonKind::TypeChanged
            | ReasonKind::DefaultChanged
            | ReasonKind::EnumeratorAdded
            | ReasonKind::EnumeratorsReordered
            | ReasonKind::EventAdded
            | ReasonKind::ServiceAdded
            | ReasonKind::ModuleChanged
            | ReasonKind::Deprecated
            | ReasonKind::NoLongerDeprecated
            | ReasonKind::InProgress
            | ReasonKind::NoLongerInProgress
            | ReasonKind::ReplacedBy
            | ReasonKind::NoLongerReplaced => false,
        }
    }

    /// Whether the bytes on the wire changed without a change of the CRC.
    pub(super) fn is_silent(&self) -> bool {
        match self.what {
            ReasonKind::WidthChanged | ReasonKind::AliasChanged => true,
            _ => self.reasons.iter().any(Self::is_silent),
        }
    }

    /// Whether the difference changes a CRC.
    pub(super) fn is_in_crc(&self) -> bool {
        match self.what {
            ReasonKind::TypeChanged => self.reasons.iter().any(Self::is_in_crc),
            ReasonKind::DefaultChanged | ReasonKind::WidthChanged | ReasonKind::AliasChanged => {
                false
            }
            _ => true,
        }
    }
}
