use std::fmt;
use std::marker::PhantomData;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserializer, Serializer};

use super::enums::NameOrNumber;

/// A generated flag set with VPP's names.
#[doc(hidden)]
pub trait FlagNames:
    bitflags::Flags<Bits: Into<u64> + TryFrom<i128> + TryFrom<u64>> + Copy + 'static
{
    /// VPP's names, in the order of the API file.
    const NAMES: &'static [(&'static str, Self)];
}

/// Writes the names of the bits that are set, then the other bits as a number.
#[doc(hidden)]
pub fn write_flags<F: FlagNames, S: Serializer>(flags: &F, to: S) -> Result<S::Ok, S::Error> {
    let mut seq = to.serialize_seq(None)?;
    let mut rest: u64 = flags.bits().into();
    for (name, value) in F::NAMES {
        let bits: u64 = value.bits().into();
        if bits != 0 && rest & bits == bits {
            seq.serialize_element(name)?;
            rest &= !bits;
        }
    }
    if rest != 0 {
        seq.serialize_element(&rest)?;
    }
    seq.end()
}

/// Reads a flag set from an array of names and numbers, or from a single name or number.
#[doc(hidden)]
pub fn read_flags<'de, F: FlagNames, D: Deserializer<'de>>(from: D) -> Result<F, D::Error> {
    struct FlagsVisitor<F>(PhantomData<F>);

    impl<F: FlagNames> FlagsVisitor<F> {
        fn bits<E: serde::de::Error>(item: &NameOrNumber) -> Result<F, E> {
            match item {
                NameOrNumber::Name(name) => F::NAMES
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| *value)
                    .ok_or_else(|| E::custom(format_args!("{name:?} is not a flag of this set"))),
                NameOrNumber::Number(number) => F::Bits::try_from(*number)
                    .map(F::from_bits_retain)
                    .map_err(|_| E::custom(format_args!("{number} does not fit the flags"))),
            }
        }
    }

    impl<'de, F: FlagNames> Visitor<'de> for FlagsVisitor<F> {
        type Value = F;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of flag names and numbers")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<F, A::Error> {
            let mut flags = F::empty();
            while let Some(item) = seq.next_element()? {
                flags.insert(Self::bits(&item)?);
            }
            Ok(flags)
        }

        fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<F, E> {
            Self::bits(&NameOrNumber::Name(name.to_owned()))
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<F, E> {
            Self::bits(&NameOrNumber::Number(number.into()))
        }
    }

    from.deserialize_any(FlagsVisitor(PhantomData))
}

/// Implements serde's traits for a generated flag set, as an array of names.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_json_flags {
    ($name:ident, [$($constant:ident = $api:literal),* $(,)?]) => {
        impl $crate::json::FlagNames for $name {
            const NAMES: &'static [(&'static str, Self)] = &[$(($api, Self::$constant)),*];
        }

        $crate::impl_json_by!($name, $crate::json::write_flags, $crate::json::read_flags);
    };
}
