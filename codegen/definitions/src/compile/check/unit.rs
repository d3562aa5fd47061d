//! One file and all that it imports.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::comments::Comments;
use super::messages::{Message, reply};
use super::proof::Assumed;
use super::service::{Service, services};
use super::types::{Facts, Shape, Type, Types, in_fields};
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

/// A file that keeps every rule.
pub struct Checked {
    pub file: Arc<Parsed>,
    pub types: Types,
    /// The file's own definitions and the types of its imports, in order and as often as
    /// they are imported.
    pub entries: Vec<Entry>,
    pub messages: Vec<Message>,
    pub services: Vec<Service>,
    /// The CRC of the whole file with its imports: `vl_api_version`. None where an import is
    /// JSON: it does not say in what order its types stood.
    pub crc: Option<u32>,
    /// Enums of JSON that messages depend on, of which nothing says which enumerators count.
    pub assumed: Vec<Assumed>,
    /// The enumerators that CRCs leave out, of enums of JSON.
    proven: Marks,
    /// The files that were read for imports, sorted.
    pub imports: Vec<PathBuf>,
}

impl Checked {
    /// The enumerators that CRCs leave out.
    pub fn marks(&self) -> Marks {
        let mut marks = self.proven.clone();
        for entry in &self.entries {
            let Entry::Type(at) = entry else {
                continue;
            };
            let Some(Shape::Enum(of)) = self.types.at(*at).and_then(Type::shape) else {
                continue;
            };
            for one in of.values.iter().filter(|one| one.is_compatible) {
                let marked = marks.entry(of.name.text.clone()).or_default();
                marked.insert(one.name.text.clone());
            }
        }
        marks
    }
}

/// One definition of the flattened file.
#[derive(Debug, Clone)]
pub enum Entry {
    Import(Rc<str>),
    /// A type, by its place among [`Types`].
    Type(usize),
    /// What CRCs know of a message or option of the file itself.
    Own(Fold),
}

/// Checks `file`, which was read from `path`.
///
/// Where messages depend on enums of JSON, what other messages say of them is looked up; that
/// some of their enumerators do not count is rare, and what then differs is computed again.
pub fn check(tree: &Tree, path: &Path, file: Arc<Parsed>) -> Result<Checked, Vec<Diagnostic>> {
    let checked = check_with(tree, path, Arc::clone(&file), Marks::new())?;
    let (marks, assumed) = checked.prove(tree.evidence);
    let mut checked = if marks.is_empty() {
        checked
    } else {
        check_with(tree, path, file, marks)?
    };
    checked.assumed = assumed;
    Ok(checked)
}

fn check_with(
    tree: &Tree,
    path: &Path,
    file: Arc<Parsed>,
    marks: Marks,
) -> Result<Checked, Vec<Diagnostic>> {
    let mut unit = Unit {
        tree,
        release: tree.release,
        root: path,
        types: Types::default(),
        counts: HashSet::new(),
        imports: HashMap::new(),
        read: BTreeSet::new(),
        trusts: false,
        marks: &marks,
        messages: Vec::new(),
        broken: HashSet::new(),
        misses_types: false,
        faults: Vec::new(),
    };
    let entries = unit.walk(&file, 0);
    let misses_messages = file
        .items
        .iter()
        .any(|item| matches!(item, Item::Broken { name: None }));
    let services = if misses_messages || file.items.is_empty() {
        Vec::new()
    } else {
        let (services, faults) = services(&file.items, &unit.messages, &unit.broken);
        unit.report(&file, faults);
        services
    };
    if !unit.faults.is_empty() {
        return Err(unit.faults);
    }
    let is_ordered = !unit.types.iter().any(Type::is_installed);
    let crc = entries.iter().fold(Fold::EMPTY, |crc, entry| match entry {
        Entry::Import(_) => crc,
        Entry::Type(at) => crc.then(unit.types.at(*at).map_or(Fold::EMPTY, |ty| ty.facts.own)),
        Entry::Own(fold) => crc.then(*fold),
    });
    Ok(Checked {
        file,
        types: unit.types,
        entries,
        messages: unit.messages,
        services,
        crc: is_ordered.then(|| crc.crc()),
        assumed: Vec::new(),
        imports: unit.read.into_iter().collect(),
        proven: marks,
    })
}

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
    broken: HashSet<String>,
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

/// What a definition calls itself.
pub fn name(item: &Item) -> Option<&Name> {
    match item {
        Item::Define(block) | Item::Struct(block) | Item::Union(block) => Some(&block.name),
        Item::Alias(field) => Some(&field.name),
        Item::Enum(of) => Some(&of.name),
        _ => None,
    }
}
