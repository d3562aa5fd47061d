use crate::error::Fault;

/// Why a copy was given up.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A pointer or length leads outside of the segment.
    Fault(Fault),
    /// The copy would exceed the limit of memory.
    TooLarge,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The memory that the values of one reading may still use, in bytes.
///
/// Many entries of a damaged segment can point to the same large vector.
#[derive(Debug)]
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Self(limit)
    }

    pub(crate) fn charge(&mut self, count: usize, size: usize) -> Result<(), Failure> {
        let bytes = count.checked_mul(size).ok_or(Failure::TooLarge)?;
        self.0 = self.0.checked_sub(bytes).ok_or(Failure::TooLarge)?;
        Ok(())
    }
}
