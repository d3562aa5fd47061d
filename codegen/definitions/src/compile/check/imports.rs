//! Imports: what they name, and what they bring.

use std::rc::Rc;

use super::checked::Entry;
use super::unit::{Stop, Unit};
use crate::compile::diagnostic::Fault;
use crate::compile::include::Found;
use crate::compile::rule::Rule;
use crate::compile::source::Name;

/// How deep imports nest.
const DEPTH: usize = 200;
/// How many definitions a file and all its imports come to, repeats counted.
const ENTRIES: usize = 1 << 20;

impl Unit<'_> {
    /// The import itself, then all that it brings, each time that it is named. A file is
    /// known by the text of the import: under two spellings it is two files.
    pub fn import(
        &mut self,
        import: &Name,
        depth: usize,
        entries: &mut Vec<Entry>,
    ) -> Result<(), Stop> {
        let fault = |rule, message: String| Fault::new(rule, import.span, message);
        let brought = match self.imports.get(&import.text) {
            Some(Some(known)) => Rc::clone(known),
            Some(None) => {
                let message = format!("`{}` imports itself", import.text);
                return Err(fault(Rule::CircularImport, message).into());
            }
            None if depth == DEPTH => {
                let message = format!("imports nest more than {DEPTH} deep");
                return Err(fault(Rule::ImportLimit, message).into());
            }
            None => self.read(import, depth)?,
        };
        if entries.len() + brought.len() > ENTRIES {
            let message = format!("imports repeat more than {ENTRIES} definitions");
            return Err(fault(Rule::ImportLimit, message).into());
        }
        entries.push(Entry::Import(import.text.as_str().into()));
        entries.extend(brought.iter().cloned());
        Ok(())
    }

    fn read(&mut self, import: &Name, depth: usize) -> Result<Rc<[Entry]>, Stop> {
        self.imports.insert(import.text.clone(), None);
        let Some(found) = self.tree.includes.find(&import.text, self.root) else {
            let searched = self.tree.includes.searched(self.root);
            let searched = searched.iter().map(|folder| match folder.to_str() {
                Some("") => ".".to_owned(),
                _ => folder.display().to_string(),
            });
            let searched = searched.collect::<Vec<_>>().join(", ");
            let message = format!("no file `{}`", import.text);
            let note = match self.tree.includes.installed_name(&import.text) {
                Some(json) => format!("searched from {searched}, and there for {json}"),
                None => format!(
                    "searched from {searched}; VPP's own are found where its sources or its .api.json files are included"
                ),
            };
            return Err(Fault::new(Rule::MissingFile, import.span, message)
                .note(note)
                .into());
        };
        let (path, result) = match found {
            Found::Source(path) => {
                let result = self.tree.files.get(&path);
                (path, result)
            }
            Found::Installed(path) => {
                let result = self.tree.files.installed(&path);
                (path, result)
            }
        };
        let file = result.map_err(|error| {
            let message = format!("cannot read {}: {error}", path.display());
            Fault::new(Rule::MissingFile, import.span, message)
        })?;
        self.read.insert(path);
        let trusted = std::mem::replace(&mut self.trusts, file.installed.is_some());
        let brought = if self.trusts {
            self.walk_installed(&file, depth + 1)
        } else {
            self.walk(&file, depth + 1)
        };
        self.trusts = trusted;
        let brought: Rc<[Entry]> = brought.into();
        self.imports
            .insert(import.text.clone(), Some(Rc::clone(&brought)));
        Ok(brought)
    }
}
