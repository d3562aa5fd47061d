use std::collections::BTreeMap;

use crate::overlay::Docs;
use crate::path::RustPath;

/// Selects what is generated.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// These modules and those whose types they use. Default: all, unless there are
    /// `optional_modules` or `messages`.
    pub modules: Option<Vec<String>>,
    /// More such modules. Those that the definitions lack are left out.
    pub optional_modules: Option<Vec<String>>,
    /// These messages, by name or key, the messages that answer them, and the types that they
    /// need.
    pub messages: Option<Vec<String>>,
    /// Modules that are generated elsewhere, with their Rust paths.
    pub extern_modules: BTreeMap<String, RustPath>,
    /// Documentation of messages, types and fields.
    pub docs: Docs,
}
