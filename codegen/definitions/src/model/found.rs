//! The definition of a type in one file, and the model of it.

use super::build::{fields, type_of};
use super::{Constant, Derives, Enum, Field, Role, Scalar, Shape, Size, TypeDef, TypeShape};
use crate::docs;
use crate::error::Problem;
use crate::names;
use crate::schema::{Alias, Definition, EnumDefinition, File};

/// A type's definition in one file.
#[derive(Clone, Copy, PartialEq)]
pub enum Found<'a> {
    Struct(&'a Definition),
    Union(&'a Definition),
    Enum(&'a EnumDefinition),
    Flags(&'a EnumDefinition),
    Alias(&'a Alias),
}

impl<'a> Found<'a> {
    /// The types of a file by name, its own and those of its imports.
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

    /// The type's model, in `module`.
    ///
    /// # Errors
    /// An enum that is no integer on the wire.
    pub fn type_def(self, name: &str, module: usize) -> Result<TypeDef, Problem> {
        let mut doc = Vec::new();
        let shape = match self {
            Self::Struct(definition) => {
                doc = docs::comment(definition.meta.comment.as_deref());
                TypeShape::Struct(fields(&definition.fields))
            }
            Self::Union(definition) => {
                doc = docs::comment(definition.meta.comment.as_deref());
                TypeShape::Union(fields(&definition.fields))
            }
            Self::Enum(definition) => TypeShape::Enum(enumeration(definition)?),
            Self::Flags(definition) => TypeShape::Flags(enumeration(definition)?),
            Self::Alias(alias) => TypeShape::Alias(Box::new(Field {
                name: "0".to_owned(),
                rust: "0".to_owned(),
                ty: type_of(&alias.type_name),
                shape: match alias.length {
                    None | Some(0) => Shape::One,
                    Some(length) => Shape::Array(length),
                },
                role: Role::Value,
                default: None,
                discriminator: None,
                case: None,
            })),
        };
        Ok(TypeDef {
            name: name.to_owned(),
            rust: names::type_name(name),
            module,
            doc,
            shape,
            size: Size::default(),
            sum: 0,
            derives: Derives::default(),
        })
    }
}

fn enumeration(definition: &EnumDefinition) -> Result<Enum, Problem> {
    let wire = definition.wire.as_deref().unwrap_or("u32");
    let (wire, range) = Scalar::parse(wire)
        .and_then(|scalar| Some((scalar, scalar.range()?)))
        .ok_or_else(|| Problem::EnumType(wire.to_owned()))?;
    let ids = definition.values.iter().map(|(id, _)| id.as_str());
    let rust = names::constant_names(&definition.name, ids);
    let mut constants = Vec::new();
    let mut impossible = Vec::new();
    for ((name, value), rust) in definition.values.iter().zip(rust) {
        // A negative number in an unsigned type is what C makes of it.
        let wrapped = if *value < 0 {
            value + range.end() - range.start() + 1
        } else {
            *value
        };
        match [*value, wrapped]
            .into_iter()
            .find(|value| range.contains(value))
        {
            Some(value) => constants.push(Constant {
                name: name.clone(),
                rust,
                value,
            }),
            None => impossible.push(format!("`{name}` = {value}")),
        }
    }
    Ok(Enum {
        wire,
        constants,
        impossible,
    })
}
