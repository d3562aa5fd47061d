use std::collections::BTreeMap;

use vpp_definitions::Source;
use vpp_definitions::model::{Api, Found};
use vpp_definitions::schema::{Definition, Service};

/// One set of definitions, by name.
pub struct Side<'a> {
    pub modules: Vec<&'a str>,
    /// The messages by name. Several modules can have a message of the same name; these are in
    /// the order of the modules.
    messages: BTreeMap<&'a str, Vec<Message<'a>>>,
    pub types: BTreeMap<&'a str, Type<'a>>,
}

/// A message and its module.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    pub module: &'a str,
    pub definition: &'a Definition,
    /// Its service, if it is a request.
    pub service: Option<&'a Service>,
}

/// A type and the module that defines it.
#[derive(Clone, Copy)]
pub struct Type<'a> {
    pub module: &'a str,
    pub found: Found<'a>,
}

impl<'a> Side<'a> {
    /// Indexes the definitions by name. `api` has the module that defines each type.
    pub fn new(sources: &'a [Source], api: &'a Api) -> Self {
        let mut side = Self {
            modules: api
                .modules
                .iter()
                .map(|module| module.name.as_str())
                .collect(),
            messages: BTreeMap::new(),
            types: BTreeMap::new(),
        };
        side.modules.sort_unstable();
        for (source, module) in sources.iter().zip(&api.modules) {
            side.add_messages(source, &module.name);
        }
        let mut owners = BTreeMap::new();
        for ty in &api.types {
            owners.insert(ty.name.as_str(), api.modules[ty.module].name.as_str());
        }
        for (name, found) in sources.iter().flat_map(|source| Found::of(&source.file)) {
            if let Some(module) = owners.get(name) {
                side.types.entry(name).or_insert(Type { module, found });
            }
        }
        side
    }

    fn add_messages(&mut self, source: &'a Source, module: &'a str) {
        let mut own = BTreeMap::new();
        for definition in &source.file.messages {
            // A file can repeat a message with the same definition.
            own.entry(definition.name.as_str()).or_insert(definition);
        }
        for (name, definition) in own {
            self.messages.entry(name).or_default().push(Message {
                module,
                definition,
                service: source.file.services.get(name),
            });
        }
    }

    /// The messages of this name, in the order of their modules.
    pub fn all(&self, name: &str) -> &[Message<'a>] {
        self.messages.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn message(&self, name: &str) -> Option<&Message<'a>> {
        self.all(name).first()
    }

    /// The messages of this side, each with the same message of the other side.
    pub fn pairs<'b>(
        &'b self,
        other: &'b Self,
    ) -> impl Iterator<Item = (&'b Message<'a>, Option<&'b Message<'a>>)> {
        let names = self.messages.iter();
        names.flat_map(|(name, messages)| {
            let others = other.messages.get(name);
            let other = move |at: usize| others.and_then(|others| others.get(at));
            let numbered = messages.iter().enumerate();
            numbered.map(move |(at, message)| (message, other(at)))
        })
    }
}
