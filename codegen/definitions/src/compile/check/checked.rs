//! The result of checking a file.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::messages::Message;
use super::service::Service;
use super::types::{Shape, Type, Types};
use crate::compile::files::Parsed;
use crate::crc::{Fold, Marks};

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
    pub proven: Marks,
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

/// A CRC that holds only if an imported enum has no `backwards_compatible` enumerator: its
/// JSON does not say, and no message there tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assumed {
    /// The message whose CRC it is.
    pub message: String,
    /// The enum.
    pub enumeration: String,
    /// The JSON that the enum is from.
    pub file: PathBuf,
}

impl std::fmt::Display for Assumed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            message,
            enumeration,
            file,
        } = self;
        write!(
            f,
            "the CRC of {message} is a guess: it depends on the enum {enumeration}, and {} does \
             not say which of its enumerators are backwards_compatible; none is taken to be. \
             Compile with VPP's sources or all of its .api.json files to be sure",
            file.display()
        )
    }
}
