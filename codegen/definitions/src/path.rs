use std::fmt;
use std::str::FromStr;

use crate::names::is_identifier;

/// The path of a Rust module: `::vpp_wire`, `crate::wire`, `::vpp_bindings::ip_types`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RustPath {
    absolute: bool,
    segments: Vec<String>,
}

impl RustPath {
    /// Whether the path begins with `::`.
    pub fn is_absolute(&self) -> bool {
        self.absolute
    }

    /// The names between `::`. A raw identifier begins with `r#`.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().map(String::as_str)
    }

    /// The absolute path of a crate.
    pub fn of_crate(name: &str) -> Self {
        Self {
            absolute: true,
            segments: vec![name.to_owned()],
        }
    }
}

impl FromStr for RustPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (absolute, rest) = match text.strip_prefix("::") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let segments: Vec<String> = rest.split("::").map(str::to_owned).collect();
        let is_name = |segment: &String| {
            let name = segment.strip_prefix("r#").unwrap_or(segment);
            is_identifier(name)
        };
        if segments.iter().all(is_name) {
            Ok(Self { absolute, segments })
        } else {
            Err(format!(
                "{text:?} is not a Rust path such as ::vpp_wire or crate::wire"
            ))
        }
    }
}

impl fmt::Display for RustPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = if self.absolute { "::" } else { "" };
        write!(f, "{start}{}", self.segments.join("::"))
    }
}
