//! Limits a comparison to modules and messages.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::short;
use super::messages::crc;
use super::reason::ReasonKind;
use super::report::{Change, ItemKind};
use super::side::{Message, Side};
use super::types::names_in;

/// Limits of a comparison. By default, everything is compared.
#[derive(Debug, Clone, Default)]
pub struct DiffOptions {
    /// Compare only the items that these modules define, in either set of definitions.
    pub modules: Vec<String>,
    /// Compare only these messages, by name or key, with their replies, events and types. If all
    /// keys of a message have CRCs that neither set contains, the comparison fails.
    pub used: Option<Vec<String>>,
}

/// Why two sets of definitions cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// The definitions cannot be read or do not resolve.
    #[error(transparent)]
    Definitions(#[from] vpp_definitions::Error),
    /// Neither side contains a requested module.
    #[error("module {0} is in neither of the definitions")]
    UnknownModule(String),
    /// Neither side contains a message that is listed as used.
    #[error("message {0} is in neither of the definitions")]
    UnknownMessage(String),
    /// Neither side contains a message with the CRCs that are listed as used.
    #[error(
        "message {message} has CRC {listed} in the list and {defined} in the definitions: the list \
         is from a different release; list the name without CRC to compare anyway"
    )]
    OtherCrc {
        /// The message's name.
        message: String,
        /// The CRCs in the list.
        listed: String,
        /// The CRCs in the definitions.
        defined: String,
    },
}

/// The selected modules and items. `None` selects all.
pub struct Selection {
    modules: Option<BTreeSet<String>>,
    names: Option<Names>,
}

/// The names of selected items.
struct Names {
    messages: BTreeSet<String>,
    types: BTreeSet<String>,
}

impl Selection {
    /// Reads the options and checks that one side contains each name.
    pub fn new(old: &Side<'_>, new: &Side<'_>, options: &DiffOptions) -> Result<Self, DiffError> {
        for module in &options.modules {
            if !old.modules.contains(&module.as_str()) && !new.modules.contains(&module.as_str()) {
                return Err(DiffError::UnknownModule(module.clone()));
            }
        }
        let names = match &options.used {
            None => None,
            Some(listed) => {
                let mut messages = listed_messages(old, new, listed)?;
                let mut types = BTreeSet::new();
                for side in [old, new] {
                    add_answers(side, &mut messages);
                }
                for side in [old, new] {
                    add_types(side, &messages, &mut types);
                }
                Some(Names { messages, types })
            }
        };
        let modules =
            (!options.modules.is_empty()).then(|| options.modules.iter().cloned().collect());
        Ok(Self { modules, names })
    }

    /// Whether a module of `side` is selected. If messages are listed, it must define one of
    /// them or one of their types.
    pub fn contains_module(&self, side: &Side<'_>, module: &str) -> bool {
        let is_listed = |modules: &BTreeSet<String>| modules.contains(module);
        let defines = |Names { messages, types }: &Names| {
            let mut messages = messages.iter().flat_map(|name| side.all(name));
            let mut types = types
                .iter()
                .filter_map(|name| side.types.get(name.as_str()));
            messages.any(|message| message.module == module) || types.any(|ty| ty.module == module)
        };
        self.modules.as_ref().is_none_or(is_listed) && self.names.as_ref().is_none_or(defines)
    }

    /// Whether a change is selected. A moved item belongs to its old and its new module.
    pub fn contains(&self, change: &Change) -> bool {
        let is_of_modules = self.modules.as_ref().is_none_or(|modules| {
            let mut old_modules = change
                .reasons
                .iter()
                .filter(|reason| reason.what == ReasonKind::ModuleChanged)
                .filter_map(|reason| reason.old.as_ref());
            modules.contains(&change.module) || old_modules.any(|old| modules.contains(old))
        });
        let is_named = |Names { messages, types }: &Names| match change.kind {
            ItemKind::Message | ItemKind::Service => messages.contains(&change.name),
            ItemKind::Type => types.contains(&change.name),
        };
        is_of_modules && self.names.as_ref().is_none_or(is_named)
    }
}

/// Returns the names in a list of names and keys. One side must contain each.
fn listed_messages(
    old: &Side<'_>,
    new: &Side<'_>,
    listed: &[String],
) -> Result<BTreeSet<String>, DiffError> {
    let mut crcs: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for key in listed {
        let known = [(key.as_str(), None), split_key(key)];
        let known = known
            .into_iter()
            .find(|(name, _)| old.message(name).or(new.message(name)).is_some());
        let (name, crc) = known.ok_or_else(|| DiffError::UnknownMessage(key.clone()))?;
        crcs.entry(name).or_default().push(crc);
    }
    for (name, crcs) in &crcs {
        let defined = old.all(name).iter().chain(new.all(name));
        let defined: BTreeSet<String> = defined.filter_map(crc).collect();
        // A program that supports several releases lists several CRCs.
        let is_defined = |crc: &Option<&str>| {
            crc.is_none_or(|crc| defined.iter().any(|known| known.eq_ignore_ascii_case(crc)))
        };
        if !crcs.iter().any(is_defined) {
            let listed: Vec<_> = crcs.iter().copied().flatten().collect();
            return Err(DiffError::OtherCrc {
                message: (*name).to_owned(),
                listed: listed.join(", "),
                defined: defined.into_iter().collect::<Vec<_>>().join(" and "),
            });
        }
    }
    Ok(crcs.into_keys().map(str::to_owned).collect())
}

/// `memif_create_b1b25061` → `memif_create`, `b1b25061`
fn split_key(key: &str) -> (&str, Option<&str>) {
    match key.rsplit_once('_') {
        Some((name, crc)) if crc.len() == 8 && crc.bytes().all(|b| b.is_ascii_hexdigit()) => {
            (name, Some(crc))
        }
        _ => (key, None),
    }
}

/// Adds the replies, details and events of the messages.
fn add_answers(side: &Side<'_>, messages: &mut BTreeSet<String>) {
    let mut answers = BTreeSet::new();
    for service in messages
        .iter()
        .filter_map(|name| side.message(name)?.service)
    {
        let names = service.reply.iter().chain(&service.stream_msg);
        answers.extend(names.chain(&service.events).cloned());
    }
    answers.remove("null");
    messages.extend(answers);
}

/// Adds the types of the messages' fields, nested ones included.
fn add_types(side: &Side<'_>, messages: &BTreeSet<String>, types: &mut BTreeSet<String>) {
    let fields = |message: &Message<'_>| {
        let fields = message.definition.fields.iter();
        let names = fields.map(|field| short(&field.type_name).to_owned());
        names.collect::<Vec<_>>()
    };
    let messages = messages.iter().filter_map(|name| side.message(name));
    let mut waiting: Vec<String> = messages.flat_map(fields).collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if let Some(ty) = side.types.get(name.as_str())
            && seen.insert(name.clone())
        {
            waiting.extend(names_in(ty.found).into_iter().map(str::to_owned));
            types.insert(name);
        }
    }
}
