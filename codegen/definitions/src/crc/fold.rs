//! CRC-32 (as in zlib) of texts that are concatenated from parts.

/// The CRC-32 polynomial, with the lowest power in the highest bit.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The number 1 as a polynomial.
const ONE: u32 = 1 << 31;

/// The effect of a text on a CRC.
///
/// The CRC of a whole text can be computed from the folds of its parts without their bytes. So
/// the text of a type that is used a hundred times is read once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// x to the power of the text's length in bits.
    shift: u32,
    /// The CRC of the text alone.
    crc: u32,
}

impl Fold {
    /// The fold of the empty text.
    pub const EMPTY: Self = Self { shift: ONE, crc: 0 };

    pub fn of(text: &[u8]) -> Self {
        Self {
            shift: power(text.len()),
            crc: crc32(text),
        }
    }

    /// The fold of this text followed by `next`.
    pub fn then(self, next: Self) -> Self {
        Self {
            shift: multiply(self.shift, next.shift),
            crc: multiply(next.shift, self.crc) ^ next.crc,
        }
    }

    pub fn crc(self) -> u32 {
        self.crc
    }
}

impl Default for Fold {
    fn default() -> Self {
        Self::EMPTY
    }
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        let mut crc = byte;
        while bit < 8 {
            crc = times_x(crc);
            bit += 1;
        }
        table[byte as usize] = crc;
        byte += 1;
    }
    table
};

const fn times_x(value: u32) -> u32 {
    if value & 1 == 0 {
        value >> 1
    } else {
        (value >> 1) ^ POLYNOMIAL
    }
}

fn crc32(text: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let [low, ..] = crc.to_le_bytes();
        (crc >> 8) ^ TABLE[usize::from(low ^ byte)]
    };
    !text.iter().fold(!0, step)
}

/// The product of two polynomials modulo [`POLYNOMIAL`].
fn multiply(one: u32, mut other: u32) -> u32 {
    let mut product = 0;
    for bit in (0..32).rev() {
        if one & (1 << bit) != 0 {
            product ^= other;
        }
        other = times_x(other);
    }
    product
}

/// x to the power of 8 × `bytes`.
fn power(mut bytes: usize) -> u32 {
    let (mut power, mut square) = (ONE, ONE >> 8);
    while bytes > 0 {
        if bytes & 1 != 0 {
            power = multiply(power, square);
        }
        square = multiply(square, square);
        bytes >>= 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_equals_that_of_zlib() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn concatenated_parts_equal_the_whole_text() {
        let parts = [b"['u32', ".as_slice(), b"", b"'context']", &[0; 300]];
        let joined = parts.iter().map(|part| Fold::of(part));
        let joined = joined.fold(Fold::EMPTY, Fold::then);
        assert_eq!(joined, Fold::of(&parts.concat()));
    }
}
