//! One type as text.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::order::Definition;
use super::{blocks, list, name, text};

pub fn definition(
    definition: &Definition<'_>,
    marked: &BTreeSet<String>,
) -> Result<String, String> {
    match definition {
        Definition::Struct(block) => blocks::block("typedef", block),
        Definition::Union(block) => blocks::block("union", block),
        Definition::Enum(of) => enumeration("enum", of, marked),
        Definition::Flags(of) => enumeration("enumflag", of, marked),
        Definition::Alias(name, target) => {
            let ty = text(&target["type"])?;
            let length = match &target["length"] {
                Value::Null => String::new(),
                length => format!("[{length}]"),
            };
            Ok(format!("typedef {ty} {name}{length};\n"))
        }
    }
}

fn enumeration(keyword: &str, of: &Value, marked: &BTreeSet<String>) -> Result<String, String> {
    let name = name(of)?;
    let mut out = String::new();
    let mut wire = String::new();
    for one in list(of).iter().skip(1) {
        if let Some(ty) = one["enumtype"].as_str() {
            wire = format!(" : {ty}");
            continue;
        }
        let (id, value) = (text(&one[0])?, &one[1]);
        let mark = if marked.contains(&format!("{name}.{id}")) {
            " [backwards_compatible]"
        } else {
            ""
        };
        // Writing to a string meets no error.
        let _ = writeln!(out, "  {id} = {value}{mark},");
    }
    Ok(format!("{keyword} {name}{wire}\n{{\n{out}}};\n"))
}
