use crate::{EncodeError, Wire};

/// Appends values to a byte buffer.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    /// A writer that appends to `buffer`.
    pub fn new(buffer: &'a mut Vec<u8>) -> Self {
        Self { buffer }
    }

    /// Appends bytes.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Appends the count field `name`: the number of elements of the arrays that it counts.
    ///
    /// # Errors
    /// If the number does not fit into a `C`, or if two arrays that share the count differ in
    /// length.
    #[inline]
    pub fn count<C: Count, const ARRAYS: usize>(
        &mut self,
        name: &'static str,
        lengths: [usize; ARRAYS],
    ) -> Result<(), EncodeError> {
        let [first, others @ ..] = lengths.as_slice() else {
            return Ok(());
        };
        if let Some(other) = others.iter().find(|other| *other != first) {
            return Err(EncodeError::lengths_differ(name, *first, *other));
        }
        self.length::<C>(*first)
            .map_err(|error| error.in_field(name))
    }

    /// Appends the number of elements of an array or bytes of a string.
    #[inline]
    pub(crate) fn length<C: Count>(&mut self, length: usize) -> Result<(), EncodeError> {
        let count = C::from_len(length).ok_or_else(|| EncodeError::count(length, C::MAX))?;
        count.encode(self)
    }

    /// Appends the elements of an array, without their number.
    ///
    /// # Errors
    /// Those of [`Wire::encode`] for an element.
    #[inline]
    pub fn items<T: Wire>(&mut self, items: &[T]) -> Result<(), EncodeError> {
        T::encode_all(items, self)
    }
}

/// An integer that can be the count of a variable array.
pub trait Count: Wire + Copy {
    /// The largest count that fits.
    #[doc(hidden)]
    const MAX: u64;
    /// The count for `len` elements, if it fits.
    #[doc(hidden)]
    fn from_len(len: usize) -> Option<Self>;
    /// The number of elements, or `None` if it is negative or too large.
    #[doc(hidden)]
    fn to_len(self) -> Option<usize>;
}

macro_rules! counts {
    ($($int:ty),*) => {$(
        impl Count for $int {
            #[allow(clippy::cast_sign_loss, reason = "MAX is never negative")]
            const MAX: u64 = <$int>::MAX as u64;
            #[inline]
            fn from_len(len: usize) -> Option<Self> {
                len.try_into().ok()
            }
            #[inline]
            fn to_len(self) -> Option<usize> {
                self.try_into().ok()
            }
        }
    )*};
}

counts!(u8, u16, u32, u64, i8, i16, i32, i64);
