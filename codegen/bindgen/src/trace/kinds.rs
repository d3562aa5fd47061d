//! Recognises the numbers of VPP's objects in messages, and the messages that create and delete
//! objects, by names and types.

use std::borrow::Cow;
use std::collections::BTreeSet;

use vpp_dynamic::{Codec, CodecError};

/// The kind of numbers by which interfaces are known.
pub const INTERFACE: &str = "sw_if_index";

/// Fields that number objects although their names do not end with `_index`, or number other
/// objects than their names say.
const EXCEPTIONS: [(&str, &str); 12] = [
    ("socket_id", "socket_id"),
    ("bd_id", "bd_id"),
    ("table_id", "table_id"),
    ("vrf_id", "table_id"),
    ("new_table_index", "table_index"),
    ("next_table_index", "table_index"),
    ("ip4_table_index", "table_index"),
    ("ip6_table_index", "table_index"),
    ("l2_table_index", "table_index"),
    ("acls", "acl_index"),
    ("bvi_sw_if_index", INTERFACE),
    ("uu_fwd_sw_if_index", INTERFACE),
];

/// Fields whose names end with `_index` but that do not number objects which clients create.
const NOT_OBJECTS: [&str; 8] = [
    "client_index",
    "stats_index",
    "hw_if_index",
    "thread_index",
    "worker_index",
    "node_index",
    "next_index",
    "cpu_index",
];

/// The kind of object that a field numbers: `sw_if_index` for interfaces, otherwise a name.
pub fn kind_of<'a>(field: &'a str, alias: Option<&str>) -> Option<Cow<'a, str>> {
    if alias == Some("interface_index") || field.ends_with(INTERFACE) {
        return Some(INTERFACE.into());
    }
    if let Some((_, kind)) = EXCEPTIONS.iter().find(|(name, _)| *name == field) {
        return Some((*kind).into());
    }
    (field.ends_with("_index") && !NOT_OBJECTS.contains(&field)).then_some(field.into())
}

/// The number of an object in a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub kind: String,
    pub field: String,
    pub offset: usize,
    pub value: u32,
}

/// The numbers of objects in a payload.
pub fn numbers(codec: &Codec, key: &str, payload: &[u8]) -> Result<Vec<Number>, CodecError> {
    let mut found = Vec::new();
    codec.for_each_word(key, payload, &mut |word| {
        if let Some(kind) = kind_of(word.field, word.alias) {
            found.push(Number {
                kind: kind.into_owned(),
                field: word.field.to_owned(),
                offset: word.offset,
                value: word.value,
            });
        }
    })?;
    Ok(found)
}

/// Whether the number is not that of an object: unset, or the interface that always exists.
pub fn is_unset(kind: &str, value: u32) -> bool {
    value == u32::MAX
        || (value == 0 && [INTERFACE, "socket_id", "bd_id", "table_id"].contains(&kind))
}

/// The parts of a name that say what is done, or which version it is, and not to what.
const VERBS: [&str; 12] = [
    "create",
    "add",
    "allocate",
    "alloc",
    "delete",
    "del",
    "replace",
    "instance",
    "free",
    "if",
    "interface",
    "itf",
];

/// The words of a message's name that say to what object it is applied: `{memif}` for
/// `memif_create_v2` and `memif_delete`.
pub fn subject(name: &str) -> BTreeSet<String> {
    let is_version = |part: &str| {
        let digits = part.strip_prefix('v');
        digits
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let parts = name.split('_');
    let parts = parts.filter(|part| !VERBS.contains(part) && !is_version(part));
    parts.map(str::to_owned).collect()
}

fn has_part(name: &str, wanted: &[&str]) -> bool {
    name.split('_').any(|part| wanted.contains(&part))
}

/// Whether a message can create an object, by its name.
pub fn may_create(name: &str) -> bool {
    has_part(name, &["create", "add", "allocate", "alloc", "replace"])
}

/// Whether a message can delete an object, by its name.
pub fn may_delete(name: &str) -> bool {
    has_part(name, &["delete", "del", "free"])
}

/// The fields of a request's reply that number new objects, with the kinds. None if the client
/// chose the number: `request` has the numbers in the request.
pub fn new_numbers(codec: &Codec, key: &str, request: &[Number]) -> Vec<Number> {
    let Some(reply) = codec.reply_of(key) else {
        return Vec::new();
    };
    // A payload of zeros shows the words of the reply that are in all of its payloads.
    let size = reply.header.body.saturating_add(reply.size.min);
    let Some(size) = usize::try_from(size).ok().filter(|size| *size < 1 << 16) else {
        return Vec::new();
    };
    let reply = format!("{}_{:08x}", reply.name, reply.crc);
    // A reply whose definition does not accept zeros numbers nothing.
    let mut found = numbers(codec, &reply, &vec![0; size]).unwrap_or_default();
    found.retain(|new| {
        let same = request.iter().find(|own| own.field == new.field);
        same.is_none_or(|own| own.value == u32::MAX)
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creating_and_deleting_messages_have_the_same_subject() {
        for (create, delete) in [
            ("memif_create_v2", "memif_delete"),
            ("create_loopback_instance", "delete_loopback"),
            ("create_vhost_user_if_v2", "delete_vhost_user_if"),
            ("acl_add_replace", "acl_del"),
            ("tap_create_v3", "tap_delete_v2"),
            ("pg_create_interface_v2", "pg_delete_interface"),
            ("vxlan_add_del_tunnel_v3", "vxlan_add_del_tunnel_v3"),
        ] {
            assert!(may_create(create) && may_delete(delete));
            assert_eq!(subject(create), subject(delete));
        }
        let loopback = subject("create_loopback");
        assert!(!subject("sw_interface_add_del_address").is_subset(&loopback));
    }

    #[test]
    fn fields_have_the_kind_of_their_object() {
        let kind = |field, alias| kind_of(field, alias).map(Cow::into_owned);
        assert_eq!(kind("parent", Some("interface_index")).unwrap(), INTERFACE);
        assert_eq!(kind("rx_sw_if_index", None).unwrap(), INTERFACE);
        assert_eq!(kind("policer_index", None).unwrap(), "policer_index");
        assert_eq!(kind("new_table_index", None).unwrap(), "table_index");
        assert_eq!(kind("stats_index", None), None);
        assert_eq!(kind("mtu", None), None);
    }
}
