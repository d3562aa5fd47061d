use std::fmt;

/// A value that cannot be put on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeError(Box<EncodeErrorInner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct EncodeErrorInner {
    place: Place,
    what: String,
}

/// A payload that is not what its message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(Box<DecodeErrorInner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct DecodeErrorInner {
    place: Place,
    offset: usize,
    kind: DecodeErrorKind,
}

/// What is wrong with the bytes at [`DecodeError::offset`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The payload ends before the value does.
    TooShort {
        /// The bytes that the value takes.
        needed: usize,
        /// The bytes that are left.
        remaining: usize,
    },
    /// A count that the bytes that are left cannot hold.
    Count {
        /// The count, `None` where it is negative or beyond the address space.
        count: Option<u64>,
        /// The least size of an element in bytes.
        element: usize,
        /// The bytes that are left.
        remaining: usize,
    },
}

/// Message, then fields from the inside out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    message: Option<&'static str>,
    fields: Vec<&'static str>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for part in self.message.iter().chain(self.fields.iter().rev()) {
            write!(f, "{separator}{part}")?;
            separator = ".";
        }
        Ok(())
    }
}

impl EncodeError {
    fn new(what: String) -> Self {
        Self(Box::new(EncodeErrorInner {
            place: Place::default(),
            what,
        }))
    }

    #[cold]
    pub(crate) fn count(len: usize, max: u64) -> Self {
        Self::new(format!(
            "{len} elements, and the count field holds at most {max}"
        ))
    }

    #[cold]
    pub(crate) fn lengths_differ(name: &'static str, one: usize, other: usize) -> Self {
        Self::new(format!(
            "the arrays that share this count have {one} and {other} elements"
        ))
        .in_field(name)
    }

    #[cold]
    pub(crate) fn too_large(size: usize, max: usize) -> Self {
        Self::new(format!(
            "the payload is {size} bytes, and a frame takes at most {max}"
        ))
    }

    /// Says in which field the value stands; called from the inside out.
    #[must_use]
    pub fn in_field(mut self, name: &'static str) -> Self {
        self.0.place.fields.push(name);
        self
    }

    pub(crate) fn in_message(mut self, name: &'static str) -> Self {
        self.0.place.message = Some(name);
        self
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot encode {}: {}", self.0.place, self.0.what)
    }
}

impl std::error::Error for EncodeError {}

impl DecodeError {
    #[cold]
    pub(crate) fn new(offset: usize, kind: DecodeErrorKind) -> Self {
        Self(Box::new(DecodeErrorInner {
            place: Place::default(),
            offset,
            kind,
        }))
    }

    /// The offset in the payload, counted from the message id.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &DecodeErrorKind {
        &self.0.kind
    }

    /// Says in which field the value stands; called from the inside out.
    #[must_use]
    pub fn in_field(mut self, name: &'static str) -> Self {
        self.0.place.fields.push(name);
        self
    }

    pub(crate) fn in_message(mut self, name: &'static str) -> Self {
        self.0.place.message = Some(name);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DecodeErrorInner {
            place,
            offset,
            kind,
        } = &*self.0;
        write!(f, "cannot decode {place} at offset {offset}: ")?;
        match kind {
            DecodeErrorKind::TooShort { needed, remaining } => {
                write!(f, "{needed} bytes needed, {remaining} left")
            }
            DecodeErrorKind::Count {
                count: Some(count),
                element,
                remaining,
            } => write!(
                f,
                "{count} elements of at least {element} bytes, {remaining} bytes left"
            ),
            DecodeErrorKind::Count { count: None, .. } => write!(f, "the count is no length"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Names the field in an encoding error.
pub trait FieldContext {
    /// Says in which field the value stands.
    ///
    /// # Errors
    /// The same, with the field's name.
    fn field(self, name: &'static str) -> Self;
}

impl FieldContext for Result<(), EncodeError> {
    #[inline]
    fn field(self, name: &'static str) -> Self {
        self.map_err(|error| error.in_field(name))
    }
}
