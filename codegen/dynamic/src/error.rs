use std::fmt;

/// What keeps a message from being encoded or decoded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The definitions have no message of that name.
    #[error("{message} is not a message of the definitions")]
    UnknownMessage {
        /// What was asked for.
        message: String,
    },
    /// The message was asked for by a key, and its CRC is another.
    #[error("{message} has CRC {known} in the definitions, not {wanted}")]
    OtherCrc {
        /// The message.
        message: String,
        /// The CRC that was asked for.
        wanted: String,
        /// The CRCs that there are.
        known: String,
    },
    /// Bytes that are not the message.
    #[error("cannot decode {place} at offset {offset}: {fault}")]
    Decode {
        /// Message and field.
        place: Place,
        /// The offset in the payload, counted from the message id.
        offset: usize,
        /// What is wrong there.
        fault: Fault,
    },
    /// Text that is not JSON, or not this message's; or a writer that failed.
    #[error("{place}: {source}")]
    Json {
        /// Message and field.
        place: Place,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// A value that its place on the wire cannot hold.
    #[error("cannot encode {place}: {what}")]
    Encode {
        /// Message and field.
        place: Place,
        /// What is wrong.
        what: String,
    },
    /// A message of more values than any that VPP takes.
    #[error("{message}: the definition asks for more values than fit any frame")]
    TooLarge {
        /// The message.
        message: String,
    },
}

/// A message, and the field in it where there is one: `memif_create.role`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The message.
    pub message: String,
    /// The fields, from the outside in.
    pub fields: Vec<String>,
}

/// What is wrong with the bytes of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The payload ends before the value does.
    TooShort {
        /// The bytes that the value takes.
        needed: u64,
        /// The bytes that are left.
        remaining: usize,
    },
    /// A count that the bytes that are left cannot hold.
    Count {
        /// The count, `None` where it is negative or beyond the address space.
        count: Option<usize>,
        /// The least size of an element in bytes.
        element: u64,
        /// The bytes that are left.
        remaining: usize,
    },
    /// More values than fit any frame.
    TooLarge,
}

/// A fault on its way out, gathering fields from the inside.
#[derive(Debug)]
pub(super) struct Inner<F> {
    pub fault: F,
    pub offset: usize,
    fields: Vec<String>,
}

impl<F> Inner<F> {
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

    pub fn place(&mut self, message: &str) -> Place {
        Place::new(message, std::mem::take(&mut self.fields))
    }
}

impl Place {
    /// A place whose fields were gathered from the inside out.
    pub(super) fn new(message: &str, mut fields: Vec<String>) -> Self {
        fields.reverse();
        Self {
            message: message.to_owned(),
            fields,
        }
    }
}

impl fmt::Display for Place {
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
