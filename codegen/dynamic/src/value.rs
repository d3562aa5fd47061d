/// A value of any type of the API, read from JSON to be encoded.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// What is no value of its own: a place in the header.
    Nothing,
    Bool(bool),
    /// An integer, an enum, or the bits of an enumflag.
    Integer(i128),
    Single(f32),
    Double(f64),
    /// An array of `u8`, a string of fixed size, or a union.
    Bytes(Vec<u8>),
    /// The bytes of a string of variable size.
    Text(Vec<u8>),
    /// An array of anything else.
    List(Vec<Value>),
    /// A struct or message: one value per field, [`Nothing`](Self::Nothing) for counts.
    Fields(Vec<Value>),
}

impl Value {
    /// The number of elements, where it is an array or a string.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Text(text) => text.len(),
            Self::List(items) => items.len(),
            _ => 0,
        }
    }
}
