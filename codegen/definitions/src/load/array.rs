//! Files with the array that `get_api_json` returns.

use std::path::Path;

use super::source::Text;
use crate::Error;
use crate::files::JSON_SUFFIX;
use crate::json_array::{ModuleDocument, add_type_modules, split};

/// Splits the array in the file `path` into modules, and adds the modules that VPP leaves out.
pub fn texts(path: &Path, text: &[u8]) -> Result<Vec<Text>, Error> {
    let name = path.display().to_string();
    let mut documents = split(text).map_err(|source| Error::Json {
        file: name.clone(),
        source,
    })?;
    add_type_modules(&mut documents);
    let texts = documents
        .into_iter()
        .map(|ModuleDocument { module, json }| {
            let (name, path) = (
                format!("{name}[{module}]"),
                format!("{module}{JSON_SUFFIX}"),
            );
            Text::new(&module, name, path.into(), json.to_string().into_bytes())
        });
    Ok(texts.collect())
}
