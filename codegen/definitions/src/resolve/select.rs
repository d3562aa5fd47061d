//! Selects what is generated: the modules or messages that the caller names, and the types
//! that they need.

use std::collections::{BTreeMap, BTreeSet};

use super::options::Options;
use super::outline::Outline;
use crate::Error;
use crate::model::{Api, Field, Type, TypeId};
use crate::near;

/// Checks the modules that the caller names.
///
/// # Errors
/// A module that is not defined.
pub fn check(outline: &Outline<'_>, options: &Options) -> Result<(), Error> {
    let is_known = |name: &str| outline.modules.iter().any(|module| module.name == name);
    for wanted in options.modules.iter().flatten() {
        if !is_known(wanted) {
            return Err(Error::UnknownModule {
                module: wanted.clone(),
                known: outline.module_names(),
            });
        }
    }
    for name in options.extern_modules.keys() {
        if !is_known(name) {
            return Err(Error::UnknownExtern {
                module: name.clone(),
                known: outline.module_names(),
            });
        }
    }
    Ok(())
}

/// Marks what is generated.
///
/// # Errors
/// A message that is not defined, or whose module is extern.
pub fn mark(api: &mut Api, options: &Options) -> Result<(), Error> {
    let messages = match &options.messages {
        Some(names) => Some(messages(api, names)?),
        None => None,
    };
    let is_limited = options.modules.is_some()
        || options.optional_modules.is_some()
        || options.messages.is_some();
    for module in &mut api.modules {
        if is_limited {
            let mut wanted = [&options.modules, &options.optional_modules]
                .into_iter()
                .flatten()
                .flatten();
            module.emitted = wanted.any(|wanted| *wanted == module.name);
        }
        module.emitted &= module.extern_path.is_none();
    }
    match messages {
        None => add_modules_of_types(api),
        Some(messages) => keep(api, &messages),
    }
    Ok(())
}

/// Adds the modules whose types the marked modules use. Extern modules contain what they use.
fn add_modules_of_types(api: &mut Api) {
    let mut waiting: Vec<usize> = (0..api.modules.len())
        .filter(|module| api.modules[*module].emitted)
        .collect();
    while let Some(module) = waiting.pop() {
        for used in used_modules(api, module) {
            let used_module = &mut api.modules[used];
            if !used_module.emitted && used_module.extern_path.is_none() {
                used_module.emitted = true;
                waiting.push(used);
            }
        }
    }
}

/// The modules that own the types of a module's fields.
fn used_modules(api: &Api, module: usize) -> BTreeSet<usize> {
    let module = &api.modules[module];
    let of_types = module.types.iter().flat_map(|id| api.types[*id].fields());
    let of_messages = module.messages.iter().flat_map(|message| &message.fields);
    let types = of_types.chain(of_messages).filter_map(type_of);
    types.map(|id| api.types[id].module).collect()
}

fn type_of(field: &Field) -> Option<TypeId> {
    match field.ty {
        Type::Named(id) => Some(id),
        Type::Scalar(_) | Type::Text => None,
    }
}

/// A message: the index of its module, and its index in the module.
type MessageId = (usize, usize);

/// The named messages, the messages that answer them, and what answers those.
fn messages(api: &Api, names: &[String]) -> Result<BTreeSet<MessageId>, Error> {
    let index = Index::new(api);
    let mut waiting = Vec::new();
    for wanted in names {
        let found = index.find(wanted)?;
        let is_emitted = |(module, _): &MessageId| api.modules[*module].extern_path.is_none();
        waiting.extend(found.iter().copied().filter(is_emitted));
        if let [(first, _), ..] = found.as_slice()
            && !found.iter().any(is_emitted)
            && let Some(path) = &api.modules[*first].extern_path
        {
            return Err(Error::ExternMessage {
                message: wanted.clone(),
                module: api.modules[*first].name.clone(),
                path: path.to_string(),
            });
        }
    }
    let mut found = BTreeSet::new();
    while let Some(message) = waiting.pop() {
        if found.insert(message) {
            waiting.extend(index.answers.get(&message).into_iter().flatten());
        }
    }
    Ok(found)
}

/// All messages by name, and the messages that answer each.
struct Index<'a> {
    api: &'a Api,
    by_name: BTreeMap<&'a str, Vec<MessageId>>,
    answers: BTreeMap<MessageId, Vec<MessageId>>,
}

impl<'a> Index<'a> {
    fn new(api: &'a Api) -> Self {
        let mut by_name: BTreeMap<&str, Vec<MessageId>> = BTreeMap::new();
        let mut answers: BTreeMap<MessageId, Vec<MessageId>> = BTreeMap::new();
        for (module, definition) in api.modules.iter().enumerate() {
            for (place, message) in definition.messages.iter().enumerate() {
                let of_name = by_name.entry(&message.name).or_default();
                of_name.push((module, place));
                for request in &message.answers {
                    let of_request = answers.entry((module, *request)).or_default();
                    of_request.push((module, place));
                }
            }
        }
        Self {
            api,
            by_name,
            answers,
        }
    }

    /// The messages with a name or key; more than one if modules share it.
    fn find(&self, wanted: &str) -> Result<Vec<MessageId>, Error> {
        if let Some(found) = self.by_name.get(wanted) {
            return Ok(found.clone());
        }
        let is_crc = |crc: &str| crc.len() == 8 && crc.bytes().all(|b| b.is_ascii_hexdigit());
        let key = wanted.rsplit_once('_').filter(|(_, crc)| is_crc(crc));
        if let Some((name, crc)) = key
            && let Some(of_name) = self.by_name.get(name)
        {
            let crc_of =
                |(module, place): &MessageId| self.api.modules[*module].messages[*place].crc;
            let crc = u32::from_str_radix(crc, 16).ok();
            let matching = of_name
                .iter()
                .filter(|message| Some(crc_of(message)) == crc);
            let found: Vec<_> = matching.copied().collect();
            return match of_name.first() {
                Some(other) if found.is_empty() => Err(Error::OtherCrc {
                    message: name.to_owned(),
                    wanted: wanted.to_owned(),
                    defined: crc_of(other),
                }),
                _ => Ok(found),
            };
        }
        Err(Error::UnknownMessage {
            message: wanted.to_owned(),
            near: near::names(wanted, self.by_name.keys().copied()),
        })
    }
}

/// Marks the messages and types of the marked modules, the `messages`, and the types that both
/// need.
fn keep(api: &mut Api, messages: &BTreeSet<(usize, usize)>) {
    let mut waiting: Vec<TypeId> = Vec::new();
    for (number, module) in api.modules.iter_mut().enumerate() {
        for (place, message) in module.messages.iter_mut().enumerate() {
            message.emitted = module.emitted || messages.contains(&(number, place));
            if message.emitted {
                waiting.extend(message.fields.iter().filter_map(type_of));
            }
        }
        if module.emitted {
            waiting.extend(&module.types);
        }
    }
    let mut needed = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        // An extern module contains the types that its types use.
        let is_extern = api.modules[api.types[id].module].extern_path.is_some();
        if !is_extern && needed.insert(id) {
            waiting.extend(api.types[id].fields().iter().filter_map(type_of));
        }
    }
    for (id, ty) in api.types.iter_mut().enumerate() {
        ty.emitted = needed.contains(&id);
    }
    for module in &mut api.modules {
        let has_message = module.messages.iter().any(|message| message.emitted);
        let has_type = module.types.iter().any(|id| api.types[*id].emitted);
        module.emitted |= has_message || has_type;
    }
}
