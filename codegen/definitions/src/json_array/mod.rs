//! The array of definitions that VPP returns for `get_api_json`.
//!
//! ```
//! # fn main() -> Result<(), serde_json::Error> {
//! use vpp_definitions::json_array::{messages, split};
//!
//! let text = br#"[{"module": "lamp", "messages": [["lamp_set", {"crc": "0x51077d14"}]]}]"#;
//! let documents = split(text)?;
//! assert_eq!(documents[0].module, "lamp");
//! assert_eq!(messages(&documents[0].json).next(), Some(("lamp_set", 0x5107_7d14)));
//! # Ok(())
//! # }
//! ```

mod document;
mod type_modules;

pub use document::{ModuleDocument, messages, split};
pub use type_modules::{add_type_modules, type_module_folder};
