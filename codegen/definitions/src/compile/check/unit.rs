//! One file and all that it imports.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::checked::Entry;
use super::comments::Comments;
use super::messages::{Message, reply};
use super::types::{Facts, Type, Types, in_fields, name};
use crate::compile::diagnostic::{Diagnostic, Fault};
use crate::compile::evidence::Evidence;
use crate::compile::files::{Files, Parsed};
use crate::compile::include::Includes;
use crate::compile::release::Release;
use crate::compile::rule::Rule;
use crate::compile::source::Name;
use crate::compile::syntax::ast::{Block, Item};
use crate::crc::{Fold, Marks, Text};

/// What all files of a run share.
pub struct Tree<'a> {
    pub files: &'a Files,
    pub includes: &'a Includes,
    pub evidence: &'a Evidence,
    pub release: Release,
}

/// A file that is being checked.
pub struct Unit<'a> {
    pub tree: &'a Tree<'a>,
    pub release: Release,
    /// The file that is compiled, as opposed to those that it imports.
    pub root: &'a Path,
    pub types: Types,
    /// The fields that can count an array. Only a message without flags forgets those
    /// before it, so that some count arrays of other definitions.
    pub counts: HashSet<String>,
    /// What each import came to, by its text; nothing while it is being read.
    pub imports: HashMap<String, Option<Rc<[Entry]>>>,
    /// The files that imports are.
    pub read: BTreeSet<PathBuf>,
    /// Whether the file at hand is VPP's JSON, which kept the rules when it was a source.
    pub trusts: bool,
    /// The enumerators that CRCs leave out, of enums of JSON.
    pub marks: &'a Marks,
    pub messages: Vec<Message>,
    /// Definitions that have a fault of their own: what names them has none.
    pub broken: HashSet<String>,
    /// Whether there may be types that were not read.
    pub misses_types: bool,
    pub faults: Vec<Diagnostic>,
}

/// Why a definition cannot be had.
pub enum Stop {
    Fault(Box<Fault>),
    /// What it uses has a fault, which is reported there.
    Silent,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl Unit<'_> {
    /// All definitions of a file, `depth` imports deep.
    pub fn walk(&mut self, file: &Arc<Parsed>, depth: usize) -> Vec<Entry> {
        self.report(file, file.faults.iter().cloned());
        self.misses_types |= file.items.is_empty();
        let mut entries = Vec::new();
        let mut comments = Comments::default();
        // What counts arrays is known file by file.
        let counts = std::mem::take(&mut self.counts);
        for (at, item) in file.items.iter().enumerate() {
            let result = self.item(file, at, item, depth, &mut comments, &mut entries);
            if let Err(stop) = result {
                self.stop(file, item, stop);
            }
        }
        self.counts = counts;
        entries
    }

    /// An item that cannot be had.
    pub fn stop(&mut self, file: &Parsed, item: &Item, stop: Stop) {
        self.misses_types |= matches!(item, Item::Import(_));
        if let Some(name) = name(item) {
            self.broken.insert(name.text.clone());
        }
        if let Stop::Fault(fault) = stop {
            self.report(file, [*fault]);
        }
    }

    pub fn item(
        &mut self,
        file: &Arc<Parsed>,
        at: usize,
        item: &Item,
        depth: usize,
        comments: &mut Comments,
        entries: &mut Vec<Entry>,
    ) -> Result<(), Stop> {
        let is_root = depth == 0;
        let (comment, facts) = match item {
            Item::Comment(span) => {
                comments.see(*span);
                return Ok(());
            }
            Item::Broken { name } => {
                self.misses_types |= name.is_none();
                self.broken.extend(name.clone());
                return Ok(());
            }
            Item::Import(import) => return self.import(import, depth, entries),
            Item::Option(option) if is_root => {
                let name = option.name.text.as_bytes();
                entries.push(Entry::Own(Fold::of(name)));
                return Ok(());
            }
            Item::Option(_) | Item::Service(_) | Item::Counters(_) | Item::Paths(_) => {
                return Ok(());
            }
            Item::Define(block) => {
                let comment = comments.of(block, true, &file.source, self.release);
                let facts = self.message(block)?;
                if is_root {
                    self.discriminated(block)?;
                    entries.push(Entry::Own(facts.own));
                    self.messages.push(Message::new(block, at, &facts, comment));
                    if block.has_flag("autoreply") {
                        self.messages.extend(reply(block));
                    }
                }
                return Ok(());
            }
            Item::Struct(block) => {
                let comment = comments.of(block, false, &file.source, self.release);
                let facts = self.fields("struct", &block.entries)?;
                self.discriminated(block)?;
                (comment, facts)
            }
            Item::Union(block) => {
                let facts = self.fields("union", &block.entries)?;
                self.discriminated(block)?;
                (None, facts)
            }
            Item::Alias(field) => {
                self.field(field)?;
                (None, alias())
            }
            Item::Enum(of) => (None, self.enumeration(of)?),
        };
        let Some(name) = name(item) else {
            return Ok(());
        };
        self.is_new(name)?;
        let ty = Type {
            file: Arc::clone(file),
            item: at,
            facts,
            comment,
        };
        entries.push(Entry::Type(self.types.add(&name.text, ty)));
        Ok(())
    }

    fn message(&mut self, block: &Block) -> Result<Facts, Stop> {
        let facts = self.fields("message", &block.entries);
        if block.flags.is_empty() {
            self.counts.clear();
        }
        let facts = facts?;
        if block.fields().next().is_none() {
            let name = &block.name;
            let message = format!("the message `{}` has no fields", name.text);
            return Err(Fault::new(Rule::NoFields, name.span, message).into());
        }
        Ok(facts)
    }

    fn discriminated(&self, block: &Block) -> Result<(), Stop> {
        if self.release.is_modern() && !self.trusts {
            self.discriminators(block)?;
        }
        Ok(())
    }

    fn is_new(&self, name: &Name) -> Result<(), Stop> {
        let Some(first) = self.types.get(&in_fields(&name.text)) else {
            return Ok(());
        };
        let source = &first.file.source;
        let place = first.name().map_or(0, |name| name.span.start);
        let (path, line) = (source.path.display(), source.line(place));
        let message = format!("the type `{}` is defined already", name.text);
        Err(Fault::new(Rule::RedefinedType, name.span, message)
            .note(format!("first in {path}, line {line}"))
            .into())
    }

    /// Whether a type that is not known may be one all the same.
    pub fn is_unknown_type(&self, name: &str) -> bool {
        let bare = name.strip_prefix("vl_api_");
        let bare = bare.and_then(|name| name.strip_suffix("_t"));
        self.misses_types || bare.is_some_and(|name| self.broken.contains(name))
    }

    pub fn report(&mut self, file: &Parsed, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter();
        self.faults
            .extend(faults.map(|fault| Diagnostic::new(&file.source, fault)));
    }
}

/// The target of an alias is no part of any CRC, and its size is taken for fixed.
fn alias() -> Facts {
    let own = Text::default().end();
    Facts {
        own,
        folded: own,
        ..Facts::default()
    }
}
