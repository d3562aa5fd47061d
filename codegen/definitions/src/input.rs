use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

/// Definitions to read.
///
/// A path converts to an input. It names one of these:
///
/// - a folder of `.api.json` files, flat or with the subfolders that VPP installs (`core`,
///   `plugins`)
/// - an `.api.json` file
/// - a file with the array that `get_api_json` returns
/// - an `.api` file
/// - a folder with `.api` files at any depth
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Input {
    /// A folder or file.
    Path(PathBuf),
    /// Definitions in memory.
    Documents(Documents),
}

/// Definitions in memory: one document per module.
#[derive(Debug, Clone)]
pub struct Documents {
    /// The name in error messages: `unix:/run/vpp/api.sock`.
    pub origin: String,
    /// The documents.
    pub files: Vec<Document>,
}

/// The text of one module's `.api.json` file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The module.
    pub module: String,
    /// The path of the file in the folder that VPP installs: `core/interface.api.json`.
    pub path: PathBuf,
    /// The text.
    pub text: String,
}

impl Input {
    /// The definitions of VPP 26.06 in the crate `vpp-api-json`.
    #[must_use]
    pub fn vendored() -> Self {
        let files = vpp_api_json::FILES.iter().map(|(path, text)| {
            let name = path.rsplit('/').next().unwrap_or(path);
            Document {
                module: name.trim_end_matches(".api.json").to_owned(),
                path: path.into(),
                text: (*text).to_owned(),
            }
        });
        Self::Documents(Documents {
            origin: "vendored".to_owned(),
            files: files.collect(),
        })
    }
}

/// The name shown to the user.
impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Documents(documents) => documents.origin.fmt(f),
        }
    }
}

impl<P: AsRef<OsStr> + ?Sized> From<&P> for Input {
    fn from(path: &P) -> Self {
        Self::Path(path.into())
    }
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<String> for Input {
    fn from(path: String) -> Self {
        Self::Path(path.into())
    }
}

impl From<OsString> for Input {
    fn from(path: OsString) -> Self {
        Self::Path(path.into())
    }
}

impl From<Documents> for Input {
    fn from(documents: Documents) -> Self {
        Self::Documents(documents)
    }
}

/// Converts several inputs.
pub fn all(inputs: impl IntoIterator<Item: Into<Input>>) -> Vec<Input> {
    inputs.into_iter().map(Into::into).collect()
}
