//! What holds for every field, and for the fields of a definition together.

use super::types::{Facts, in_fields};
use super::unit::{Stop, Unit};
use crate::compile::diagnostic::Fault;
use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::source::Name;
use crate::compile::syntax::ast::{Entry, Field, Shape};
use crate::crc::{Fold, Text};

/// Names that Python's named tuples, and so VPP's Python client, cannot have.
const PYTHON: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

impl Unit<'_> {
    /// One field by itself. Scalars are from here on known as what can count an array.
    pub fn field(&mut self, field: &Field) -> Result<(), Stop> {
        if field.is_named && self.types.get(&field.ty.text).is_none() {
            return Err(self.undefined(&field.ty));
        }
        if self.trusts {
            return Ok(());
        }
        let name = &field.name;
        let is_string = field.ty.text == "string";
        match &field.shape {
            Shape::Scalar(_) if is_string => {
                let message = format!("`{}` is a string without length", name.text);
                return Err(Fault::new(Rule::ScalarString, field.ty.span, message)
                    .note("write `string name[64]` for 64 bytes, `string name[]` for any number")
                    .into());
            }
            Shape::Scalar(_) if PYTHON.contains(&name.text.as_str()) => {
                let message = format!("`{}` is a keyword of Python", name.text);
                return Err(Fault::new(Rule::PythonKeyword, name.span, message)
                    .note("VPP's Python client could not name the field")
                    .into());
            }
            Shape::Scalar(_) => {
                self.counts.insert(name.text.clone());
            }
            Shape::Open(span) if !is_string && self.release.is_modern() => {
                let message = format!("the array `{}` has no length", name.text);
                return Err(Fault::new(Rule::MissingLength, *span, message)
                    .note("only strings have none; name the field before it that counts it")
                    .into());
            }
            Shape::Counted(count) if !self.counts.contains(&count.text) => {
                let message = format!("no field `{}` before the array", count.text);
                return Err(Fault::new(Rule::UnknownLengthField, count.span, message)
                    .note("what counts an array is a field before it that is no array itself")
                    .into());
            }
            Shape::Open(_) | Shape::Fixed(_) | Shape::Counted(_) => {}
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
            format!("no type `{}` is defined before here", ty.text),
        );
        let full = in_fields(&ty.text);
        if self.types.get(&full).is_some() {
            return fault.note(format!("write `{full}`")).into();
        }
        fault.into()
    }

    /// The fields of a message, struct or union.
    pub fn fields(&mut self, what: &str, entries: &[Entry]) -> Result<Facts, Stop> {
        let mut fields = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Entry::Field(field) => {
                    self.field(field)?;
                    fields.push(field);
                }
                Entry::Option(_) if what == "message" => {}
                Entry::Option(option) => {
                    let message = format!("a {what} has no options");
                    return Err(Fault::new(Rule::OptionInType, option.span, message)
                        .note("options stand in messages, and outside of definitions")
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
            if at + 1 < fields.len() && !self.trusts {
                let name = &field.name;
                let message = format!("`{}` has a variable size and is not last", name.text);
                return Err(Fault::new(Rule::VariableNotLast, name.span, message)
                    .note(format!("nothing can stand behind it in a {what}"))
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

    /// An array with a count, a string of any length, or whatever contains one; aliases
    /// do not pass it on.
    fn is_variable(&self, field: &Field) -> bool {
        if matches!(field.shape, Shape::Counted(_)) {
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

/// What CRCs know of fields.
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
