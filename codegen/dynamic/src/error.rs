use std::fmt;

/// Why a message cannot be encoded or decoded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The definitions do not contain the message.
    #[error("{message} is not a message of the definitions")]
    UnknownMessage {
        /// The requested name or key.
        message: String,
    },
    /// The definitions contain the message with a different CRC.
    #[error("{message} has CRC {known} in the definitions, not {wanted}")]
    OtherCrc {
        /// The message.
        message: String,
        /// The requested CRC.
        wanted: String,
        /// The CRCs in the definitions.
        known: String,
    },
    /// The bytes are not the message.
    #[error("cannot decode {path} at offset {offset}: {fault}")]
    Decode {
        /// The message and field.
        path: FieldPath,
        /// The offset in the payload, counted from the message id.
        offset: usize,
        /// The reason.
        fault: Fault,
    },
    /// The text is not JSON or not the message, or writing JSON failed.
    #[error("{path}: {source}")]
    Json {
        /// The message and field.
        path: FieldPath,
        /// The reason, with line and column.
        source: serde_json::Error,
    },
    /// A value does not fit its field.
    #[error("cannot encode {path}: {reason}")]
    Encode {
        /// The message and field.
        path: FieldPath,
        /// The reason.
        reason: String,
    },
    /// The message has more values than fit into any frame.
    #[error("{message}: the definition has more values than fit any frame")]
    TooLarge {
        /// The message.
        message: String,
    },
}

/// A message, or a field in it: `memif_create.role`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldPath {
    /// The message.
    pub message: String,
    /// The fields, outermost first.
    pub fields: Vec<String>,
}

/// Why the bytes of a payload are invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The payload ends before the value does.
    TooShort {
        /// The size of the value in bytes.
        needed: u64,
        /// The number of remaining bytes.
        remaining: usize,
    },
    /// The count is larger than the remaining bytes allow.
    Count {
        /// The count; `None` if it is negative or too large for the address space.
        count: Option<usize>,
        /// The minimum size of an element in bytes.
        element: u64,
        /// The number of remaining bytes.
        remaining: usize,
    },
    /// The payload has more values than fit into any frame.
    TooLarge,
}

/// A fault and the fields around it, innermost first. Each caller adds its field.
#[derive(Debug)]
pub(super) struct InField<F> {
    pub fault: F,
    pub offset: usize,
    fields: Vec<String>,
}

impl<F> InField<F> {
    #[cold]
    pub fn new(offset: usize, fault: F) -> Self {
        Self {
            fault,
            offset,
            fields: Vec::new(),
        }
    }

    pub fn in_field(mut self, name: &str) -> Self {
        self.fields.push(name.to_owned());
        self
    }

    pub fn path(&mut self, message: &str) -> FieldPath {
        FieldPath::new(message, std::mem::take(&mut self.fields))
    }
}

impl FieldPath {
    /// Creates a path from fields, innermost first.
    pub(super) fn new(message: &str, mut fields: Vec<String>) -> Self {
        fields.reverse();
        Self {
            message: message.to_owned(),
            fields,
        }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.fields
            .iter()
            .try_for_each(|field| write!(f, ".{field}"))
    }
}

impl fmt::Display for Fault {
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
            Self::TooLarge => f.write_str("more values than fit any frame"),
        }
    }
}
