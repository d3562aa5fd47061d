use std::collections::BTreeMap;

use crate::path::RustPath;

/// Which modules are generated.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// These modules and those whose types they use. Default: all.
    pub modules: Option<Vec<String>>,
    /// More such modules. One that the definitions lack is left out.
    pub optional_modules: Option<Vec<String>>,
    /// Modules that are generated elsewhere, with their Rust paths.
    pub extern_modules: BTreeMap<String, RustPath>,
}
