//! Every rule that turns an API name into a Rust one.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;

/// Names that generated modules use themselves, from the runtime and the prelude;
/// an API type of that name gets the suffix `Type`.
const TAKEN: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "DecodeError",
    "Default",
    "Drop",
    "Dump",
    "EncodeError",
    "Eq",
    "Err",
    "Event",
    "Fields",
    "FieldContext",
    "FixedString",
    "From",
    "Get",
    "Hash",
    "Into",
    "Iterator",
    "Layout",
    "MapAccess",
    "Message",
    "None",
    "Ok",
    "OneWay",
    "OpenEnum",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Reader",
    "Reply",
    "Request",
    "Result",
    "Self",
    "Send",
    "SerializeMap",
    "Some",
    "String",
    "Subscribe",
    "Sync",
    "TryFrom",
    "TryInto",
    "VarString",
    "Vec",
    "Wire",
    "Writer",
];

/// Keywords that cannot even be raw identifiers.
const NEVER_RAW: &[&str] = &["self", "super", "crate", "_"];

/// The module that a file defines: `vnet/ip/ip_types.api` → `ip_types`.
pub fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".api").unwrap_or(name).replace('.', "_")
}

/// The type of a message or API type: `memif_create_v2` → `MemifCreateV2`.
pub fn type_name(api: &str) -> String {
    let camel = api.to_upper_camel_case();
    let camel = if camel.starts_with(|c: char| c.is_ascii_digit()) || camel.is_empty() {
        format!("_{camel}")
    } else {
        camel
    };
    if TAKEN.contains(&camel.as_str()) {
        format!("{camel}Type")
    } else {
        camel
    }
}

/// A field, method or module: lower case, never a word that Rust cannot spell.
pub fn snake_name(api: &str) -> String {
    let lower = api.to_ascii_lowercase();
    if NEVER_RAW.contains(&lower.as_str()) {
        format!("{lower}_")
    } else {
        lower
    }
}

/// The constants of an enum: what their names have in common is dropped, up to an
/// underscore; `MEMIF_ROLE_API_MASTER` → `MASTER`.
pub fn constant_names<'a>(type_name: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<_> = names.collect();
    let prefix = match names.as_slice() {
        [] => 0,
        [one] => single_prefix(type_name, one),
        [first, rest @ ..] => rest.iter().fold(word_end(first, first.len()), |end, name| {
            word_end(first, common(first, name).min(end))
        }),
    };
    let mut taken = BTreeSet::new();
    names
        .iter()
        .map(|name| {
            let constant = constant_name(name.get(prefix..).unwrap_or(name));
            unique(constant, &mut taken)
        })
        .collect()
}

/// One enumerator alone shares nothing; it drops what its enum is called.
fn single_prefix(type_name: &str, name: &str) -> usize {
    let upper = type_name.to_ascii_uppercase();
    [format!("{upper}_API_"), format!("{upper}_")]
        .iter()
        .find(|prefix| name.len() > prefix.len() && name.starts_with(prefix.as_str()))
        .map_or(0, String::len)
}

fn common(one: &str, other: &str) -> usize {
    let pairs = one.bytes().zip(other.bytes());
    pairs.take_while(|(a, b)| a == b).count()
}

/// The end of the last whole word, with its underscore, within the first `end` bytes.
fn word_end(name: &str, end: usize) -> usize {
    // A prefix that is all of a name would leave nothing of it.
    let end = end.min(name.len().saturating_sub(1));
    name.as_bytes()[..end]
        .iter()
        .rposition(|byte| *byte == b'_')
        .map_or(0, |at| at + 1)
}

fn constant_name(rest: &str) -> String {
    let upper = rest.to_ascii_uppercase();
    let starts_right = upper.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts_right && upper.bytes().any(|byte| byte != b'_') {
        upper
    } else {
        format!("_{upper}")
    }
}

/// The constant that is named after a type: `Ip4Address` → `IP4_ADDRESS`. Different types have
/// different constants.
pub fn constant_of_type(rust: &str) -> String {
    let mut constant = String::new();
    for c in rust.chars() {
        if c.is_ascii_uppercase() && !constant.is_empty() {
            constant.push('_');
        }
        constant.push(c.to_ascii_uppercase());
    }
    constant
}

/// The name, or the name with the least number from 2 on that makes it new.
pub fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    if taken.insert(name.clone()) {
        return name;
    }
    let mut number = 2;
    loop {
        let numbered = format!("{name}{number}");
        if taken.insert(numbered.clone()) {
            return numbered;
        }
        number += 1;
    }
}

/// Whether the API language allows the name.
pub fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.bytes().any(|b| b != b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constants(type_name: &str, names: &[&str]) -> Vec<String> {
        constant_names(type_name, names.iter().copied())
    }

    #[test]
    fn types_are_camel_case_and_never_shadow_what_generated_code_uses() {
        assert_eq!(type_name("memif_create_v2"), "MemifCreateV2");
        assert_eq!(type_name("option"), "OptionType");
        assert_eq!(type_name("var_string"), "VarStringType");
        assert_eq!(type_name("lb_lkp_type_t"), "LbLkpTypeT");
    }

    #[test]
    fn fields_are_lower_case_and_spellable() {
        assert_eq!(snake_name("drop_M"), "drop_m");
        assert_eq!(snake_name("Self"), "self_");
    }

    #[test]
    fn constants_drop_what_they_share() {
        let roles = ["MEMIF_ROLE_API_MASTER", "MEMIF_ROLE_API_SLAVE"];
        assert_eq!(constants("memif_role", &roles), ["MASTER", "SLAVE"]);
        assert_eq!(constants("rx", &["RX", "TX"]), ["RX", "TX"]);
        let one = ["BIER_API_ENTRY_TYPE_ONLY"];
        assert_eq!(constants("bier_api_entry_type", &one), ["ONLY"]);
    }

    #[test]
    fn a_shared_prefix_that_is_a_whole_name_leaves_that_name_something() {
        let names = ["A_FLAG", "A_FLAG_X"];
        assert_eq!(constants("a", &names), ["FLAG", "FLAG_X"]);
    }

    #[test]
    fn constants_that_would_begin_with_a_digit_get_an_underscore() {
        let names = ["ALG_3DES", "ALG_NONE"];
        assert_eq!(constants("alg", &names), ["_3DES", "NONE"]);
    }

    #[test]
    fn names_that_differ_only_in_case_are_numbered() {
        assert_eq!(constants("e", &["E_a", "E_A"]), ["A", "A2"]);
    }
}
