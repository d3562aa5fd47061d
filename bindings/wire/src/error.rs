use std::fmt;

/// A value that cannot be put on the wire.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot encode {}: {}", .0.place, .0.reason)]
pub struct EncodeError(Box<EncodeErrorInner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct EncodeErrorInner {
    place: Place,
    reason: String,
}

/// A payload that does not hold the message it is decoded as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot decode {} at offset {}: {}", .0.place, .0.offset, .0.kind)]
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
        /// The number of bytes that the value takes.
        needed: usize,
        /// The number of bytes that are left.
        remaining: usize,
    },
    /// The remaining bytes cannot hold as many elements as the count says.
    Count {
        /// The count; `None` if it is negative or too large for this machine.
        count: Option<u64>,
        /// The least size of an element in bytes.
        element: usize,
        /// The number of bytes that are left.
        remaining: usize,
    },
}

impl fmt::Display for DecodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { needed, remaining } => {
                write!(f, "{needed} bytes needed, {remaining} left")
            }
            Self::Count {
                count: Some(count),
                element,
                remaining,
            } => write!(
                f,
                "{count} elements of at least {element} bytes, {remaining} bytes left"
            ),
            Self::Count { count: None, .. } => f.write_str("the count is negative or too large"),
        }
    }
}

/// The message, then the fields from the inside out.
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
    fn new(reason: String) -> Self {
        Self(Box::new(EncodeErrorInner {
            place: Place::default(),
            reason,
        }))
    }

    #[cold]
    pub(crate) fn count(len: usize, max: u64) -> Self {
        Self::new(format!(
            "{len} elements, the count field holds at most {max}"
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
            "the payload has {size} bytes, a frame takes at most {max}"
        ))
    }

    /// Adds the field that contains the value; called from the inside out.
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

    /// Adds the field that contains the value; called from the inside out.
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

/// Adds the field to an encoding error.
pub trait FieldContext {
    /// Adds the field that contains the value.
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
