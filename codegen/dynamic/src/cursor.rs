use std::cell::Cell;

use super::context::Context;
use vpp_definitions::model::Scalar;

/// Reads a payload that [`check`](super::check) accepted.
///
/// The position is a [`Cell`] because serializers take values by shared reference. A read past
/// the end, which the check excludes, returns zeros or fewer bytes.
pub struct Cursor<'a> {
    pub context: &'a Context<'a>,
    payload: &'a [u8],
    at: Cell<usize>,
}

impl<'a> Cursor<'a> {
    pub fn new(context: &'a Context<'a>, payload: &'a [u8]) -> Self {
        Self {
            context,
            payload,
            at: Cell::new(0),
        }
    }

    /// The remaining bytes.
    pub fn rest(&self) -> &'a [u8] {
        self.payload.get(self.at.get()..).unwrap_or_default()
    }

    /// Takes the next `length` bytes.
    pub fn take(&self, length: u64) -> &'a [u8] {
        let rest = self.rest();
        let length = usize::try_from(length).map_or(rest.len(), |length| length.min(rest.len()));
        self.at.set(self.at.get() + length);
        &rest[..length]
    }

    /// Takes the next `N` bytes.
    pub fn array<const N: usize>(&self) -> [u8; N] {
        let bytes = self.rest().first_chunk().copied().unwrap_or([0; N]);
        self.at.set(self.at.get() + N);
        bytes
    }

    /// Takes an integer. Returns 0 if the scalar is not an integer type.
    pub fn integer(&self, scalar: Scalar) -> i128 {
        match scalar {
            Scalar::U8 => u8::from_be_bytes(self.array()).into(),
            Scalar::U16 => u16::from_be_bytes(self.array()).into(),
            Scalar::U32 => u32::from_be_bytes(self.array()).into(),
            Scalar::U64 => u64::from_be_bytes(self.array()).into(),
            Scalar::I8 => i8::from_be_bytes(self.array()).into(),
            Scalar::I16 => i16::from_be_bytes(self.array()).into(),
            Scalar::I32 => i32::from_be_bytes(self.array()).into(),
            Scalar::I64 => i64::from_be_bytes(self.array()).into(),
            Scalar::F32 | Scalar::F64 | Scalar::Bool => 0,
        }
    }

    /// Takes the value of a count field. Returns `None` if it is not a length.
    pub fn count(&self, scalar: Scalar) -> Option<usize> {
        usize::try_from(self.integer(scalar)).ok()
    }
}

/// The counts that were read in one struct or message, by array field.
///
/// It allocates only if there is a count; most structs have none.
#[derive(Default)]
pub struct Counts(Vec<(usize, Option<usize>)>);

impl Counts {
    /// Sets the count of the array fields `indices`; `None` if it is negative or too large.
    pub fn set(&mut self, indices: &[usize], count: Option<usize>) {
        self.0.extend(indices.iter().map(|index| (*index, count)));
    }

    /// Returns the count of the array field `index`.
    pub fn of(&self, index: usize) -> Option<usize> {
        let found = self.0.iter().find(|(array, _)| *array == index);
        found.and_then(|(_, count)| *count)
    }
}
