use std::fmt;
use std::path::{Path, PathBuf};

/// What keeps definitions from becoming bindings.
///
/// Every variant names the file, and the message or type and field where there is
/// one. Nothing is written when a run fails.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder has no API definitions.
    #[error("no .api.json file in {}: give the folder that VPP installs (/usr/share/vpp/api) or one like it", path.display())]
    NoInput {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not JSON, or JSON of another shape.
    #[error("{file}: not an API definition: {source}")]
    Json {
        /// The file.
        file: String,
        /// Line, column and what was expected.
        source: serde_json::Error,
    },
    /// An `.api` file breaks rules of the language.
    #[error("{0}")]
    Api(crate::Diagnostics),
    /// The same module twice.
    #[error("module {module} is defined by both {one} and {other}; give only one of them")]
    DuplicateModule {
        /// The module.
        module: String,
        /// One file.
        one: String,
        /// The other file.
        other: String,
    },
    /// A module was asked for that the input does not have.
    #[error("module {module} is not among the definitions; these are: {known}")]
    UnknownModule {
        /// The module.
        module: String,
        /// The modules that there are.
        known: String,
    },
    /// An extern module that no definition is from.
    #[error(
        "extern module {module}: no file defines or imports it; the modules are: {known}. A plugin's .api.json does not say which of its types are imported: give the definitions of {module} beside it, or the plugin's .api"
    )]
    UnknownExtern {
        /// The module.
        module: String,
        /// The modules that there are.
        known: String,
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
    /// Something is wrong with a message or type, or with one of its fields.
    #[error("{file}: {place}: {problem}")]
    Definition {
        /// The file.
        file: String,
        /// The message or type, and the field where there is one: `memif_create.role`.
        place: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A Rust path that is none.
    #[error("{0}")]
    Path(String),
    /// The generated text is not Rust: a fault of the generator.
    #[error(
        "{module}: the generated code does not parse: {problem}; please report this with the definition"
    )]
    Emit {
        /// The module.
        module: String,
        /// Where it fails to parse.
        problem: String,
    },
}

impl Error {
    /// An error at a message or type, or at one of its fields.
    pub(crate) fn at(file: &str, definition: &str, field: Option<&str>, problem: Problem) -> Self {
        Self::Definition {
            file: file.to_owned(),
            place: match field {
                Some(field) => format!("{definition}.{field}"),
                None => definition.to_owned(),
            },
            problem,
        }
    }

    /// Makes the error for `path` from what the system reports.
    pub(crate) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Write { path, source }
    }
}

/// As `Display`: it is what Cargo shows of a build script whose `main` returns the error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A field's type is neither a scalar nor defined.
    #[error("unknown type {0}")]
    UnknownType(String),
    /// A field's type is not defined, and an import that may define it is missing.
    #[error("unknown type {name}; the import {missing} is not among the definitions")]
    MissingImport {
        /// The type.
        name: String,
        /// The imports that are not there.
        missing: String,
    },
    /// A field that should count an array is not there before it.
    #[error("no field {0} before the array that it should count")]
    CountMissing(String),
    /// A count field that is no integer.
    #[error("the count field {0} is not an integer")]
    CountNotInteger(String),
    /// A field of variable size where only fixed ones can be.
    #[error("{0} takes no member of variable size")]
    VariableMember(&'static str),
    /// An array without end that is not the last field of a message.
    #[error("an array without count field must be the last field of a message")]
    RestNotLast,
    /// A type that contains itself.
    #[error("the type contains itself")]
    Recursive,
    /// A type in which more types are nested than this.
    #[error("more than {0} types are nested in the type")]
    TooDeep(usize),
    /// A fixed array of a type of variable size.
    #[error("a fixed array cannot have elements of variable size")]
    VariableElements,
    /// An enum whose wire type is none.
    #[error("an enum cannot be a {0} on the wire")]
    EnumType(String),
    /// A message without CRC.
    #[error("the CRC is missing or is not a number of 32 bits: {0:?}")]
    Crc(String),
    /// A service that names a message which is not defined.
    #[error("the service names {0}, which is not a message of this file")]
    ServiceMessage(String),
    /// A name that is no identifier.
    #[error("{0:?} cannot be a name in Rust")]
    Name(String),
}
