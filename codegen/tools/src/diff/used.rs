//! What a comparison is limited to.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::short;
use super::messages::crc;
use super::report::{Change, Kind};
use super::side::{Message, Side};
use super::types::names_in;
use super::{DiffError, DiffOptions};

/// What is compared; all where there is no list.
pub struct Used {
    modules: Option<BTreeSet<String>>,
    /// Messages, then types.
    names: Option<(BTreeSet<String>, BTreeSet<String>)>,
}

/// The lists of the options, once every name in them is known to one side.
pub fn check(old: &Side<'_>, new: &Side<'_>, options: &DiffOptions) -> Result<Used, DiffError> {
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
            Some((messages, types))
        }
    };
    let modules = (!options.modules.is_empty()).then(|| options.modules.iter().cloned().collect());
    Ok(Used { modules, names })
}

impl Used {
    /// Whether a module of `side` counts: with a list of messages, one that defines some of
    /// them or a type in them.
    pub fn has_module(&self, side: &Side<'_>, module: &str) -> bool {
        let is_listed = |modules: &BTreeSet<String>| modules.contains(module);
        let defines = |(messages, types): &(BTreeSet<String>, BTreeSet<String>)| {
            let mut messages = messages.iter().flat_map(|name| side.all(name));
            let mut types = types
                .iter()
                .filter_map(|name| side.types.get(name.as_str()));
            messages.any(|message| message.module == module) || types.any(|ty| ty.module == module)
        };
        self.modules.as_ref().is_none_or(is_listed) && self.names.as_ref().is_none_or(defines)
    }

    pub fn has(&self, change: &Change) -> bool {
        let of_modules = self.modules.as_ref().is_none_or(|modules| {
            let mut were = change
                .reasons
                .iter()
                .filter_map(|reason| reason.old.as_ref());
            let moved = |old: &String| modules.contains(old);
            modules.contains(&change.module)
                || change
                    .reasons
                    .iter()
                    .any(|reason| reason.what == super::What::ModuleChanged)
                    && were.any(moved)
        });
        of_modules
            && self
                .names
                .as_ref()
                .is_none_or(|(messages, types)| match change.kind {
                    Kind::Message | Kind::Service => messages.contains(&change.name),
                    Kind::Type => types.contains(&change.name),
                })
    }
}

/// The names in a list of names and keys, each of which is known to one side.
fn listed_messages(
    old: &Side<'_>,
    new: &Side<'_>,
    listed: &[String],
) -> Result<BTreeSet<String>, DiffError> {
    let mut crcs: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for key in listed {
        let known = [(key.as_str(), None), split(key)];
        let known = known
            .into_iter()
            .find(|(name, _)| old.message(name).or(new.message(name)).is_some());
        let (name, crc) = known.ok_or_else(|| DiffError::UnknownMessage(key.clone()))?;
        crcs.entry(name).or_default().push(crc);
    }
    for (name, crcs) in &crcs {
        let defined = old.all(name).iter().chain(new.all(name));
        let defined: BTreeSet<String> = defined.filter_map(crc).collect();
        // A program that has the messages of several releases lists several CRCs.
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
fn split(key: &str) -> (&str, Option<&str>) {
    match key.rsplit_once('_') {
        Some((name, crc)) if crc.len() == 8 && crc.bytes().all(|b| b.is_ascii_hexdigit()) => {
            (name, Some(crc))
        }
        _ => (key, None),
    }
}

/// What answers the messages of a program is what it uses, too.
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
