//! Converts the types of a file to text, each once and before its users.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use super::{blocks, list, name, text};

/// A type.
pub enum Definition<'a> {
    Struct(&'a Value),
    Union(&'a Value),
    Enum(&'a Value),
    Flags(&'a Value),
    Alias(&'a str, &'a Value),
}

type Constructor<'a> = fn(&'a Value) -> Definition<'a>;

impl Definition<'_> {
    /// The types of its fields.
    fn uses(&self) -> Vec<&str> {
        match self {
            Self::Struct(block) | Self::Union(block) => {
                let fields = list(block).iter().skip(1);
                fields.filter_map(|field| field[0].as_str()).collect()
            }
            Self::Alias(_, target) => target["type"].as_str().into_iter().collect(),
            Self::Enum(_) | Self::Flags(_) => Vec::new(),
        }
    }

    /// Converts the type to text.
    pub fn to_text(&self, marked: &BTreeSet<String>) -> Result<String, String> {
        match self {
            Self::Struct(block) => blocks::block("typedef", block),
            Self::Union(block) => blocks::block("union", block),
            Self::Enum(of) => enumeration("enum", of, marked),
            Self::Flags(of) => enumeration("enumflag", of, marked),
            Self::Alias(name, target) => {
                let ty = text(&target["type"])?;
                let length = match &target["length"] {
                    Value::Null => String::new(),
                    length => format!("[{length}]"),
                };
                Ok(format!("typedef {ty} {name}{length};\n"))
            }
        }
    }
}

/// The types of a file, each before its users.
pub fn types<'a>(file: &'a Value) -> Result<Vec<Definition<'a>>, String> {
    let mut all = BTreeMap::new();
    let kinds: [(&str, Constructor<'a>); 4] = [
        ("types", Definition::Struct),
        ("unions", Definition::Union),
        ("enums", Definition::Enum),
        ("enumflags", Definition::Flags),
    ];
    for (key, kind) in kinds {
        for value in list(&file[key]) {
            all.insert(name(value)?, kind(value));
        }
    }
    for (name, target) in file["aliases"].as_object().into_iter().flatten() {
        text(&target["type"])?;
        all.insert(name.as_str(), Definition::Alias(name, target));
    }
    let names: Vec<&str> = all.keys().copied().collect();
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for name in names {
        visit(name, &all, &mut seen, &mut order);
    }
    Ok(order
        .into_iter()
        .filter_map(|name| all.remove(name))
        .collect())
}

fn visit<'a>(
    name: &'a str,
    all: &BTreeMap<&'a str, Definition<'a>>,
    seen: &mut BTreeSet<&'a str>,
    order: &mut Vec<&'a str>,
) {
    let Some((name, definition)) = all.get_key_value(name) else {
        return;
    };
    if !seen.insert(name) {
        return;
    }
    for used in definition.uses() {
        let bare = used.strip_prefix("vl_api_");
        if let Some((used, _)) = bare
            .and_then(|used| used.strip_suffix("_t"))
            .and_then(|used| all.get_key_value(used))
        {
            visit(used, all, seen, order);
        }
    }
    order.push(name);
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
        // Writing to a String is infallible.
        let _ = writeln!(out, "  {id} = {value}{mark},");
    }
    Ok(format!("{keyword} {name}{wire}\n{{\n{out}}};\n"))
}
