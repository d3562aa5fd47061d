use serde_json::Value;

use super::{Scalar, TypeDef, TypeId};

/// A field of a message or struct, an arm of a union, or the value of an alias.
#[derive(Debug)]
pub struct Field {
    /// The API name.
    pub name: String,
    /// The Rust name.
    pub rust: String,
    /// Its documentation, in lines.
    pub doc: Vec<String>,
    /// The type of one element.
    pub ty: Type,
    /// The number of elements.
    pub shape: Shape,
    /// What it is for.
    pub role: Role,
    /// The default of the API file.
    pub default: Option<Declared>,
    /// For an arm: the enumerator that selects it.
    pub case: Option<String>,
    /// For a union: the enum that selects its arm.
    pub tag: Option<Tag>,
}

/// The type of an element of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// A number or boolean.
    Scalar(Scalar),
    /// A `string`.
    Text,
    /// A type of [`Api::types`](super::Api).
    Named(TypeId),
}

/// The number of elements of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One value, not an array.
    One,
    /// An array of this length.
    Array(u64),
    /// An array whose count field has this index in the same message or struct.
    Counted(usize),
    /// All remaining bytes of the message.
    Rest,
}

/// What a field is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A field of the Rust struct.
    Value,
    /// The number of elements of the arrays with these indices. The list is never empty.
    Counts(Vec<usize>),
    /// `client_index` or `context` among the fields of a message.
    Header,
}

/// The field that selects the arm of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The index of the field.
    pub field: usize,
    /// The type of the field, an enum.
    pub ty: TypeId,
    /// For each arm, the index of the constant that selects it.
    pub constants: Vec<usize>,
}

/// A default of the API file.
#[derive(Debug)]
pub struct Declared {
    /// The default as the file has it.
    pub declared: Value,
    /// The default as a value of its field; `None` if it does not fit the field.
    pub value: Option<DefaultValue>,
}

/// A default as a value of its field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DefaultValue {
    /// For a `bool`.
    Bool(bool),
    /// For an integer, enum or enumflag.
    Integer(i128),
    /// For an `f32` or `f64`.
    Float(f64),
}

/// The size of a value on the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// The smallest size in bytes.
    pub min: u64,
    /// Whether values have different sizes.
    pub variable: bool,
    /// The value takes all remaining bytes of the message.
    pub open: bool,
}

impl Field {
    /// The size on the wire; `None` if it is variable.
    pub fn fixed_size(&self, types: &[TypeDef]) -> Option<u64> {
        let one = match &self.ty {
            Type::Scalar(scalar) => scalar.size(),
            Type::Text => 1,
            Type::Named(id) if !types[*id].size.variable => types[*id].size.min,
            Type::Named(_) => return None,
        };
        match self.shape {
            Shape::One if self.ty == Type::Text => None,
            Shape::One => Some(one),
            Shape::Array(length) => Some(one.saturating_mul(length)),
            Shape::Counted(_) | Shape::Rest => None,
        }
    }

    /// Whether it is a field of the Rust struct: counts and header fields are not.
    pub fn is_value(&self) -> bool {
        self.role == Role::Value
    }

    /// Whether it is a `string name[]`, which has a length of its own.
    pub fn is_variable_text(&self) -> bool {
        self.ty == Type::Text && !matches!(self.shape, Shape::Array(_))
    }

    /// Whether it is an array of `u8`.
    pub fn is_bytes(&self) -> bool {
        self.ty == Type::Scalar(Scalar::U8) && self.shape != Shape::One
    }

    /// Whether it is one value of this scalar type.
    pub fn is_one(&self, scalar: Scalar) -> bool {
        self.ty == Type::Scalar(scalar) && self.shape == Shape::One
    }
}

impl Size {
    /// The size of a type whose values all have `min` bytes.
    pub fn fixed(min: u64) -> Self {
        Self {
            min,
            ..Self::default()
        }
    }

    /// The size of a type whose values have `min` bytes or more.
    pub fn variable(min: u64) -> Self {
        Self {
            min,
            variable: true,
            open: false,
        }
    }
}
