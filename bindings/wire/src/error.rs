use std::fmt;

/// The error for a value that cannot be encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot encode {}: {}", .0.path, .0.reason)]
pub struct EncodeError(Box<EncodeErrorInner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct EncodeErrorInner {
    path: FieldPath,
    reason: String,
}

/// The error for a payload that cannot be decoded as the expected message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot decode {} at offset {}: {}", .0.path, .0.offset, .0.kind)]
pub struct DecodeError(Box<DecodeErrorInner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct DecodeErrorInner {
    path: FieldPath,
    offset: usize,
    kind: DecodeErrorKind,
}

/// The reason for a [`DecodeError`], at its [`offset`](DecodeError::offset).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The payload ends before the value.
    TooShort {
        /// The number of bytes that the value takes.
        needed: usize,
        /// The number of remaining bytes.
        remaining: usize,
    },
    /// The count is larger than the number of elements that fit into the remaining bytes.
    Count {
        /// The count, or `None` if it is negative or too large for `usize`.
        count: Option<u64>,
        /// The minimum size of an element in bytes.
        element: usize,
        /// The number of remaining bytes.
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

/// The position of a value: the message, and the fields from the innermost to the outermost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct FieldPath {
    message: Option<&'static str>,
    fields: Vec<&'static str>,
}

impl fmt::Display for FieldPath {
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
            path: FieldPath::default(),
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

    /// Adds the field that contains the value. Inner fields are added first.
    #[must_use]
    pub fn in_field(mut self, name: &'static str) -> Self {
        self.0.path.fields.push(name);
        self
    }

    pub(crate) fn in_message(mut self, name: &'static str) -> Self {
        self.0.path.message = Some(name);
        self
    }
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(offset: usize, kind: DecodeErrorKind) -> Self {
        Self(Box::new(DecodeErrorInner {
            path: FieldPath::default(),
            offset,
            kind,
        }))
    }

    /// The offset in the payload, where the message id is at 0.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The reason.
    #[must_use]
    pub fn kind(&self) -> &DecodeErrorKind {
        &self.0.kind
    }

    /// Adds the field that contains the value. Inner fields are added first.
    #[must_use]
    pub fn in_field(mut self, name: &'static str) -> Self {
        self.0.path.fields.push(name);
        self
    }

    pub(crate) fn in_message(mut self, name: &'static str) -> Self {
        self.0.path.message = Some(name);
        self
    }
}

/// Adds a field to the error of a result.
pub trait FieldContext {
    /// Adds the field that contains the value.
    ///
    /// # Errors
    /// The same error with the name of the field.
    fn field(self, name: &'static str) -> Self;
}

impl FieldContext for Result<(), EncodeError> {
    #[inline]
    fn field(self, name: &'static str) -> Self {
        self.map_err(|error| error.in_field(name))
    }
}
