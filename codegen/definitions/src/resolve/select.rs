//! Selects what is generated: the modules or messages that the caller names, and the types
//! that they need.

use std::collections::BTreeSet;

use super::options::Options;
use super::outline::Outline;
use crate::Error;
use crate::model::{Api, Field, Message, Type, TypeId};
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
/// A message that is not defined, or not generated because its module is extern.
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

/// Adds the modules whose types the marked ones use. Extern modules have the types that they
/// use.
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

/// The named messages and the messages that answer them: module, and place in it.
fn messages(api: &Api, names: &[String]) -> Result<BTreeSet<(usize, usize)>, Error> {
    let mut found = BTreeSet::new();
    for wanted in names {
        for (module, place) in find(api, wanted)? {
            let definition = &api.modules[module];
            if let Some(path) = &definition.extern_path {
                return Err(Error::ExternMessage {
                    message: wanted.clone(),
                    module: definition.name.clone(),
                    path: path.to_string(),
                });
            }
            found.insert((module, place));
            let others = definition.messages.iter().enumerate();
            let answers = others.filter(|(_, other)| other.answers.contains(&place));
            found.extend(answers.map(|(answer, _)| (module, answer)));
        }
    }
    Ok(found)
}

/// The messages with a name or key; more than one if modules share it.
fn find(api: &Api, wanted: &str) -> Result<Vec<(usize, usize)>, Error> {
    let all = || {
        let modules = api.modules.iter().enumerate();
        modules.flat_map(|(module, definition)| {
            let messages = definition.messages.iter().enumerate();
            messages.map(move |(place, message)| ((module, place), message))
        })
    };
    let matching = |is_wanted: &dyn Fn(&Message) -> bool| -> Vec<_> {
        let found = all().filter(|(_, message)| is_wanted(message));
        found.map(|(place, _)| place).collect()
    };
    let mut found = matching(&|message| message.name == wanted);
    if found.is_empty() {
        found = matching(&|message| {
            let crc = wanted.strip_prefix(&*message.name);
            let crc = crc.and_then(|rest| rest.strip_prefix('_'));
            crc.is_some_and(|crc| crc.eq_ignore_ascii_case(&format!("{:08x}", message.crc)))
        });
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let is_crc = |crc: &str| crc.len() == 8 && crc.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some((name, _)) = wanted.rsplit_once('_').filter(|(_, crc)| is_crc(crc))
        && let Some((_, message)) = all().find(|(_, message)| message.name == name)
    {
        return Err(Error::OtherCrc {
            message: name.to_owned(),
            wanted: wanted.to_owned(),
            defined: message.crc,
        });
    }
    let names = all().map(|(_, message)| message.name.as_str());
    Err(Error::UnknownMessage {
        message: wanted.to_owned(),
        near: near::names(wanted, names),
    })
}

/// Keeps all of the marked modules, the `messages`, and the types that both need.
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
        // An extern module has the types that its own ones use.
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
