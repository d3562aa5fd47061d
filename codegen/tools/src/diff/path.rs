//! From a message down to the types in it that changed.

use std::collections::BTreeSet;

use super::fields::{self, short};
use super::reason::{Reason, What};
use super::side::Side;
use super::types::{Types, members};
use vpp_definitions::model::Found;
use vpp_definitions::schema::Field;

/// The types within a message that changed, each where it is first met.
pub fn nested(
    old: &Side<'_>,
    new: &Side<'_>,
    types: &Types<'_>,
    name: &str,
    lists: (&[Field], &[Field]),
) -> Vec<Reason> {
    let mut walk = Walk {
        old,
        new,
        types,
        seen: BTreeSet::new(),
        reasons: Vec::new(),
    };
    walk.fields(name, lists.0, lists.1);
    walk.reasons
}

struct Walk<'a, 'b> {
    old: &'b Side<'a>,
    new: &'b Side<'a>,
    types: &'b Types<'a>,
    seen: BTreeSet<String>,
    reasons: Vec<Reason>,
}

impl Walk<'_, '_> {
    fn fields(&mut self, path: &str, old: &[Field], new: &[Field]) {
        for (field, other) in fields::common(old, new) {
            if field.type_name == other.type_name {
                self.named(&format!("{path}.{}", other.name), short(&field.type_name));
            }
        }
    }

    fn named(&mut self, path: &str, name: &str) {
        if !self.types.is_changed(name) || !self.seen.insert(name.to_owned()) {
            return;
        }
        let own = self.types.own(name);
        if !own.is_empty() {
            let mut reason = Reason::new(What::TypeChanged, &format!("{path} → {name}"));
            reason.breaking = own.iter().any(|reason| reason.breaking);
            reason.reasons = own.to_vec();
            self.reasons.push(reason);
        }
        let (Some(old), Some(new)) = (self.old.types.get(name), self.new.types.get(name)) else {
            return;
        };
        match (old.found, new.found) {
            (Found::Alias(one), Found::Alias(other)) if one.type_name == other.type_name => {
                self.named(path, short(&one.type_name));
            }
            (one, other) => self.fields(path, members(one), members(other)),
        }
    }
}
