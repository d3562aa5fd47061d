//! Checks each field, and the fields of a definition together.

use super::checker::{Checker, Stop};
use super::types::Facts;
use crate::compile::diagnostic::Fault;
use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::source::Name;
use crate::compile::syntax::ast::{Dimension, Field, Member};
use crate::crc::{Fold, Text};
use crate::names::field_type;

/// Names that fields of Python's named tuples cannot have. VPP's Python client uses these.
const PYTHON_KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

impl Checker<'_> {
    /// Checks one field. A scalar can count the arrays after it.
    pub fn field(&mut self, field: &Field) -> Result<(), Stop> {
        if field.is_named && self.types.get(&field.ty.text).is_none() {
            return Err(self.undefined(&field.ty));
        }
        if self.is_trusted {
            return Ok(());
        }
        let name = &field.name;
        let is_string = field.ty.text == "string";
        match &field.dimension {
            Dimension::Scalar(_) if is_string => {
                let message = format!("the string `{}` has no length", name.text);
                return Err(Fault::new(Rule::ScalarString, field.ty.span, message)
                    .note("write `string name[64]` for 64 bytes, `string name[]` for any number")
                    .into());
            }
            Dimension::Scalar(_) if PYTHON_KEYWORDS.contains(&name.text.as_str()) => {
                let message = format!("`{}` is a Python keyword", name.text);
                return Err(Fault::new(Rule::PythonKeyword, name.span, message)
                    .note("VPP's Python client cannot have a field of this name")
                    .into());
            }
            Dimension::Scalar(_) => {
                self.counts.insert(name.text.clone());
            }
            Dimension::Open(span) if !is_string && self.release.is_modern() => {
                let message = format!("the array `{}` has no length", name.text);
                return Err(Fault::new(Rule::MissingLength, *span, message)
                    .note("write the length, or the name of a count field before the array")
                    .into());
            }
            Dimension::Counted(count) if !self.counts.contains(&count.text) => {
                let message = format!("no field `{}` before the array", count.text);
                return Err(Fault::new(Rule::UnknownLengthField, count.span, message)
                    .note("a count field precedes its array and is not an array")
                    .into());
            }
            Dimension::Open(_) | Dimension::Fixed(_) | Dimension::Counted(_) => {}
        }
        Ok(())
    }

    fn undefined(&self, ty: &Name) -> Stop {
        if self.is_unknown_type(&ty.text) {
            return Stop::Silent;
        }
        let fault = Fault::new(
            Rule::UndefinedType,
            ty.span,
            format!("type `{}` is not defined before this line", ty.text),
        );
        let full = field_type(&ty.text);
        if self.types.get(&full).is_some() {
            return fault.note(format!("write `{full}`")).into();
        }
        fault.into()
    }

    /// Checks the members of a message, struct or union.
    pub fn fields(&mut self, what: &str, members: &[Member]) -> Result<Facts, Stop> {
        let mut fields = Vec::with_capacity(members.len());
        for member in members {
            match member {
                Member::Field(field) => {
                    self.field(field)?;
                    fields.push(field);
                }
                Member::Option(_) if what == "message" => {}
                Member::Option(option) => {
                    let message = format!("a {what} cannot contain options");
                    return Err(Fault::new(Rule::OptionInType, option.span, message)
                        .note("only a message or the file itself can contain options")
                        .into());
                }
            }
        }
        let mut is_variable = false;
        for (at, field) in fields.iter().enumerate() {
            if !self.is_variable(field) {
                continue;
            }
            is_variable = true;
            if at + 1 < fields.len() && !self.is_trusted {
                let name = &field.name;
                let message = format!("`{}` has a variable size and is not last", name.text);
                return Err(Fault::new(Rule::VariableNotLast, name.span, message)
                    .note(format!("a {what} cannot have fields after it"))
                    .into());
            }
        }
        let own = text(&fields);
        let used = fields.iter().filter(|field| field.is_named);
        let used = used.filter_map(|field| self.types.get(&field.ty.text));
        Ok(Facts {
            is_variable,
            own,
            folded: used.fold(own, |fold, ty| fold.then(ty.facts.folded)),
            values: Vec::new(),
        })
    }

    /// Whether a field has a variable size: it is an array with a count field, a string without
    /// length, or a type that contains one. An alias is always considered fixed.
    fn is_variable(&self, field: &Field) -> bool {
        if matches!(field.dimension, Dimension::Counted(_)) {
            return true;
        }
        let is_zero = |length| match length {
            Number::Int(length) => length == 0,
            Number::Float(length) => length == 0.0,
        };
        let is_open = field.array().is_some_and(|(length, _)| is_zero(length));
        match self.types.get(&field.ty.text) {
            Some(ty) => ty.facts.is_variable,
            None => field.ty.text == "string" && is_open,
        }
    }
}

/// The text of fields for CRCs.
pub fn text(fields: &[&Field]) -> Fold {
    let mut text = Text::default();
    for field in fields {
        let (ty, name) = (&field.ty.text, &field.name.text);
        match field.array() {
            None => text.field(ty, name),
            Some((length, count)) => text.array(ty, name, length, count),
        }
    }
    text.end()
}
