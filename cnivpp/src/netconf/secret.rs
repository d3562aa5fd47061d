use std::fmt;

/// The secret of a memif. Its `Debug` form is `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The most bytes that VPP compares.
    pub const MAX_LEN: usize = 23;

    /// # Errors
    /// If it is empty, longer than [`Secret::MAX_LEN`] bytes, or contains NUL. The message
    /// does not contain it.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            Err("is empty")
        } else if text.len() > Self::MAX_LEN {
            Err("is longer than 23 bytes")
        } else if text.contains('\0') {
            Err("contains NUL")
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
