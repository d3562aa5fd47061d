use serde_json::Value;

use super::{Scalar, TypeDef, TypeId};

/// A field of a message or struct, an arm of a union, or the value of an alias.
#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub rust: String,
    pub doc: Vec<String>,
    pub ty: Type,
    pub shape: Shape,
    pub role: Role,
    pub default: Option<Declared>,
    /// For an arm: the enumerator that selects it.
    pub case: Option<String>,
    /// For a union: the enum that selects its arm.
    pub tag: Option<Tag>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    Scalar(Scalar),
    Text,
    Named(TypeId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    One,
    Array(u64),
    /// The count field is at this place in the same message or struct.
    Counted(usize),
    /// All remaining bytes of the message.
    Rest,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    Value,
    /// The number of elements of the arrays at these places, which is never empty.
    Counts(Vec<usize>),
    /// `client_index` or `context` among the fields of a message.
    Header,
}

/// The field that selects the arm of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The place of the field.
    pub field: usize,
    /// The type of the field, an enum.
    pub ty: TypeId,
    /// For each arm, the place of the constant that selects it.
    pub constants: Vec<usize>,
}

/// A default of the API file.
#[derive(Debug)]
pub struct Declared {
    pub declared: Value,
    /// The default as a value of its field; `None` if it does not fit the field.
    pub value: Option<DefaultValue>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DefaultValue {
    Bool(bool),
    Integer(i128),
    Float(f64),
}

/// The size of a value on the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    pub min: u64,
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

    pub fn is_bytes(&self) -> bool {
        self.ty == Type::Scalar(Scalar::U8) && self.shape != Shape::One
    }

    /// Whether it is one value of this scalar type.
    pub fn is_one(&self, scalar: Scalar) -> bool {
        self.ty == Type::Scalar(scalar) && self.shape == Shape::One
    }
}

impl Size {
    pub fn fixed(min: u64) -> Self {
        Self {
            min,
            ..Self::default()
        }
    }

    pub fn variable(min: u64) -> Self {
        Self {
            min,
            variable: true,
            open: false,
        }
    }
}
