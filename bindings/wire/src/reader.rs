use crate::writer::Count;
use crate::{DecodeError, DecodeErrorKind, Wire};

/// Reads the values of a payload in order.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    payload: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `payload`, which has offset 0 in errors.
    #[must_use]
    pub fn new(payload: &'a [u8]) -> Self {
        Self { payload, at: 0 }
    }

    /// The offset of the next byte.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The number of remaining bytes.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.payload.len() - self.at
    }

    /// Takes the next `len` bytes.
    ///
    /// # Errors
    /// If fewer remain.
    #[inline]
    pub fn bytes(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        match self.payload.get(self.at..).and_then(|rest| rest.get(..len)) {
            Some(bytes) => {
                self.at += len;
                Ok(bytes)
            }
            None => Err(self.too_short(len)),
        }
    }

    /// Takes the next `N` bytes.
    ///
    /// # Errors
    /// If fewer remain.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        match self.payload.get(self.at..).and_then(<[u8]>::first_chunk) {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => Err(self.too_short(N)),
        }
    }

    /// Reads the field `name`.
    ///
    /// # Errors
    /// Those of [`Wire::decode`]. The error names the field.
    #[inline]
    pub fn field<T: Wire>(&mut self, name: &'static str) -> Result<T, DecodeError> {
        T::decode(self).map_err(|error| error.in_field(name))
    }

    /// Reads `count` elements of the array `name`.
    ///
    /// # Errors
    /// If the remaining bytes cannot hold that many, or if an element is invalid.
    #[inline]
    pub fn items<T: Wire, C: Count>(
        &mut self,
        name: &'static str,
        count: C,
    ) -> Result<Vec<T>, DecodeError> {
        self.counted(count).map_err(|error| error.in_field(name))
    }

    /// Reads `count` elements.
    #[inline]
    pub(crate) fn counted<T: Wire, C: Count>(&mut self, count: C) -> Result<Vec<T>, DecodeError> {
        let fits = self.remaining() / T::MIN_SIZE.max(1);
        match count.to_len() {
            Some(count) if count <= fits => T::decode_all(count, self),
            count => Err(DecodeError::new(
                self.at,
                DecodeErrorKind::Count {
                    count: count.map(|count| count as u64),
                    element: T::MIN_SIZE,
                    remaining: self.remaining(),
                },
            )),
        }
    }

    /// Reads the array `name`, which has no count field and fills the rest of the payload.
    ///
    /// # Errors
    /// If an element is invalid or incomplete.
    pub fn rest<T: Wire>(&mut self, name: &'static str) -> Result<Vec<T>, DecodeError> {
        let mut items = Vec::new();
        while self.remaining() > 0 && T::MIN_SIZE > 0 {
            items.push(self.field(name)?);
        }
        Ok(items)
    }

    #[cold]
    fn too_short(&self, needed: usize) -> DecodeError {
        DecodeError::new(
            self.at,
            DecodeErrorKind::TooShort {
                needed,
                remaining: self.remaining(),
            },
        )
    }
}
