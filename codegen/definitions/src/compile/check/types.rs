//! The types that are known so far: one name, one type, whatever its kind.

use std::collections::HashMap;
use std::sync::Arc;

use crate::compile::files::Parsed;
use crate::compile::number::Number;
use crate::compile::source::{Name, Span};
use crate::compile::syntax::ast::{Block, Enum, Field, Item};
use crate::crc::Fold;

#[derive(Debug)]
pub struct Type {
    pub file: Arc<Parsed>,
    /// Which of the file's items it is.
    pub item: usize,
    pub facts: Facts,
    /// Where the comment is that belongs to it, in a source.
    pub comment: Option<Span>,
}

/// What follows from a definition.
#[derive(Debug, Default)]
pub struct Facts {
    /// Whether its size is known only when it is there.
    pub is_variable: bool,
    /// Its own text.
    pub own: Fold,
    /// Its own text and that of all that it uses.
    pub folded: Fold,
    /// The values of an enum.
    pub values: Vec<Number>,
}

/// A type as it stands in its file.
pub enum Shape<'a> {
    Struct(&'a Block),
    Union(&'a Block),
    Alias(&'a Field),
    Enum(&'a Enum),
}

impl Type {
    pub fn name(&self) -> Option<&Name> {
        name(self.file.items.get(self.item)?)
    }

    /// Whether it comes from VPP's JSON.
    pub fn is_installed(&self) -> bool {
        self.file.installed.is_some()
    }

    /// The comment that belongs to it.
    pub fn comment(&self) -> Option<&str> {
        match &self.file.installed {
            Some(comments) => comments.get(&self.item).map(String::as_str),
            None => self.comment.map(|span| self.file.source.slice(span)),
        }
    }

    pub fn shape(&self) -> Option<Shape<'_>> {
        match self.file.items.get(self.item)? {
            Item::Struct(block) => Some(Shape::Struct(block)),
            Item::Union(block) => Some(Shape::Union(block)),
            Item::Alias(field) => Some(Shape::Alias(field)),
            Item::Enum(of) => Some(Shape::Enum(of)),
            _ => None,
        }
    }
}

#[derive(Debug, Default)]
pub struct Types {
    all: Vec<Type>,
    /// By the name that fields use: `vl_api_<name>_t`.
    by_name: HashMap<String, usize>,
}

/// How fields name the type `name`.
pub fn in_fields(name: &str) -> String {
    format!("vl_api_{name}_t")
}

impl Types {
    /// The type that fields call `name`.
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
        self.by_name.insert(in_fields(name), self.all.len());
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
