//! The complete model: every name, size, place and relation is decided.
//!
//! `resolve` builds it from the definitions. Readers of the model, such as `emit`, decide
//! nothing.
#![allow(missing_docs)]

mod field;
mod found;
mod message;
mod scalar;
mod special;
mod successor;

use crate::path::RustPath;

pub use field::{Declared, DefaultValue, Field, Role, Shape, Size, Tag, Type};
pub use found::Found;
pub use message::{
    Cursor, Deprecation, Event, Header, Kind, Message, Reply, Retval, Selector, Subscription,
    Successor,
};
pub use scalar::Scalar;
pub use special::{Special, aliased_prefix};
pub use successor::{successor, version};

/// All modules and types of one run.
#[derive(Debug, Default)]
pub struct Api {
    pub modules: Vec<Module>,
    pub types: Vec<TypeDef>,
}

/// The place of a type in [`Api::types`].
pub type TypeId = usize;

/// One `.api` file: a Rust module.
#[derive(Debug)]
pub struct Module {
    /// The API name: the file's stem.
    pub name: String,
    /// The Rust module's name.
    pub rust: String,
    /// The file, for errors.
    pub file: String,
    pub version: Option<String>,
    pub types: Vec<TypeId>,
    pub messages: Vec<Message>,
    /// The path of the module, if it is generated elsewhere.
    pub extern_path: Option<RustPath>,
    /// Whether a Rust module is generated.
    pub emitted: bool,
}

/// A named type.
#[derive(Debug)]
pub struct TypeDef {
    pub name: String,
    pub rust: String,
    /// The place of its module in [`Api::modules`].
    pub module: usize,
    pub doc: Vec<String>,
    pub shape: TypeShape,
    pub size: Size,
    /// Equal for two types of one name if and only if their definitions are equal.
    pub fingerprint: u32,
    pub derives: Derives,
    pub special: Special,
    /// Whether it is generated, if its module is.
    pub emitted: bool,
}

#[derive(Debug)]
pub enum TypeShape {
    Struct(Vec<Field>),
    Union(Vec<Field>),
    Enum(Enum),
    Flags(Enum),
    Alias(Box<Field>),
}

#[derive(Debug)]
pub struct Enum {
    pub wire: Scalar,
    pub constants: Vec<Constant>,
    /// Enumerators whose value does not fit the wire type, for the documentation.
    pub impossible: Vec<String>,
}

#[derive(Debug)]
pub struct Constant {
    pub name: String,
    pub rust: String,
    pub value: i128,
}

/// The traits that a Rust type derives, in addition to `Clone` and `PartialEq`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Derives {
    /// `Debug` is derived. Otherwise the runtime's macros implement it.
    pub debug: bool,
    pub copy: bool,
    /// `Eq` and `Hash`.
    pub eq: bool,
    pub ord: bool,
    /// `Default` is derived. Otherwise it is written out.
    pub default: bool,
}

/// The longest array for which the standard library implements `Default`.
pub const DEFAULT_ARRAY: u64 = 32;

impl TypeDef {
    pub fn fields(&self) -> &[Field] {
        match &self.shape {
            TypeShape::Struct(fields) | TypeShape::Union(fields) => fields,
            TypeShape::Alias(field) => std::slice::from_ref(field),
            TypeShape::Enum(_) | TypeShape::Flags(_) => &[],
        }
    }

    /// The prefix type of which this is an alias.
    pub fn aliased_prefix(&self, types: &[Self]) -> Option<Special> {
        match &self.shape {
            TypeShape::Alias(field) => aliased_prefix(field, types),
            _ => None,
        }
    }
}
