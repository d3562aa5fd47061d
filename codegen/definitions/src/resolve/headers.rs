//! Removes `client_index` and `context` from the fields and keeps their offsets.

use crate::model::{Field, Header, Role, Scalar, Shape, TypeDef};

const ID_SIZE: u64 = 2;

/// Removes the leading header fields, and marks header fields among the others.
pub fn strip(fields: &mut Vec<Field>, types: &[TypeDef]) -> Header {
    let mut header = Header {
        body: ID_SIZE,
        ..Header::default()
    };
    let mut offset = ID_SIZE;
    let mut leading = 0;
    for (place, field) in fields.iter_mut().enumerate() {
        let is_word = field.is_one(Scalar::U32) && field.role == Role::Value;
        let found = match field.name.as_str() {
            "client_index" if is_word => &mut header.client_index,
            "context" if is_word => &mut header.context,
            _ => {
                // After a field of variable size, offsets are unknown.
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
    fields.drain(..leading);
    shift(fields, leading);
    Header {
        layout: layout(header),
        ..header
    }
}

/// The constant of `vpp_wire::Layout` with these offsets.
fn layout(header: Header) -> Option<&'static str> {
    match (header.client_index, header.context, header.body) {
        (Some(2), Some(6), 10) => Some("REQUEST"),
        (None, Some(2), 6) => Some("REPLY"),
        (Some(2), None, 6) => Some("EVENT"),
        (None, None, 2) => Some("BARE"),
        _ => None,
    }
}

/// Corrects the indices of counts, arrays and tags after `by` fields were removed.
fn shift(fields: &mut [Field], by: usize) {
    for field in fields {
        if let Role::Counts(arrays) = &mut field.role {
            for array in arrays {
                *array -= by;
            }
        }
        if let Shape::Counted(count) = &mut field.shape {
            *count -= by;
        }
        if let Some(tag) = &mut field.tag {
            tag.field -= by;
        }
    }
}
