//! What the Rust types can derive.

use crate::model::{
    Api, DEFAULT_ARRAY, DefaultValue, Derives, Field, Shape, Type, TypeId, TypeShape,
};

/// Decides for all types, then for all messages.
pub fn decide(api: &mut Api) {
    let mut known = vec![None; api.types.len()];
    for id in 0..api.types.len() {
        of_type(api, id, &mut known);
    }
    for (type_def, derives) in api.types.iter_mut().zip(&known) {
        type_def.derives = derives.unwrap_or_default();
    }
    for message in api
        .modules
        .iter_mut()
        .flat_map(|module| &mut module.messages)
    {
        message.derives = of_fields(&message.fields, &mut |id| {
            known.get(id).copied().flatten().unwrap_or_default()
        });
    }
}

fn of_type(api: &Api, id: TypeId, known: &mut Vec<Option<Derives>>) -> Derives {
    if let Some(derives) = known[id] {
        return derives;
    }
    let type_def = &api.types[id];
    let mut derives = match &type_def.shape {
        TypeShape::Enum(_) | TypeShape::Flags(_) | TypeShape::Union(_) => Derives {
            copy: true,
            eq: true,
            default: type_def.size.min <= DEFAULT_ARRAY,
        },
        TypeShape::Struct(_) | TypeShape::Alias(_) => {
            of_fields(type_def.fields(), &mut |id| of_type(api, id, known))
        }
    };
    derives.copy &= !type_def.size.variable;
    known[id] = Some(derives);
    derives
}

fn of_fields(fields: &[Field], of_type: &mut impl FnMut(TypeId) -> Derives) -> Derives {
    let mut all = Derives {
        copy: true,
        eq: true,
        default: true,
    };
    for field in fields.iter().filter(|field| field.is_value()) {
        match &field.ty {
            Type::Scalar(scalar) => all.eq &= !scalar.is_float(),
            Type::Named(id) => {
                let derives = of_type(*id);
                all.eq &= derives.eq;
                all.copy &= derives.copy;
            }
            Type::Text | Type::Unresolved(_) => {}
        }
        let long = matches!(field.shape, Shape::Array(length) if length > DEFAULT_ARRAY);
        let zero = match field.default.as_ref().and_then(|default| default.value) {
            None | Some(DefaultValue::Bool(false) | DefaultValue::Integer(0)) => true,
            Some(DefaultValue::Float(number)) => number == 0.0,
            Some(_) => false,
        };
        all.default &= zero && (!long || field.ty == Type::Text);
    }
    all
}
