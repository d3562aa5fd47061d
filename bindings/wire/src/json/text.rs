use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

use super::Fields;
use super::fields::FieldsVisitor;

/// Reads text with `FromStr`.
#[doc(hidden)]
pub fn read_text<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    let text = std::borrow::Cow::<str>::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}

/// Reads text with `FromStr`, or the object of [`Fields`].
#[doc(hidden)]
pub fn read_text_or_fields<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: Fields + FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    struct TextOrFields<T>(PhantomData<T>);

    impl<'de, T: Fields + FromStr<Err: fmt::Display>> Visitor<'de> for TextOrFields<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "text, or an object with fields {}", T::FIELDS.join(", "))
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            FieldsVisitor(PhantomData).visit_map(map)
        }
    }

    from.deserialize_any(TextOrFields(PhantomData))
}

/// Writes text with `Display`.
#[doc(hidden)]
pub fn write_text<T: fmt::Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

/// Writes text if the conversion to `Standard` and back is lossless, or else the object of
/// [`Fields`]. An unknown address family and stray bytes cannot be text.
#[doc(hidden)]
pub fn write_text_or_fields<Standard, T, S>(value: &T, to: S) -> Result<S::Ok, S::Error>
where
    T: Fields + fmt::Display + Copy + PartialEq + From<Standard>,
    Standard: TryFrom<T> + Copy,
    S: Serializer,
{
    match Standard::try_from(*value) {
        Ok(standard) if T::from(standard) == *value => to.collect_str(value),
        _ => super::write(value, to),
    }
}

/// Implements serde's traits for addresses, as text or as the object of [`Fields`].
#[doc(hidden)]
#[macro_export]
macro_rules! impl_json_text {
    ($name:ident) => {
        $crate::impl_json_by!($name, $crate::json::write_text, $crate::json::read_text);
    };
    ($name:ident, $standard:ty) => {
        $crate::impl_json_by!(
            $name,
            $crate::json::write_text_or_fields::<$standard, _, _>,
            $crate::json::read_text_or_fields
        );
    };
}
