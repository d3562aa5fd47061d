use std::cell::Cell;

use super::context::Context;
use vpp_definitions::model::Scalar;

/// A payload that [`check`](super::check) accepted, read from front to back.
///
/// Serializers take values by shared reference, so the position is a [`Cell`]. A read past
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

    /// The bytes that are left.
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

    /// Takes an integer; 0 where the scalar is not an integer.
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

    /// Takes the elements of a count field.
    pub fn count(&self, scalar: Scalar) -> Option<usize> {
        usize::try_from(self.integer(scalar)).ok()
    }
}

/// The count fields of one struct or message that were read so far.
///
/// Most have none; this allocates only for those that have one.
#[derive(Default)]
pub struct Counts(Vec<(usize, Option<usize>)>);

impl Counts {
    /// Notes the count of the arrays at `places`; `None` if it is negative or too large.
    pub fn set(&mut self, places: &[usize], count: Option<usize>) {
        self.0.extend(places.iter().map(|place| (*place, count)));
    }

    /// The count of the array at `place`.
    pub fn of(&self, place: usize) -> Option<usize> {
        let found = self.0.iter().find(|(array, _)| *array == place);
        found.and_then(|(_, count)| *count)
    }
}
