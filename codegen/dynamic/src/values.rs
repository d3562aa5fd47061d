//! How many array elements the JSON of a type has, whatever its bytes are.

use vpp_definitions::model::{Api, Field, Scalar, Shape, Type, TypeId, TypeShape};

/// For each type, the elements of its arrays of fixed length, nested ones included.
///
/// Arrays of bytes and strings are not counted: they are bounded by the payload. Elements of
/// size zero are not, so that a definition can ask for any number of them.
pub fn of_types(api: &Api) -> Vec<u64> {
    let mut known = vec![None; api.types.len()];
    (0..api.types.len())
        .map(|id| of_type(api, &mut known, id))
        .collect()
}

/// `resolve::lengths` refuses types that contain themselves.
fn of_type(api: &Api, known: &mut [Option<u64>], id: TypeId) -> u64 {
    if let Some(values) = known[id] {
        return values;
    }
    let ty = &api.types[id];
    let values = match &ty.shape {
        TypeShape::Enum(_) | TypeShape::Flags(_) => 0,
        TypeShape::Struct(_) | TypeShape::Union(_) | TypeShape::Alias(_) => {
            ty.fields().iter().fold(0, |sum: u64, field| {
                sum.saturating_add(of_field(api, known, field))
            })
        }
    };
    known[id] = Some(values);
    values
}

fn of_field(api: &Api, known: &mut [Option<u64>], field: &Field) -> u64 {
    let one = match field.ty {
        Type::Named(id) => of_type(api, known, id),
        Type::Text | Type::Scalar(Scalar::U8) => return 0,
        Type::Scalar(_) | Type::Unresolved(_) => 0,
    };
    match field.shape {
        Shape::One => one,
        Shape::Array(length) => length.saturating_mul(one.saturating_add(1)),
        // Their elements are counted when they are read.
        Shape::Counted(_) | Shape::Rest => 0,
    }
}
