//! What a comparison is limited to.

use std::collections::BTreeSet;

use super::fields::short;
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
            let mut messages = BTreeSet::new();
            for name in listed {
                let known = [name.as_str(), without_crc(name)];
                let known = known
                    .into_iter()
                    .find(|name| old.message(name).or(new.message(name)).is_some());
                let known = known.ok_or_else(|| DiffError::UnknownMessage(name.clone()))?;
                messages.insert(known.to_owned());
            }
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

/// `memif_create_b1b25061` → `memif_create`
fn without_crc(key: &str) -> &str {
    match key.rsplit_once('_') {
        Some((name, crc)) if crc.len() == 8 && crc.bytes().all(|b| b.is_ascii_hexdigit()) => name,
        _ => key,
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
