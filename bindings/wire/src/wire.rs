use crate::{DecodeError, EncodeError, Reader, Writer};

/// A value in a message: a scalar, a type, an enum, a union, or all fields of a message after
/// its header.
///
/// The encoding is packed. Integers are big endian. Floats are little endian, because VPP sends
/// them in host byte order and runs only on little-endian hosts
/// (`src/vlibapi/api_types.h`).
pub trait Wire: Sized {
    /// The minimum size of a value in bytes.
    ///
    /// Counts read from the wire are checked against it before anything is allocated.
    const MIN_SIZE: usize;

    /// Appends the value.
    ///
    /// # Errors
    /// If a count or length does not fit into its field.
    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError>;

    /// Reads one value.
    ///
    /// # Errors
    /// If bytes are missing, or a count is too large for the remaining bytes.
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Appends the values of a slice. Bytes are copied in one piece.
    ///
    /// # Errors
    /// Those of [`Wire::encode`].
    #[doc(hidden)]
    #[inline]
    fn encode_all(items: &[Self], out: &mut Writer<'_>) -> Result<(), EncodeError> {
        items.iter().try_for_each(|item| item.encode(out))
    }

    /// Reads `count` values. The caller has checked `count` against the remaining bytes.
    ///
    /// # Errors
    /// Those of [`Wire::decode`].
    #[doc(hidden)]
    #[inline]
    fn decode_all(count: usize, from: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(Self::decode(from)?);
        }
        Ok(items)
    }
}
