//! Finds the field that selects the arm of a union.

use crate::model::{Enum, Field, Shape, Tag, Type, TypeDef, TypeShape};

/// Finds the tag of a union: the first field `before` it whose enum has a constant for every
/// arm. If the union names its `discriminator`, only that field is considered.
pub fn of(
    types: &[TypeDef],
    union: &Field,
    before: &[Field],
    discriminator: Option<&str>,
) -> Option<Tag> {
    let Type::Named(id) = union.ty else {
        return None;
    };
    let TypeShape::Union(arms) = &types[id].shape else {
        return None;
    };
    if union.shape != Shape::One {
        return None;
    }
    let mut fields = before.iter().enumerate();
    let (field, ty, constants) = fields.find_map(|(place, tag)| {
        let Type::Named(ty) = tag.ty else {
            return None;
        };
        let TypeShape::Enum(definition) = &types[ty].shape else {
            return None;
        };
        if discriminator.is_some_and(|name| name != tag.name) {
            return None;
        }
        let constants = arms.iter().map(|arm| constant(definition, arm));
        Some((place, ty, constants.collect::<Option<Vec<_>>>()?))
    })?;
    (before[field].shape == Shape::One).then_some(Tag {
        field,
        ty,
        constants,
    })
}

/// The index of the constant that selects an arm.
fn constant(definition: &Enum, arm: &Field) -> Option<usize> {
    let mut constants = definition.constants.iter();
    constants.position(|constant| match &arm.case {
        Some(case) => *case == constant.name,
        // Releases before v26.06 do not have the option. Matching names select the arm.
        None => constant.rust.eq_ignore_ascii_case(&arm.name),
    })
}
