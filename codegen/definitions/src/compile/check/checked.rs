//! The result of checking a file.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::messages::Message;
use super::service::Service;
use super::types::{Type, TypeKind, Types};
use crate::compile::evidence::Evidence;
use crate::compile::number::Number;
use crate::compile::parsed::Parsed;
use crate::compile::syntax::ast::{Block, Enum, Item};
use crate::crc::{Fold, Marks};

/// A file that follows all rules.
pub struct Checked {
    pub file: Arc<Parsed>,
    pub types: Types,
    /// The file's own definitions and those of its imports, in order. Repeated imports are
    /// repeated here.
    pub entries: Vec<Entry>,
    pub messages: Vec<Message>,
    pub services: Vec<Service>,
    /// The CRC of the whole file with its imports: `vl_api_version`. `None` if an import is
    /// JSON, which does not record the order of types.
    pub crc: Option<u32>,
    /// Messages that depend on enums of JSON whose marked enumerators are unknown.
    pub assumed: Vec<AssumedCrc>,
    /// The enumerators of enums of JSON that CRCs leave out.
    pub inferred: Marks,
    /// The imported files, sorted.
    pub imports: Vec<PathBuf>,
}

impl Checked {
    /// The enumerators that CRCs leave out.
    pub fn marks(&self) -> Marks {
        let mut marks = self.inferred.clone();
        for entry in &self.entries {
            let Entry::Type(at) = entry else {
                continue;
            };
            let Some(TypeKind::Enum(of)) = self.types.at(*at).and_then(Type::kind) else {
                continue;
            };
            for one in of.values.iter().filter(|one| one.is_compatible) {
                let marked = marks.entry(of.name.text.clone()).or_default();
                marked.insert(one.name.text.clone());
            }
        }
        marks
    }

    /// Infers the marked enumerators of the enums of JSON that messages depend on. Returns also
    /// the CRCs that depend on an enum without evidence.
    pub fn infer_marks(&self, evidence: &Evidence) -> (Marks, Vec<AssumedCrc>) {
        let (mut marks, mut assumed) = (Marks::new(), Vec::new());
        let mut known = BTreeMap::new();
        for message in &self.messages {
            let item = message.item.and_then(|at| self.file.items.get(at));
            let Some(Item::Define(block)) = item else {
                continue;
            };
            let mut enums = Vec::new();
            self.installed_enums(block, &mut HashSet::new(), &mut enums);
            for (of, ty) in enums {
                let name = &of.name.text;
                let marked = known
                    .entry(name)
                    .or_insert_with(|| evidence.marked(name, &integer_values(of, ty)));
                match marked {
                    Some(marked) if marked.is_empty() => {}
                    Some(marked) => {
                        marks.insert(name.clone(), marked.clone());
                    }
                    None => assumed.push(AssumedCrc {
                        message: message.name.text.clone(),
                        enumeration: name.clone(),
                        file: ty.file.source.path.clone(),
                    }),
                }
            }
        }
        (marks, assumed)
    }

    /// Collects the enums of JSON that the fields of a definition depend on, each once.
    fn installed_enums<'a>(
        &'a self,
        block: &'a Block,
        seen: &mut HashSet<&'a str>,
        enums: &mut Vec<(&'a Enum, &'a Type)>,
    ) {
        for field in block.fields() {
            let Some(ty) = self.types.get(&field.ty.text) else {
                continue;
            };
            if !seen.insert(&field.ty.text) {
                continue;
            }
            match ty.kind() {
                Some(TypeKind::Struct(block) | TypeKind::Union(block)) => {
                    self.installed_enums(block, seen, enums);
                }
                Some(TypeKind::Enum(of)) if ty.is_installed() => enums.push((of, ty)),
                _ => {}
            }
        }
    }
}

/// The enumerators with their values, which are integers in JSON.
fn integer_values(of: &Enum, ty: &Type) -> Vec<(String, i128)> {
    let values = of.values.iter().zip(&ty.facts.values);
    let values = values.filter_map(|(one, value)| match value {
        Number::Int(value) => Some((one.name.text.clone(), *value)),
        Number::Float(_) => None,
    });
    values.collect()
}

/// A definition or import, after imports are expanded.
#[derive(Debug, Clone)]
pub enum Entry {
    Import(Rc<str>),
    /// A type, by its index in [`Types`].
    Type(usize),
    /// The text of a message or option of the compiled file.
    Own(Fold),
}

/// A CRC that is right only if an imported enum has no `backwards_compatible` enumerator.
///
/// The enum is from JSON, which does not mark these enumerators, and no message of the JSON
/// depends on the enum.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssumedCrc {
    /// The message that has the CRC.
    pub message: String,
    /// The enum.
    pub enumeration: String,
    /// The JSON file that defines the enum.
    pub file: PathBuf,
}

impl std::fmt::Display for AssumedCrc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            message,
            enumeration,
            file,
        } = self;
        write!(
            f,
            "the CRC of {message} is a guess: {} does not mark backwards_compatible enumerators of \
             the enum {enumeration}, so none are assumed. Compile with VPP's sources or all of its \
             .api.json files to be sure",
            file.display()
        )
    }
}
