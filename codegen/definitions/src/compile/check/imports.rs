//! Reads imports.

use std::rc::Rc;

use super::checked::Entry;
use super::checker::{Checker, Stop};
use crate::compile::diagnostic::Fault;
use crate::compile::include::Imported;
use crate::compile::rule::Rule;
use crate::compile::source::Name;

/// The maximum depth of nested imports.
const DEPTH: usize = 200;
/// The maximum number of definitions of a file and all its imports, repetitions included.
const ENTRIES: usize = 1 << 20;

impl Checker<'_> {
    /// Adds an import and the definitions of the imported file to `entries`.
    ///
    /// They are added for each import of the file. A file is identified by the text of the
    /// import, so two spellings are two files.
    pub fn import(
        &mut self,
        import: &Name,
        depth: usize,
        entries: &mut Vec<Entry>,
    ) -> Result<(), Stop> {
        let fault = |rule, message: String| Fault::new(rule, import.span, message);
        let imported = match self.imports.get(&import.text) {
            Some(Some(known)) => Rc::clone(known),
            Some(None) => {
                let message = format!("`{}` imports itself", import.text);
                return Err(fault(Rule::CircularImport, message).into());
            }
            None if depth == DEPTH => {
                let message = format!("imports are nested more than {DEPTH} deep");
                return Err(fault(Rule::ImportLimit, message).into());
            }
            None => self.read(import, depth)?,
        };
        if entries.len() + imported.len() > ENTRIES {
            let message = format!("imports repeat more than {ENTRIES} definitions");
            return Err(fault(Rule::ImportLimit, message).into());
        }
        entries.push(Entry::Import(import.text.as_str().into()));
        entries.extend(imported.iter().cloned());
        Ok(())
    }

    fn read(&mut self, import: &Name, depth: usize) -> Result<Rc<[Entry]>, Stop> {
        self.imports.insert(import.text.clone(), None);
        let Some(found) = self.shared.includes.find(&import.text, self.root) else {
            let searched = self.shared.includes.searched(self.root);
            let searched = searched.iter().map(|folder| match folder.to_str() {
                Some("") => ".".to_owned(),
                _ => folder.display().to_string(),
            });
            let searched = searched.collect::<Vec<_>>().join(", ");
            let message = format!("file `{}` not found", import.text);
            let note = match self.shared.includes.installed_name(&import.text) {
                Some(json) => format!("searched in {searched}, also for {json}"),
                None => format!(
                    "searched in {searched}; for VPP's own files, include the folder of its sources or of its .api.json files"
                ),
            };
            return Err(Fault::new(Rule::MissingFile, import.span, message)
                .note(note)
                .into());
        };
        let (path, result) = match found {
            Imported::Source(path) => {
                let result = self.shared.files.get(&path);
                (path, result)
            }
            Imported::Installed(path) => {
                let result = self.shared.files.installed(&path);
                (path, result)
            }
        };
        let file = result.map_err(|error| {
            let message = format!("cannot read {}: {error}", path.display());
            Fault::new(Rule::MissingFile, import.span, message)
        })?;
        self.read.insert(path);
        let was_trusted = std::mem::replace(&mut self.is_trusted, file.installed.is_some());
        let imported = if self.is_trusted {
            self.check_installed(&file, depth + 1)
        } else {
            self.check_source(&file, depth + 1)
        };
        self.is_trusted = was_trusted;
        let imported: Rc<[Entry]> = imported.into();
        self.imports
            .insert(import.text.clone(), Some(Rc::clone(&imported)));
        Ok(imported)
    }
}
