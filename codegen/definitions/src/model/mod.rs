//! The complete model: every name, size, offset and relation is decided.
//!
//! `resolve` builds it from the definitions. Readers of the model, such as `emit`, only print
//! or compare it.

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
    /// All modules.
    pub modules: Vec<Module>,
    /// All types, each after the types of its fields.
    pub types: Vec<TypeDef>,
}

/// The index of a type in [`Api::types`].
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
    /// The option `version`.
    pub version: Option<String>,
    /// The types that it owns, in the order of the file.
    pub types: Vec<TypeId>,
    /// The messages, in the order of the file.
    pub messages: Vec<Message>,
    /// The path of the module, if it is generated elsewhere.
    pub extern_path: Option<RustPath>,
    /// Whether a Rust module is generated.
    pub emitted: bool,
}

/// A named type.
#[derive(Debug)]
pub struct TypeDef {
    /// The API name, without `vl_api_` and `_t`.
    pub name: String,
    /// The Rust name.
    pub rust: String,
    /// The index of its module in [`Api::modules`].
    pub module: usize,
    /// Its documentation, in lines.
    pub doc: Vec<String>,
    /// Its kind, with fields or values.
    pub shape: TypeShape,
    /// The size on the wire.
    pub size: Size,
    /// Equal for two types of one name if and only if their definitions are equal.
    pub fingerprint: u32,
    /// The traits that its Rust type derives.
    pub derives: Derives,
    /// Its counterpart in `std::net` or `ipnet`.
    pub special: Special,
    /// Whether it is generated, if its module is.
    pub emitted: bool,
}

/// The kind of a type, with its fields or values.
#[derive(Debug)]
pub enum TypeShape {
    /// A `typedef` with fields.
    Struct(Vec<Field>),
    /// A `union` with its arms.
    Union(Vec<Field>),
    /// An `enum`.
    Enum(Enum),
    /// An `enumflag`.
    Flags(Enum),
    /// A `typedef` of another type or of an array.
    Alias(Box<Field>),
}

/// The values of an enum or enumflag.
#[derive(Debug)]
pub struct Enum {
    /// The integer type on the wire.
    pub wire: Scalar,
    /// The enumerators whose value fits the wire type.
    pub constants: Vec<Constant>,
    /// Enumerators whose value does not fit the wire type, for the documentation.
    pub impossible: Vec<String>,
}

/// An enumerator.
#[derive(Debug)]
pub struct Constant {
    /// The API name.
    pub name: String,
    /// The name of the Rust constant.
    pub rust: String,
    /// The value.
    pub value: i128,
}

/// The traits that a Rust type derives, in addition to `Clone` and `PartialEq`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Derives {
    /// `Debug` is derived. Otherwise the runtime's macros implement it.
    pub debug: bool,
    /// `Copy`.
    pub copy: bool,
    /// `Eq` and `Hash`.
    pub eq: bool,
    /// `PartialOrd` and `Ord`.
    pub ord: bool,
    /// `Default` is derived. Otherwise it is written out.
    pub default: bool,
}

/// The longest array for which the standard library implements `Default`.
pub const DEFAULT_ARRAY: u64 = 32;

impl TypeDef {
    /// The fields, arms, or value; empty for enums.
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
