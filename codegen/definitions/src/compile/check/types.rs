//! The types that are defined so far, by name.

use std::collections::HashMap;
use std::sync::Arc;

use crate::compile::number::Number;
use crate::compile::parsed::Parsed;
use crate::compile::source::{Name, Span};
use crate::compile::syntax::ast::{Block, Enum, Field, Item};
use crate::crc::Fold;
use crate::names::field_type;

/// A checked type.
#[derive(Debug)]
pub struct Type {
    pub file: Arc<Parsed>,
    /// The index among the file's items.
    pub item: usize,
    pub facts: Facts,
    /// The position of its comment in a source.
    pub comment: Option<Span>,
}

/// The computed properties of a definition.
#[derive(Debug, Default)]
pub struct Facts {
    /// Whether values differ in size.
    pub is_variable: bool,
    /// The text of the definition.
    pub own: Fold,
    /// The text of the definition and of all types that it uses.
    pub folded: Fold,
    /// The values of an enum.
    pub values: Vec<Number>,
}

/// The parsed definition of a type.
pub enum TypeKind<'a> {
    Struct(&'a Block),
    Union(&'a Block),
    Alias(&'a Field),
    Enum(&'a Enum),
}

impl Type {
    pub fn name(&self) -> Option<&Name> {
        name(self.file.items.get(self.item)?)
    }

    /// Whether the type is from VPP's JSON.
    pub fn is_installed(&self) -> bool {
        self.file.installed.is_some()
    }

    /// The comment of the definition.
    pub fn comment(&self) -> Option<&str> {
        match &self.file.installed {
            Some(comments) => comments.get(&self.item).map(String::as_str),
            None => self.comment.map(|span| self.file.source.slice(span)),
        }
    }

    pub fn kind(&self) -> Option<TypeKind<'_>> {
        match self.file.items.get(self.item)? {
            Item::Struct(block) => Some(TypeKind::Struct(block)),
            Item::Union(block) => Some(TypeKind::Union(block)),
            Item::Alias(field) => Some(TypeKind::Alias(field)),
            Item::Enum(of) => Some(TypeKind::Enum(of)),
            _ => None,
        }
    }
}

#[derive(Debug, Default)]
pub struct Types {
    all: Vec<Type>,
    /// The index of each type by its name in fields: `vl_api_<name>_t`.
    by_name: HashMap<String, usize>,
}

impl Types {
    /// Returns the type with the name `name` in fields.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.by_name.get(name).and_then(|at| self.all.get(*at))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Type> {
        self.all.iter()
    }

    pub fn at(&self, at: usize) -> Option<&Type> {
        self.all.get(at)
    }

    pub fn add(&mut self, name: &str, ty: Type) -> usize {
        self.by_name.insert(field_type(name), self.all.len());
        self.all.push(ty);
        self.all.len() - 1
    }
}

/// The name of a definition.
pub fn name(item: &Item) -> Option<&Name> {
    match item {
        Item::Define(block) | Item::Struct(block) | Item::Union(block) => Some(&block.name),
        Item::Alias(field) => Some(&field.name),
        Item::Enum(of) => Some(&of.name),
        _ => None,
    }
}
