//! Decompiles a whole release.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use vpp_definitions::{Compiler, crcs};

use super::{check_same, decompile};
use crate::definitions::documents;

/// Writes every `.api.json` file in `folder` as an `.api` file to the folder `out`. Returns the
/// JSON documents by file name.
///
/// It marks those enumerators as `backwards_compatible` that make the CRCs correct.
///
/// # Errors
/// The file that cannot be read or written, and the reason.
pub fn decompile_folder(folder: &Path, out: &Path) -> Result<BTreeMap<String, Value>, String> {
    let report = crcs(&[folder.to_owned()], &[], &Compiler::new());
    let mut marked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in report.map_err(|error| error.to_string())?.unmarked {
        marked
            .entry(one.module)
            .or_default()
            .extend(one.enumerators);
    }
    let documents = documents(folder)?;
    for (name, document) in &documents {
        let of_file = |error: &dyn std::fmt::Display| format!("{name}: {error}");
        let source = name.strip_suffix(".json").unwrap_or(name);
        let module = source.strip_suffix(".api").unwrap_or(source);
        let marked = marked.remove(&module.replace(['.', '-'], "_"));
        let text = decompile(document, &marked.unwrap_or_default());
        let text = text.map_err(|error| of_file(&error))?;
        fs::write(out.join(source), text).map_err(|error| of_file(&error))?;
    }
    Ok(documents)
}

/// Decompiles `folder` to `out`, compiles the result and compares it with `folder`. Returns the
/// number of files.
///
/// # Errors
/// The first file and definition that differs or does not compile.
pub fn check_folder(folder: &Path, out: &Path) -> Result<usize, String> {
    let documents = decompile_folder(folder, out)?;
    let compiled = Compiler::new().compile([out]);
    let compiled = compiled.map_err(|error| error.to_string())?;
    for one in &compiled {
        let name = &one.file_name;
        let document = documents.get(name).unwrap_or(&Value::Null);
        let found = serde_json::from_str(&one.json).map_err(|error| error.to_string())?;
        check_same(&found, document).map_err(|error| format!("{name}: {error}"))?;
    }
    if compiled.len() == documents.len() {
        Ok(documents.len())
    } else {
        let (found, expected) = (compiled.len(), documents.len());
        Err(format!("{found} files instead of {expected}"))
    }
}
