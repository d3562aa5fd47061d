use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Fields;
use super::fields::FieldsVisitor;

/// Reads text by `FromStr`.
#[doc(hidden)]
pub fn read_text<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    let text = std::borrow::Cow::<str>::deserialize(from)?;
    text.parse().map_err(D::Error::custom)
}

/// Reads text by `FromStr`, or the object of [`Fields`].
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

/// serde as text, for addresses; what has no text is the object of [`Fields`].
#[doc(hidden)]
#[macro_export]
macro_rules! json_text {
    ($name:ident) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::read_text(from)
            }
        }
    };
    ($name:ident, $standard:ty) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                // Text only where the text says all: no odd family, no stray bytes.
                match <$standard>::try_from(*self) {
                    Ok(standard) if Self::from(standard) == *self => to.collect_str(self),
                    _ => $crate::json::write(self, to),
                }
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::read_text_or_fields(from)
            }
        }
    };
}
