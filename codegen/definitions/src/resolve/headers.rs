//! Message id, `client_index` and `context` leave the fields; where they stood is kept.

use crate::model::{Api, Header, Message, Role, Scalar, Shape, Type, TypeDef};

const ID_SIZE: u64 = 2;

/// Strips the header of every message.
pub fn strip(api: &mut Api) {
    let messages = api.modules.iter_mut();
    for message in messages.flat_map(|module| &mut module.messages) {
        strip_one(message, &api.types);
    }
}

fn strip_one(message: &mut Message, types: &[TypeDef]) {
    if message
        .fields
        .first()
        .is_some_and(|field| field.name == "_vl_msg_id")
    {
        message.fields.remove(0);
        message.size.min = message.size.min.saturating_sub(ID_SIZE);
        shift_counts(message, 1);
    }
    let mut header = Header {
        body: ID_SIZE,
        ..Header::default()
    };
    let mut offset = ID_SIZE;
    let mut leading = 0;
    for (place, field) in message.fields.iter_mut().enumerate() {
        let is_word = field.ty == Type::Scalar(Scalar::U32)
            && field.shape == Shape::One
            && field.role == Role::Value;
        let found = match field.name.as_str() {
            "client_index" if is_word => &mut header.client_index,
            "context" if is_word => &mut header.context,
            _ => {
                // After a field of variable size nothing has an offset.
                match field.fixed_size(types) {
                    Some(size) => offset = offset.saturating_add(size),
                    None => break,
                }
                continue;
            }
        };
        if found.is_some() {
            break;
        }
        *found = Some(offset);
        field.role = Role::Header;
        offset = offset.saturating_add(4);
        if place == leading {
            leading += 1;
            header.body += 4;
        }
    }
    message.fields.drain(..leading);
    message.size.min = message.size.min.saturating_sub(header.body - ID_SIZE);
    shift_counts(message, leading);
    message.header = header;
}

/// Counts name their arrays by place.
fn shift_counts(message: &mut Message, by: usize) {
    for field in &mut message.fields {
        if let Role::Counts(arrays) = &mut field.role {
            for array in arrays {
                *array -= by;
            }
        }
    }
}
