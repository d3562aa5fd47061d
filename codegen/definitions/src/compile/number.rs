use std::fmt;

/// A number of the API language. It is displayed as in Python, both in the JSON and in the
/// text that CRCs are computed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    Int(i128),
    Float(f64),
}

impl Number {
    pub const ZERO: Self = Self::Int(0);

    /// The number plus one; `None` if it is too large.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::Int(value) => value.checked_add(1).map(Self::Int),
            Self::Float(value) => Some(Self::Float(value + 1.0)),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => float(value, f),
        }
    }
}

/// Writes the shortest digits that parse to the same number, with an exponent if the number is
/// below 1e-4 or at least 1e16.
fn float(value: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if !value.is_finite() {
        let sign = if value < 0.0 { "-" } else { "" };
        return write!(f, "{sign}inf");
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        return write!(f, "{value:?}");
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    write!(f, "{digits}e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_displayed_as_in_python() {
        let cases = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (0.000_012_5, "1.25e-05"),
            (123_456_789.25, "123456789.25"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
        ];
        for (value, text) in cases {
            assert_eq!(Number::Float(value).to_string(), text);
        }
    }
}
