//! The JSON document of a file.

mod document;
mod ordered;
mod value;

pub use document::document;
