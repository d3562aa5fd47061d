//! Completes the fields of a message or type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::scope::Scope;
use super::{defaults, tags};
use crate::Error;
use crate::docs;
use crate::error::Problem;
use crate::model::{Declared, Field, Role, Shape, Size, Type, TypeDef};
use crate::names;
use crate::overlay::Docs;
use crate::schema;

/// Finds the types of fields.
pub trait LookUp {
    /// The type of a field, completed.
    ///
    /// # Errors
    /// An unknown type, with the imports that could have defined it; the errors of that type.
    fn look_up(&mut self, name: &str, scope: &Scope<'_>, field: &str) -> Result<Type, Error>;

    /// The types that are complete.
    fn complete_types(&self) -> &[TypeDef];

    fn docs(&self) -> &Docs;
}

/// The fields with unique lower-case Rust names, their types, counts, defaults and tags.
///
/// # Errors
/// A name that is not an identifier, an unknown type, a count that is missing or not an
/// integer.
pub fn complete(
    types: &mut impl LookUp,
    scope: &Scope<'_>,
    definitions: &[schema::Field],
) -> Result<Vec<Field>, Error> {
    let mut taken = names::Taken::default();
    let mut seen = BTreeSet::new();
    let mut fields = Vec::new();
    for definition in definitions {
        scope.check_name(&definition.name)?;
        let rust = taken.unique(names::snake_name(&definition.name));
        // The language allows two fields with one name. A JSON object does not.
        let name = if seen.insert(&definition.name) {
            definition.name.clone()
        } else {
            rust.clone()
        };
        let ty = types.look_up(&definition.type_name, scope, &definition.name)?;
        let shape = shape(definition, &fields, scope)?;
        let default = definition.options.get("default").map(|declared| Declared {
            declared: declared.clone(),
            value: defaults::value(types.complete_types(), &ty, &shape, declared),
        });
        let field = Field {
            doc: docs::lines(types.docs().field_text(scope.definition, &name), None),
            name,
            rust,
            ty,
            shape,
            role: Role::Value,
            default,
            case: option_text(&definition.options, "case").map(str::to_owned),
            tag: None,
        };
        if let Shape::Counted(count) = field.shape {
            let array = fields.len();
            match &mut fields[count].role {
                Role::Counts(arrays) => arrays.push(array),
                role => *role = Role::Counts(vec![array]),
            }
        }
        let tag = tags::of(
            types.complete_types(),
            &field,
            &fields,
            option_text(&definition.options, "discriminator"),
        );
        fields.push(Field { tag, ..field });
    }
    Ok(fields)
}

/// The shape of a field. Its count is one of the fields `before` it.
fn shape(definition: &schema::Field, before: &[Field], scope: &Scope<'_>) -> Result<Shape, Error> {
    let count = match (definition.length, &definition.count) {
        (_, Some(count)) => count,
        (Some(0), None) => return Ok(Shape::Rest),
        (Some(length), None) => return Ok(Shape::Array(length)),
        (None, None) => return Ok(Shape::One),
    };
    let error = |problem| scope.at(&definition.name, problem);
    let is_count = |field: &Field| field.name == *count && field.shape == Shape::One;
    let place = before
        .iter()
        .position(is_count)
        .ok_or_else(|| error(Problem::CountMissing(count.clone())))?;
    let is_integer = matches!(before[place].ty, Type::Scalar(scalar) if scalar.range().is_some());
    if !is_integer {
        return Err(error(Problem::CountNotInteger(count.clone())));
    }
    Ok(Shape::Counted(place))
}

fn option_text<'a>(options: &'a BTreeMap<String, Value>, name: &str) -> Option<&'a str> {
    options.get(name).and_then(Value::as_str)
}

/// The size of all fields together.
///
/// # Errors
/// A member of variable size where none is allowed.
pub fn size(fields: &[Field], types: &[TypeDef], scope: &Scope<'_>) -> Result<Size, Error> {
    let mut whole = Size::default();
    for (place, field) in fields.iter().enumerate() {
        let size = size_of(field, types, scope)?;
        if size.open && place + 1 < fields.len() {
            return Err(scope.at(&field.name, Problem::RestNotLast));
        }
        whole.min = whole.min.saturating_add(size.min);
        whole.variable |= size.variable;
        whole.open |= size.open;
    }
    Ok(whole)
}

/// The size of the largest arm.
///
/// # Errors
/// An arm of variable size.
pub fn union_size(arms: &[Field], types: &[TypeDef], scope: &Scope<'_>) -> Result<Size, Error> {
    let mut whole = Size::default();
    for arm in arms {
        let size = size_of(arm, types, scope)?;
        if size.variable {
            return Err(scope.at(&arm.name, Problem::VariableMember("a union")));
        }
        whole.min = whole.min.max(size.min);
    }
    Ok(whole)
}

fn size_of(field: &Field, types: &[TypeDef], scope: &Scope<'_>) -> Result<Size, Error> {
    let one = match (&field.ty, &field.shape) {
        (Type::Text, Shape::Array(length)) => return Ok(Size::fixed(*length)),
        (Type::Text, _) => return Ok(Size::variable(4)),
        (Type::Scalar(scalar), _) => Size::fixed(scalar.size()),
        (Type::Named(id), _) => types[*id].size,
    };
    match field.shape {
        Shape::One => Ok(one),
        Shape::Array(_) if one.variable => Err(scope.at(&field.name, Problem::VariableElements)),
        Shape::Array(length) => Ok(Size::fixed(one.min.saturating_mul(length))),
        Shape::Counted(_) => Ok(Size::variable(0)),
        Shape::Rest => Ok(Size {
            open: true,
            ..Size::variable(0)
        }),
    }
}
