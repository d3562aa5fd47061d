//! The most memory that decoding may hold, for any payload.

/// A bound in bytes: so many per byte of the payload, and a constant for error messages and
/// what a payload of two bytes needs.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    per_byte: usize,
    constant: usize,
}

/// Decoding, without the text.
pub const DECODED: Bound = Bound {
    per_byte: 4,
    constant: 4096,
};

/// Decoding to structs of which an element of one byte can be a `Vec` of 24. No message of a
/// release of VPP has many such elements in few bytes.
pub const DECODED_SMALL_STRUCTS: Bound = Bound {
    per_byte: 96,
    constant: 4096,
};

/// The JSON text, per byte of the text: while a buffer grows to twice its size, the old and
/// the new one exist.
pub const TEXT: usize = 3;

impl Bound {
    /// Whether `held` bytes are within the bound for a payload of `length` bytes.
    #[must_use]
    pub fn allows(self, held: usize, length: usize) -> bool {
        held <= self.of(length)
    }

    /// The bound for a payload of `length` bytes.
    #[must_use]
    pub fn of(self, length: usize) -> usize {
        self.per_byte
            .saturating_mul(length)
            .saturating_add(self.constant)
    }
}
