//! Messages, structs and unions as text.

use serde_json::Value;

use super::{list, name, option, text};

/// A message without its id field, which every message has and no source contains.
pub fn message(message: &Value) -> Result<String, String> {
    block("define", message)
}

pub fn block(keyword: &str, block: &Value) -> Result<String, String> {
    let name = name(block)?;
    let of_block = |error| format!("{name}: {error}");
    let mut out = format!("{keyword} {name}\n{{\n");
    for one in list(block).iter().skip(1) {
        if one.is_object() {
            out += &option::message_options(&one["options"]).map_err(of_block)?;
        } else if one[1] != "_vl_msg_id" {
            out += &field(one).map_err(of_block)?;
        }
    }
    Ok(out + "};\n")
}

fn field(field: &Value) -> Result<String, String> {
    let (ty, name) = (text(&field[0])?, text(&field[1])?);
    let rest = list(field).get(2..).unwrap_or_default();
    let suffix = match rest {
        [] => String::new(),
        [options @ Value::Object(_)] => format!(" [{}]", option::field_options(options)?),
        // Length 0 means any length for a string, and no element for other types.
        [length] if ty == "string" && length == 0 => "[]".to_owned(),
        [length] => format!("[{length}]"),
        [_, count] => format!("[{}]", text(count)?),
        _ => return Err(format!("{field} is not a field")),
    };
    Ok(format!("  {ty} {name}{suffix};\n"))
}
