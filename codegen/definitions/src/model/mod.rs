//! The definitions with names decided: what `resolve` completes and `emit` prints.
#![allow(missing_docs)]

mod build;
mod found;
mod special;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::path::RustPath;

pub use build::module;
pub use found::Found;
pub use special::Special;

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
    /// The stems of the files that it imports.
    pub imports: BTreeSet<String>,
    pub types: Vec<TypeId>,
    pub messages: Vec<Message>,
    /// Generated elsewhere, under this path.
    pub extern_path: Option<RustPath>,
    pub emitted: bool,
}

#[derive(Debug)]
pub struct TypeDef {
    pub name: String,
    pub rust: String,
    /// The place of its module in [`Api::modules`].
    pub module: usize,
    pub doc: Vec<String>,
    pub shape: TypeShape,
    pub size: Size,
    /// The same for two types of one name exactly where they are the same.
    pub sum: u32,
    pub derives: Derives,
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
    /// Enumerators that no value on the wire can be, for the documentation.
    pub impossible: Vec<String>,
}

#[derive(Debug)]
pub struct Constant {
    pub name: String,
    pub rust: String,
    pub value: i128,
}

#[derive(Debug)]
pub struct Message {
    pub name: String,
    pub rust: String,
    /// As the file has it, and as a number once `resolve::messages` has read it.
    pub crc_text: String,
    pub crc: u32,
    pub doc: Vec<String>,
    pub deprecated: Option<String>,
    pub fields: Vec<Field>,
    pub header: Header,
    pub kind: Kind,
    /// It ends a call.
    pub is_reply: bool,
    /// It comes unasked.
    pub is_event: bool,
    pub size: Size,
    pub derives: Derives,
}

#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub rust: String,
    pub ty: Type,
    pub shape: Shape,
    pub role: Role,
    pub default: Option<Declared>,
    /// The union's discriminator, or for an arm the enumerator that chooses it.
    pub discriminator: Option<String>,
    pub case: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    Scalar(Scalar),
    Text,
    Named(TypeId),
    /// A name that `resolve::types` looks up; none is left behind it.
    Unresolved(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    Bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    One,
    Array(u64),
    /// Counted by an earlier field, by name.
    Counted(String),
    /// All that is left of the message.
    Rest,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    Value,
    /// The number of elements of the fields with these places.
    Counts(Vec<usize>),
    /// `client_index` or `context` among the fields of a message.
    Header,
}

/// A default of the API file.
#[derive(Debug)]
pub struct Declared {
    pub declared: Value,
    /// As a value of its field; `resolve::defaults` finds it, if it is one.
    pub value: Option<DefaultValue>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DefaultValue {
    Bool(bool),
    Integer(i128),
    Float(f64),
}

/// The longest array that the standard library has a `Default` for.
pub const DEFAULT_ARRAY: u64 = 32;

/// What a value takes on the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    pub min: u64,
    pub variable: bool,
    /// It takes all that is left of the message.
    pub open: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Derives {
    pub copy: bool,
    pub eq: bool,
    /// `Default` can be derived; otherwise it is written out.
    pub default: bool,
}

/// Offsets in the payload, as `vpp_wire::Layout` has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Header {
    pub client_index: Option<u64>,
    pub context: Option<u64>,
    pub body: u64,
}

/// How a message is answered, with places in [`Module::messages`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A reply, details, an event, or in no service.
    Passive,
    Request {
        reply: usize,
        /// The event it turns on, and the field that turns it.
        subscribe: Option<(usize, usize)>,
    },
    Dump {
        details: usize,
        /// A reply that VPP sends beside the details, though no service says so.
        stray_reply: Option<usize>,
    },
    Get {
        details: usize,
        reply: usize,
    },
    OneWay,
}

impl Scalar {
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "u8" => Self::U8,
            "u16" => Self::U16,
            "u32" => Self::U32,
            "u64" => Self::U64,
            "i8" => Self::I8,
            "i16" => Self::I16,
            "i32" => Self::I32,
            "i64" => Self::I64,
            "f32" => Self::F32,
            "f64" => Self::F64,
            "bool" => Self::Bool,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Bool => "bool",
        }
    }

    pub fn size(self) -> u64 {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// The values that fit, for an integer.
    pub fn range(self) -> Option<std::ops::RangeInclusive<i128>> {
        let bits = self.size() * 8;
        match self {
            Self::U8 | Self::U16 | Self::U32 | Self::U64 => Some(0..=(1 << bits) - 1),
            Self::I8 | Self::I16 | Self::I32 | Self::I64 => {
                Some(-(1 << (bits - 1))..=(1 << (bits - 1)) - 1)
            }
            Self::F32 | Self::F64 | Self::Bool => None,
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }
}

impl TypeDef {
    pub fn fields(&self) -> &[Field] {
        match &self.shape {
            TypeShape::Struct(fields) | TypeShape::Union(fields) => fields,
            TypeShape::Alias(field) => std::slice::from_ref(field),
            TypeShape::Enum(_) | TypeShape::Flags(_) => &[],
        }
    }

    pub fn fields_mut(&mut self) -> &mut [Field] {
        match &mut self.shape {
            TypeShape::Struct(fields) | TypeShape::Union(fields) => fields,
            TypeShape::Alias(field) => std::slice::from_mut(field),
            TypeShape::Enum(_) | TypeShape::Flags(_) => &mut [],
        }
    }
}

impl Message {
    /// The offset of a field in the payload, counted from the message id; `None` if a
    /// field of variable size precedes it.
    pub fn offset_of(&self, place: usize, types: &[TypeDef]) -> Option<u64> {
        let before = self.fields.iter().take(place);
        before
            .map(|field| field.fixed_size(types))
            .try_fold(self.header.body, |offset, size| {
                Some(offset.saturating_add(size?))
            })
    }
}

impl Field {
    /// The size on the wire; `None` if it is variable.
    pub fn fixed_size(&self, types: &[TypeDef]) -> Option<u64> {
        let one = match &self.ty {
            Type::Scalar(scalar) => scalar.size(),
            Type::Text => 1,
            Type::Named(id) if !types[*id].size.variable => types[*id].size.min,
            Type::Named(_) | Type::Unresolved(_) => return None,
        };
        match self.shape {
            Shape::One if self.ty == Type::Text => None,
            Shape::One => Some(one),
            Shape::Array(length) => Some(one.saturating_mul(length)),
            Shape::Counted(_) | Shape::Rest => None,
        }
    }

    /// A count or header field is no field of the Rust struct.
    pub fn is_value(&self) -> bool {
        self.role == Role::Value
    }

    /// A `string name[]`, which has a length of its own.
    pub fn is_variable_text(&self) -> bool {
        self.ty == Type::Text && !matches!(self.shape, Shape::Array(_))
    }

    pub fn is_bytes(&self) -> bool {
        self.ty == Type::Scalar(Scalar::U8) && self.shape != Shape::One
    }
}
