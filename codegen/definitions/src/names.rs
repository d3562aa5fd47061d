//! Every rule that turns an API name into a Rust one.

use std::collections::{BTreeMap, BTreeSet};

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

/// The module that a file defines, as VPP's tool names it: `vnet/ip/ip_types.api` → `ip_types`.
pub fn vpp_module(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".api").unwrap_or(name).replace('.', "_")
}

/// The module that a file defines, as a name that Rust can have: `dns-cache.api` → `dns_cache`.
pub fn module(path: &str) -> String {
    vpp_module(path).replace('-', "_")
}

/// The name of a type in fields: `address` → `vl_api_address_t`.
pub fn field_type(name: &str) -> String {
    format!("vl_api_{name}_t")
}

/// The defined type that a field has: `vl_api_address_t` → `address`. `None` for a scalar or a
/// string.
pub fn defined_type(field_type: &str) -> Option<&str> {
    field_type.strip_prefix("vl_api_")?.strip_suffix("_t")
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
    let mut taken = Taken::default();
    names
        .iter()
        .map(|name| {
            let constant = constant_name(name.get(prefix..).unwrap_or(name));
            taken.unique(constant)
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

/// The names that are taken in a scope.
#[derive(Debug, Default)]
pub struct Taken {
    names: BTreeSet<String>,
    /// The next number to try for a name that is taken.
    next: BTreeMap<String, usize>,
}

impl FromIterator<String> for Taken {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self {
            names: names.into_iter().collect(),
            next: BTreeMap::new(),
        }
    }
}

impl Taken {
    /// The name, or the name with the least number from 2 on that makes it new.
    pub fn unique(&mut self, name: String) -> String {
        if self.names.insert(name.clone()) {
            return name;
        }
        let mut number = self.next.get(&name).copied().unwrap_or(2);
        loop {
            let numbered = format!("{name}{number}");
            number += 1;
            if self.names.insert(numbered.clone()) {
                self.next.insert(name, number);
                return numbered;
            }
        }
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
    fn taken_names_get_the_least_free_number() {
        let mut taken: Taken = ["f3".to_owned()].into_iter().collect();
        let names = ["f", "f", "f", "f4", "f"].map(|name| taken.unique(name.to_owned()));
        assert_eq!(names, ["f", "f2", "f4", "f42", "f5"]);
    }

    #[test]
    fn a_hundred_thousand_equal_names_take_no_time() {
        let mut taken = Taken::default();
        let names = (0..100_000).map(|_| taken.unique("f".to_owned()));
        assert_eq!(names.last().as_deref(), Some("f100000"));
    }

    #[test]
    fn modules_have_names_that_rust_can_have() {
        assert_eq!(module("vnet/ip/ip_types.api"), "ip_types");
        assert_eq!(module("dns-cache.v2.api"), "dns_cache_v2");
        assert_eq!(vpp_module("dns-cache.v2.api"), "dns-cache_v2");
    }

    #[test]
    fn defined_types_have_one_prefix_and_one_suffix() {
        assert_eq!(defined_type("vl_api_address_t"), Some("address"));
        assert_eq!(defined_type("vl_api_lkp_type_t_t"), Some("lkp_type_t"));
        assert_eq!(defined_type("u32"), None);
        assert_eq!(field_type("address"), "vl_api_address_t");
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
