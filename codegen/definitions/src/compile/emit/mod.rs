//! Writes the JSON document of a file.

mod document;
mod json;

pub use document::document;
