//! Access to the bytes of a union as one of its arms.

use crate::{Reader, Wire, Writer};

/// Decodes an arm. Always returns `Some`, because an arm is never larger than its union.
#[must_use]
pub fn get<T: Wire>(bytes: &[u8]) -> Option<T> {
    T::decode(&mut Reader::new(bytes)).ok()
}

/// Overwrites the first bytes of the union with the value of an arm.
pub fn put<T: Wire>(value: &T, bytes: &mut [u8]) {
    let mut arm = Vec::with_capacity(T::MIN_SIZE);
    // Encoding is infallible, because an arm has a fixed size.
    if value.encode(&mut Writer::new(&mut arm)).is_ok() {
        let size = arm.len().min(bytes.len());
        bytes[..size].copy_from_slice(&arm[..size]);
    }
}
