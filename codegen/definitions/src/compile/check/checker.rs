//! Checks a file and all its imports.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::checked::Entry;
use super::messages::{Message, reply};
use super::types::{Facts, Type, Types, name};
use crate::compile::diagnostic::{Diagnostic, Fault};
use crate::compile::evidence::Evidence;
use crate::compile::include::Includes;
use crate::compile::options::Release;
use crate::compile::parsed::{Parsed, ParsedFiles};
use crate::compile::rule::Rule;
use crate::compile::source::{Name, Source, Span};
use crate::compile::syntax::ast::{Block, Item};
use crate::crc::{Fold, Marks, Text};
use crate::names::{defined_type, field_type};

/// Data that the checkers of all files of a run share.
pub struct Shared<'a> {
    pub files: &'a ParsedFiles,
    pub includes: &'a Includes,
    pub evidence: &'a Evidence,
    pub release: Release,
}

/// The state of checking one file.
pub struct Checker<'a> {
    pub shared: &'a Shared<'a>,
    pub release: Release,
    /// The compiled file, as opposed to its imports.
    pub root: &'a Path,
    pub types: Types,
    /// The fields that can count an array. As in VPP's tool, only a message without flags
    /// resets them, so a field can count an array of another definition.
    pub counts: HashSet<String>,
    /// The definitions of each import, by its text; `None` while it is being read.
    pub imports: HashMap<String, Option<Rc<[Entry]>>>,
    /// The imported files.
    pub read: BTreeSet<PathBuf>,
    /// Whether the current file is VPP's JSON. Its rules were checked when VPP compiled it.
    pub is_trusted: bool,
    /// The enumerators of enums of JSON that CRCs leave out.
    pub marks: &'a Marks,
    pub messages: Vec<Message>,
    /// Definitions with errors. Definitions that use them get no further error.
    pub broken: HashSet<String>,
    /// Whether some types may not have been read because of errors.
    pub lacks_types: bool,
    pub faults: Vec<Diagnostic>,
}

/// Why a definition is rejected.
pub enum Stop {
    Fault(Box<Fault>),
    /// It uses a definition whose error is reported already.
    Silent,
}

/// The last comment outside of definitions, until a definition takes it.
#[derive(Debug, Default)]
pub struct Comments {
    last: Option<Span>,
}

impl Comments {
    /// Takes the comment of a message or struct.
    ///
    /// Before 26.06, a comment belongs to the next message, at any distance, and types have
    /// none. From 26.06 on, it must end on the line above the definition's keyword or later; if
    /// a type has flags, on the line above its name or later. The next definition discards it
    /// otherwise.
    fn take(
        &mut self,
        block: &Block,
        is_message: bool,
        source: &Source,
        release: Release,
    ) -> Option<Span> {
        if !release.is_modern() {
            let comment = if is_message { self.last.take() } else { None };
            return comment.filter(|_| release.has_comments());
        }
        let compared = if is_message || block.flags.is_empty() {
            block.keyword
        } else {
            block.name.span
        };
        let comment = self.last.take()?;
        let end = source.line(comment.end.saturating_sub(1));
        (end + 1 >= source.line(compared.start)).then_some(comment)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl Checker<'_> {
    /// Checks an `.api` file, `depth` imports deep, and returns its definitions.
    pub fn check_source(&mut self, file: &Arc<Parsed>, depth: usize) -> Vec<Entry> {
        self.report(file, file.faults.iter().cloned());
        self.lacks_types |= file.items.is_empty();
        let mut entries = Vec::new();
        let mut comments = Comments::default();
        // Each file has its own count fields.
        let counts = std::mem::take(&mut self.counts);
        for (at, item) in file.items.iter().enumerate() {
            let result = self.item(file, at, item, depth, &mut comments, &mut entries);
            if let Err(stop) = result {
                self.mark_broken(file, item, stop);
            }
        }
        self.counts = counts;
        entries
    }

    /// Records and reports a rejected item.
    pub fn mark_broken(&mut self, file: &Parsed, item: &Item, stop: Stop) {
        self.lacks_types |= matches!(item, Item::Import(_));
        if let Some(name) = name(item) {
            self.broken.insert(name.text.clone());
        }
        if let Stop::Fault(fault) = stop {
            self.report(file, [*fault]);
        }
    }

    /// Checks an item and adds its definitions to `entries`.
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
                comments.last = Some(*span);
                return Ok(());
            }
            Item::Broken { name } => {
                self.lacks_types |= name.is_none();
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
                let comment = comments.take(block, true, &file.source, self.release);
                let facts = self.message(block)?;
                if is_root {
                    self.check_discriminators(block)?;
                    entries.push(Entry::Own(facts.own));
                    self.messages.push(Message::new(block, at, &facts, comment));
                    if block.has_flag("autoreply") {
                        self.messages.extend(reply(block));
                    }
                }
                return Ok(());
            }
            Item::Struct(block) => {
                let comment = comments.take(block, false, &file.source, self.release);
                let facts = self.fields("struct", &block.members)?;
                self.check_discriminators(block)?;
                (comment, facts)
            }
            Item::Union(block) => {
                let facts = self.fields("union", &block.members)?;
                self.check_discriminators(block)?;
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
        self.check_new(name)?;
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
        let facts = self.fields("message", &block.members);
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

    fn check_discriminators(&self, block: &Block) -> Result<(), Stop> {
        if self.release.is_modern() && !self.is_trusted {
            self.discriminators(block)?;
        }
        Ok(())
    }

    /// Checks that a type is not defined already.
    fn check_new(&self, name: &Name) -> Result<(), Stop> {
        let Some(first) = self.types.get(&field_type(&name.text)) else {
            return Ok(());
        };
        let source = &first.file.source;
        let place = first.name().map_or(0, |name| name.span.start);
        let (path, line) = (source.path.display(), source.line(place));
        let message = format!("type `{}` is already defined", name.text);
        Err(Fault::new(Rule::RedefinedType, name.span, message)
            .note(format!("first defined in {path}, line {line}"))
            .into())
    }

    /// Whether an unknown type may exist but was not read because of an error.
    pub fn is_unknown_type(&self, name: &str) -> bool {
        self.lacks_types || defined_type(name).is_some_and(|name| self.broken.contains(name))
    }

    pub fn report(&mut self, file: &Parsed, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter();
        self.faults
            .extend(faults.map(|fault| Diagnostic::new(&file.source, fault)));
    }
}

/// The facts of an alias. CRCs do not depend on its target, and its size is considered fixed.
fn alias() -> Facts {
    let own = Text::default().end();
    Facts {
        own,
        folded: own,
        ..Facts::default()
    }
}
