use std::fmt;
use std::path::{Path, PathBuf};

/// Why definitions cannot be read, resolved or turned into bindings.
///
/// Errors name the file, and the message, type and field if there is one. A run that fails
/// writes nothing.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A folder has no API definitions.
    #[error("no .api.json or .api file in {}: use the folder that VPP installs (/usr/share/vpp/api) or a similar one", path.display())]
    NoInput {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not JSON, or is not an API definition.
    #[error("{file}: not an API definition: {source}")]
    Json {
        /// The file.
        file: String,
        /// Line, column and what was expected.
        source: serde_json::Error,
    },
    /// An `.api` file breaks rules of the API language.
    #[error("{0}")]
    Api(crate::Diagnostics),
    /// Two files define the same module.
    #[error("both {one} and {other} define module {module}: use only one of them")]
    DuplicateModule {
        /// The module.
        module: String,
        /// One file.
        one: String,
        /// The other file.
        other: String,
    },
    /// The definitions do not contain the requested module.
    #[error("module {module} is not in the definitions; the modules are: {known}")]
    UnknownModule {
        /// The module.
        module: String,
        /// The modules of the definitions.
        known: String,
    },
    /// No file defines or imports the extern module.
    #[error(
        "no file defines or imports extern module {module}; the modules are: {known}. A plugin's .api.json does not mark which of its types are imported: add the definitions of {module}, or use the plugin's .api file"
    )]
    UnknownExtern {
        /// The module.
        module: String,
        /// The modules of the definitions.
        known: String,
    },
    /// The caller names a message that is not defined.
    #[error("message {message} is not among the definitions{}", similar(near))]
    UnknownMessage {
        /// The name or key.
        message: String,
        /// The most similar names, separated by commas.
        near: String,
    },
    /// The caller names a message with a CRC that differs from its definition.
    #[error("message {wanted} is defined with another CRC: {message}_{defined:08x}")]
    OtherCrc {
        /// The message.
        message: String,
        /// The key that the caller names.
        wanted: String,
        /// The CRC of the definition.
        defined: u32,
    },
    /// The caller names a message of a module that is generated elsewhere.
    #[error(
        "message {message} is in the extern module {module}: use it from {path}, or remove {module} from the extern modules"
    )]
    ExternMessage {
        /// The message.
        message: String,
        /// The module.
        module: String,
        /// The Rust path of the module.
        path: String,
    },
    /// A type is defined twice, differently.
    #[error("{file}: type {name} differs from its definition in {other}")]
    ConflictingType {
        /// The file with the later definition.
        file: String,
        /// The type.
        name: String,
        /// The file with the first definition.
        other: String,
    },
    /// A message is defined twice in one module, differently.
    #[error("{file}: message {name} differs from its definition earlier in the file")]
    ConflictingMessage {
        /// The file.
        file: String,
        /// The message.
        name: String,
    },
    /// A message, a type or one of its fields is invalid.
    #[error("{file}: {item}: {problem}")]
    Definition {
        /// The file.
        file: String,
        /// The message or type, and the field if there is one: `memif_create.role`.
        item: String,
        /// The reason.
        problem: Problem,
    },
    /// A text is not a Rust path.
    #[error("{0}")]
    Path(String),
    /// The generated text is not valid Rust, which is a bug of the generator.
    #[error(
        "{module}: the generated code does not parse: {problem}; please report this with the definition"
    )]
    Emit {
        /// The module.
        module: String,
        /// The parse error.
        problem: String,
    },
}

impl Error {
    /// Creates the error of a message or type, or of one of its fields.
    pub(crate) fn at(file: &str, definition: &str, field: Option<&str>, problem: Problem) -> Self {
        Self::Definition {
            file: file.to_owned(),
            item: match field {
                Some(field) => format!("{definition}.{field}"),
                None => definition.to_owned(),
            },
            problem,
        }
    }

    /// Returns a function that turns a system error into the error of `path`.
    pub(crate) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Write { path, source }
    }
}

/// The same text as `Display`: Cargo shows it if `main` of a build script returns the error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn similar(near: &str) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!("; similar names: {near}")
    }
}

/// Why a definition is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The first field of a message is `_vl_msg_id` with another type than `u16`.
    #[error("the field _vl_msg_id must be a u16")]
    MessageId,
    /// The type of a field is neither a scalar nor defined.
    #[error("unknown type {0}")]
    UnknownType(String),
    /// The type of a field is not defined, and an import that may define it is missing.
    #[error("unknown type {name}; the import {missing} is not in the definitions")]
    MissingImport {
        /// The type.
        name: String,
        /// The missing imports.
        missing: String,
    },
    /// No field before the array has the name of its count field.
    #[error("no count field {0} before the array")]
    CountMissing(String),
    /// The count field is not an integer.
    #[error("the count field {0} is not an integer")]
    CountNotInteger(String),
    /// A member has a variable size, but only fixed sizes are allowed.
    #[error("{0} cannot have a member of variable size")]
    VariableMember(&'static str),
    /// An array without count field is not the last field of a message.
    #[error("an array without count field must be the last field of a message")]
    RestNotLast,
    /// The type contains itself.
    #[error("the type contains itself")]
    Recursive,
    /// More types than this limit are nested in the type.
    #[error("more than {0} types are nested in the type")]
    TooDeep(usize),
    /// The elements of a fixed array have a variable size.
    #[error("a fixed array cannot have elements of variable size")]
    VariableElements,
    /// The wire type of an enum is not an integer of up to 32 bits.
    #[error("an enum cannot be a {0} on the wire")]
    EnumType(String),
    /// The CRC of a message is missing or invalid.
    #[error("the CRC is missing or not a 32-bit number: {0:?}")]
    Crc(String),
    /// A service names a message that the file does not define.
    #[error("the service names {0}, which is not a message of this file")]
    ServiceMessage(String),
    /// A name is not a Rust identifier.
    #[error("{0:?} is not a valid Rust name")]
    Name(String),
}
