//! Which module owns which type, and which modules are generated.
//!
//! A file repeats every type that it imports. A type belongs to the file that has it
//! while none of that file's own imports has it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Options, at};
use crate::Error;
use crate::error::Problem;
use crate::input::Source;
use crate::model::{
    self, Api, Constant, Derives, Enum, Field, Module, Role, Scalar, Shape, Size, Type, TypeDef,
    TypeId, TypeShape,
};
use crate::names;
use crate::schema::{Alias, Definition, EnumDefinition};

/// A type's definition in one file.
#[derive(Clone, Copy, PartialEq)]
enum Found<'a> {
    Struct(&'a Definition),
    Union(&'a Definition),
    Enum(&'a EnumDefinition),
    Flags(&'a EnumDefinition),
    Alias(&'a Alias),
}

impl Found<'_> {
    /// Whether two definitions are the same on the wire and in name.
    fn agrees(self, other: Self) -> bool {
        let fields = |one: &Definition, other: &Definition| {
            one.fields.len() == other.fields.len()
                && one.fields.iter().zip(&other.fields).all(|(a, b)| {
                    (&a.type_name, &a.name, a.length, &a.count)
                        == (&b.type_name, &b.name, b.length, &b.count)
                })
        };
        match (self, other) {
            (Self::Struct(one), Self::Struct(other)) | (Self::Union(one), Self::Union(other)) => {
                fields(one, other)
            }
            (one, other) => one == other,
        }
    }
}

/// The types of a file by name; of two in one file the first counts.
fn types_of(source: &Source) -> Result<Vec<(&str, Found<'_>)>, Error> {
    let file = &source.file;
    let enums = file.enums.iter().map(|d| (d.name.as_str(), Found::Enum(d)));
    let flags = file
        .enumflags
        .iter()
        .map(|d| (d.name.as_str(), Found::Flags(d)));
    let structs = file
        .types
        .iter()
        .map(|d| (d.name.as_str(), Found::Struct(d)));
    let unions = file
        .unions
        .iter()
        .map(|d| (d.name.as_str(), Found::Union(d)));
    let aliases = file
        .aliases
        .iter()
        .map(|(name, alias)| (name.as_str(), Found::Alias(alias)));
    let mut first = BTreeMap::new();
    let mut types = Vec::new();
    for (name, found) in enums
        .chain(flags)
        .chain(aliases)
        .chain(unions)
        .chain(structs)
    {
        match first.get(name) {
            None => {
                first.insert(name, found);
                types.push((name, found));
            }
            Some(known) if found.agrees(*known) => {}
            Some(_) => {
                return Err(Error::ConflictingType {
                    file: source.name.clone(),
                    name: name.to_owned(),
                    other: source.name.clone(),
                });
            }
        }
    }
    Ok(types)
}

/// The model's types, each in its own module, and their ids by name.
pub fn own(
    sources: &[Source],
    modules: Vec<Module>,
) -> Result<(Api, BTreeMap<String, TypeId>), Error> {
    let mut holders: BTreeMap<&str, Vec<(usize, Found<'_>)>> = BTreeMap::new();
    let mut order = Vec::new();
    for (module, source) in sources.iter().enumerate() {
        for (name, found) in types_of(source)? {
            let of_name = holders.entry(name).or_default();
            if of_name.is_empty() {
                order.push(name);
            }
            of_name.push((module, found));
        }
    }
    let mut api = Api {
        modules,
        types: Vec::new(),
    };
    let mut names = BTreeMap::new();
    for name in order {
        let of_name = &holders[name];
        let owner = owner(&mut api.modules, of_name);
        let Some((origin, found)) = of_name
            .iter()
            .find(|(module, _)| *module == owner)
            .or(of_name.first())
        else {
            continue;
        };
        if let Some((other, _)) = of_name.iter().find(|(_, other)| !other.agrees(*found)) {
            return Err(Error::ConflictingType {
                file: sources[*other].name.clone(),
                name: name.to_owned(),
                other: sources[*origin].name.clone(),
            });
        }
        let type_def = type_def(name, *found, owner, &sources[*origin].name)?;
        let id = api.types.len();
        api.types.push(type_def);
        api.modules[owner].types.push(id);
        names.insert(name.to_owned(), id);
    }
    Ok((api, names))
}

/// The module that a type belongs to; made where it is imported by all and not there.
fn owner(modules: &mut Vec<Module>, holders: &[(usize, Found<'_>)]) -> usize {
    let held: BTreeSet<&str> = holders
        .iter()
        .map(|(module, _)| modules[*module].name.as_str())
        .collect();
    let roots: Vec<usize> = holders
        .iter()
        .map(|(module, _)| *module)
        .filter(|module| {
            let mut imports = modules[*module].imports.iter();
            !imports.any(|import| held.contains(import.as_str()))
        })
        .collect();
    match roots.as_slice() {
        [] => holders.first().map_or(0, |(module, _)| *module),
        [one] => *one,
        [first, ..] => match absent_import(modules, &roots, holders) {
            Some(name) => {
                modules.push(Module {
                    rust: names::snake_name(&name),
                    file: modules[*first].file.clone(),
                    name,
                    version: None,
                    imports: BTreeSet::new(),
                    types: Vec::new(),
                    messages: Vec::new(),
                    extern_path: None,
                    emitted: true,
                });
                modules.len() - 1
            }
            // Two files define it alike: it goes to the one that more files import.
            None => roots
                .iter()
                .copied()
                .max_by_key(|root| {
                    let name = &modules[*root].name;
                    let importers = modules.iter().filter(|m| m.imports.contains(name));
                    (importers.count(), std::cmp::Reverse(*root))
                })
                .unwrap_or(*first),
        },
    }
}

/// What `get_api_json` leaves out: a module without messages. It is known by being
/// imported by the files that hold the type, and by no others. One made before serves again.
fn absent_import(
    modules: &[Module],
    roots: &[usize],
    holders: &[(usize, Found<'_>)],
) -> Option<String> {
    let (first, rest) = roots.split_first()?;
    let shared = modules[*first].imports.iter().filter(|import| {
        rest.iter()
            .all(|root| modules[*root].imports.contains(*import))
    });
    let mut absent = shared.filter(|import| {
        let present = modules.iter().any(|module| module.name == **import);
        let importers = modules
            .iter()
            .enumerate()
            .filter(|(_, m)| m.imports.contains(*import));
        !present
            && importers
                .map(|(at, _)| at)
                .all(|at| holders.iter().any(|(module, _)| *module == at))
    });
    absent.next().cloned()
}

fn type_def(name: &str, found: Found<'_>, module: usize, file: &str) -> Result<TypeDef, Error> {
    let mut doc = Vec::new();
    let shape = match found {
        Found::Struct(definition) => {
            doc = crate::docs::comment(definition.meta.comment.as_deref());
            TypeShape::Struct(model::fields(&definition.fields))
        }
        Found::Union(definition) => {
            doc = crate::docs::comment(definition.meta.comment.as_deref());
            TypeShape::Union(model::fields(&definition.fields))
        }
        Found::Enum(definition) => TypeShape::Enum(enumeration(definition, file)?),
        Found::Flags(definition) => TypeShape::Flags(enumeration(definition, file)?),
        Found::Alias(alias) => TypeShape::Alias(Box::new(Field {
            name: "0".to_owned(),
            rust: "0".to_owned(),
            ty: model::type_of(&alias.type_name),
            shape: match alias.length {
                None | Some(0) => Shape::One,
                Some(length) => Shape::Array(length),
            },
            role: Role::Value,
            default: None,
            discriminator: None,
            case: None,
        })),
    };
    Ok(TypeDef {
        name: name.to_owned(),
        rust: names::type_name(name),
        module,
        doc,
        shape,
        size: Size::default(),
        derives: Derives::default(),
    })
}

fn enumeration(definition: &EnumDefinition, file: &str) -> Result<Enum, Error> {
    let error = |problem| at(file, &definition.name, None, problem);
    let wire = definition.wire.as_deref().unwrap_or("u32");
    let (wire, range) = Scalar::parse(wire)
        .and_then(|scalar| Some((scalar, scalar.range()?)))
        .ok_or_else(|| error(Problem::EnumType(wire.to_owned())))?;
    let ids = definition.values.iter().map(|(id, _)| id.as_str());
    let rust = names::constant_names(&definition.name, ids);
    let mut constants = Vec::new();
    let mut impossible = Vec::new();
    for ((name, value), rust) in definition.values.iter().zip(rust) {
        // A negative number in an unsigned type is what C makes of it.
        let wrapped = if *value < 0 {
            value + range.end() - range.start() + 1
        } else {
            *value
        };
        match [*value, wrapped]
            .into_iter()
            .find(|value| range.contains(value))
        {
            Some(value) => constants.push(Constant {
                name: name.clone(),
                rust,
                value,
            }),
            None => impossible.push(format!("`{name}` = {value}")),
        }
    }
    Ok(Enum {
        wire,
        constants,
        impossible,
    })
}

/// Marks the modules that were asked for; all where none was.
pub fn select(api: &mut Api, options: &Options) -> Result<(), Error> {
    for wanted in options.modules.iter().flatten() {
        if !api.modules.iter().any(|module| module.name == *wanted) {
            let known: Vec<_> = api.modules.iter().map(|m| m.name.as_str()).collect();
            return Err(Error::UnknownModule {
                module: wanted.clone(),
                known: known.join(", "),
            });
        }
    }
    for module in &mut api.modules {
        module.extern_path = options.extern_modules.get(&module.name).cloned();
        module.emitted = options
            .modules
            .as_ref()
            .is_none_or(|wanted| wanted.contains(&module.name));
    }
    Ok(())
}

/// Adds the modules whose types the wanted ones use, and leaves out the extern ones.
pub fn keep_needed(api: &mut Api, options: &Options) {
    if options.modules.is_some() {
        let mut waiting: Vec<usize> = (0..api.modules.len())
            .filter(|module| api.modules[*module].emitted)
            .collect();
        while let Some(module) = waiting.pop() {
            for used in used_modules(api, module) {
                if !api.modules[used].emitted {
                    api.modules[used].emitted = true;
                    waiting.push(used);
                }
            }
        }
    }
    for module in &mut api.modules {
        if module.extern_path.is_some() {
            module.emitted = false;
        }
    }
}

/// The modules that own the types of a module's fields.
fn used_modules(api: &Api, module: usize) -> BTreeSet<usize> {
    let module = &api.modules[module];
    let of_types = module.types.iter().flat_map(|id| api.types[*id].fields());
    let of_messages = module.messages.iter().flat_map(|message| &message.fields);
    of_types
        .chain(of_messages)
        .filter_map(|field| match field.ty {
            Type::Named(id) => Some(api.types[id].module),
            _ => None,
        })
        .collect()
}
