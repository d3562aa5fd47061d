use serde::Deserialize;
use serde_json::Value;

use crate::Error;

/// The document of one module, as `get_api_json` returns it.
#[derive(Debug)]
pub struct OfModule {
    /// The module.
    pub module: String,
    /// Its definitions: an object.
    pub json: Value,
}

/// The names and CRCs of a document's messages, in its order.
pub fn messages(json: &Value) -> impl Iterator<Item = (&str, u32)> {
    let messages = json["messages"].as_array().into_iter().flatten();
    messages.filter_map(|message| {
        let parts = message.as_array()?;
        let crc = parts.last()?["crc"].as_str()?;
        let crc = u32::from_str_radix(crc.trim_start_matches("0x"), 16).ok()?;
        Some((parts.first()?.as_str()?, crc))
    })
}

/// Parses the JSON of the file `name`.
pub fn parse_json<'a, T: Deserialize<'a>>(name: &str, json: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|source| Error::Json {
        file: name.to_owned(),
        source,
    })
}
