use std::fmt;

use crate::Wire;

/// An enum of the API: an integer with named values.
///
/// VPP also sends values that its API files do not list, so every number is a valid value.
/// Generated code implements this trait with [`impl_open_enum!`](crate::impl_open_enum).
pub trait OpenEnum: Wire + Copy + Eq + 'static {
    /// The integer on the wire.
    type Number: Copy + Eq + fmt::Display + Into<i128> + TryFrom<i128> + 'static;

    /// VPP's names in the order of the API file. If two names have the same value, the first is used.
    const NAMES: &'static [(&'static str, Self)];

    /// The value with this number.
    fn from_number(number: Self::Number) -> Self;

    /// The number of a value.
    fn number(self) -> Self::Number;

    /// VPP's name, or `None` for a value that the API file does not list.
    fn name(self) -> Option<&'static str> {
        let mut names = Self::NAMES.iter();
        names
            .find(|(_, value)| *value == self)
            .map(|(name, _)| *name)
    }

    /// The value with this name, if the API file lists it.
    fn from_name(name: &str) -> Option<Self> {
        let mut names = Self::NAMES.iter();
        names
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }
}

/// Prints VPP's name, or type and number if it has none: `MemifRole(7)`.
///
/// # Errors
/// As the formatter's.
#[doc(hidden)]
pub fn debug_enum<E: OpenEnum>(
    type_name: &str,
    value: E,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match value.name() {
        Some(name) => f.pad(name),
        None => write!(f, "{type_name}({})", value.number()),
    }
}

/// Prints VPP's name, or the number if it has none.
///
/// # Errors
/// Those of the formatter.
#[doc(hidden)]
pub fn write_enum<E: OpenEnum>(value: E, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value.name() {
        Some(name) => f.pad(name),
        None => fmt::Display::fmt(&value.number(), f),
    }
}

/// Implements the traits of a generated enum, a newtype over the integer on the wire.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_open_enum {
    ($name:ident, $number:ty, [$($constant:ident = $api:literal),* $(,)?]) => {
        impl $crate::OpenEnum for $name {
            type Number = $number;
            const NAMES: &'static [(&'static str, Self)] = &[$(($api, Self::$constant)),*];
            #[inline]
            fn from_number(number: $number) -> Self {
                Self(number)
            }
            #[inline]
            fn number(self) -> $number {
                self.0
            }
        }

        $crate::impl_newtype!($name, $number);

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::debug_enum(::core::stringify!($name), *self, f)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::write_enum(*self, f)
            }
        }
    };
}

/// Implements the traits of a generated newtype: codec and conversions of the inner value.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_newtype {
    ($name:ident, $inner:ty) => {
        impl $crate::Wire for $name {
            const MIN_SIZE: usize = <$inner as $crate::Wire>::MIN_SIZE;
            #[inline]
            fn encode(
                &self,
                out: &mut $crate::Writer<'_>,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                $crate::Wire::encode(&self.0, out)
            }
            #[inline]
            fn decode(
                from: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::Wire::decode(from).map(Self)
            }
        }

        impl ::core::convert::From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }

        impl ::core::convert::From<$name> for $inner {
            fn from(outer: $name) -> Self {
                outer.0
            }
        }
    };
}

/// Implements `Display` for a generated newtype by delegating to the inner value.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_newtype_display {
    ($name:ident) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

/// Implements the codec of a generated flag set. Unknown bits are kept.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_flag_set {
    ($name:ident, $bits:ty) => {
        impl $crate::Wire for $name {
            const MIN_SIZE: usize = <$bits as $crate::Wire>::MIN_SIZE;
            #[inline]
            fn encode(
                &self,
                out: &mut $crate::Writer<'_>,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                $crate::Wire::encode(&self.bits(), out)
            }
            #[inline]
            fn decode(
                from: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                $crate::Wire::decode(from).map(Self::from_bits_retain)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::bitflags::parser::to_writer(self, f)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::{OpenEnum, Reader, Wire};

    #[derive(Clone, Copy, PartialEq, Eq)]
    struct Role(u8);
    impl Role {
        const MASTER: Self = Self(0);
        const SLAVE: Self = Self(1);
    }
    crate::impl_open_enum!(
        Role,
        u8,
        [MASTER = "ROLE_API_MASTER", SLAVE = "ROLE_API_SLAVE"]
    );

    #[test]
    fn known_values_have_names_and_unknown_values_are_kept() {
        assert_eq!(Role::SLAVE.to_string(), "ROLE_API_SLAVE");
        assert_eq!(Role::from_name("ROLE_API_MASTER"), Some(Role::MASTER));
        let unknown = Role::decode(&mut Reader::new(&[7])).unwrap();
        assert_eq!(
            (unknown.number(), format!("{unknown:?}")),
            (7, "Role(7)".to_owned())
        );
    }
}
