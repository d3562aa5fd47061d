//! The definition of a type in one file.

use crate::schema::{Alias, Definition, EnumDefinition, File};

/// A type's definition in one file.
#[derive(Clone, Copy, PartialEq)]
pub enum Found<'a> {
    /// An entry of `types`.
    Struct(&'a Definition),
    /// An entry of `unions`.
    Union(&'a Definition),
    /// An entry of `enums`.
    Enum(&'a EnumDefinition),
    /// An entry of `enumflags`.
    Flags(&'a EnumDefinition),
    /// An entry of `aliases`.
    Alias(&'a Alias),
}

impl<'a> Found<'a> {
    /// The types of a file by name: its own, and those of its imports.
    pub fn of(file: &'a File) -> impl Iterator<Item = (&'a str, Self)> {
        let enums = file.enums.iter().map(|d| (d.name.as_str(), Found::Enum(d)));
        let flags = file
            .enumflags
            .iter()
            .map(|d| (d.name.as_str(), Found::Flags(d)));
        let aliases = file
            .aliases
            .iter()
            .map(|(name, d)| (name.as_str(), Found::Alias(d)));
        let unions = file
            .unions
            .iter()
            .map(|d| (d.name.as_str(), Found::Union(d)));
        let structs = file
            .types
            .iter()
            .map(|d| (d.name.as_str(), Found::Struct(d)));
        enums
            .chain(flags)
            .chain(aliases)
            .chain(unions)
            .chain(structs)
    }

    /// Whether two definitions are the same on the wire and in name.
    pub fn agrees(self, other: Self) -> bool {
        let fields = |one: &Definition, other: &Definition| {
            one.fields.len() == other.fields.len()
                && one.fields.iter().zip(&other.fields).all(|(a, b)| {
                    (&a.type_name, &a.name, a.length, &a.count)
                        == (&b.type_name, &b.name, b.length, &b.count)
                })
        };
        match (self, other) {
            (Self::Struct(one), Self::Struct(other)) | (Self::Union(one), Self::Union(other)) => {
                fields(one, other)
            }
            (one, other) => one == other,
        }
    }
}
