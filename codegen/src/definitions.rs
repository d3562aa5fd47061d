use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

/// Where definitions come from.
///
/// Whatever names a path becomes one: a folder as VPP installs it (with `core` and
/// `plugins`, or flat), one `.api.json` file, the array of `get_api_json` in a file; or the
/// sources that they are made of, an `.api` file or a folder with some anywhere below it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Definitions {
    /// A folder or file.
    Path(PathBuf),
    /// Documents at hand.
    Documents(Documents),
}

/// Definitions that are in no file: one document a module.
#[derive(Debug, Clone)]
pub struct Documents {
    /// What errors call them: `unix:/run/vpp/api.sock`.
    pub origin: String,
    /// The documents.
    pub files: Vec<Document>,
}

/// The definitions of one module, in the form of an `.api.json` file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The module.
    pub module: String,
    /// Where VPP installs the file: `core/interface.api.json`.
    pub place: PathBuf,
    /// What is in it.
    pub text: String,
}

#[cfg(feature = "live")]
impl Definitions {
    /// Those that came with this program: of VPP 26.06, the modules that the toolkit uses.
    #[must_use]
    pub fn vendored() -> Self {
        let files = vpp_api_json::FILES.iter().map(|(place, text)| {
            let name = place.rsplit('/').next().unwrap_or(place);
            Document {
                module: name.trim_end_matches(".api.json").to_owned(),
                place: place.into(),
                text: (*text).to_owned(),
            }
        });
        Self::Documents(Documents {
            origin: "vendored".to_owned(),
            files: files.collect(),
        })
    }
}

/// As they are named to whoever gave them.
impl fmt::Display for Definitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Documents(documents) => documents.origin.fmt(f),
        }
    }
}

impl<P: AsRef<OsStr> + ?Sized> From<&P> for Definitions {
    fn from(path: &P) -> Self {
        Self::Path(path.into())
    }
}

impl From<PathBuf> for Definitions {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<String> for Definitions {
    fn from(path: String) -> Self {
        Self::Path(path.into())
    }
}

impl From<OsString> for Definitions {
    fn from(path: OsString) -> Self {
        Self::Path(path.into())
    }
}

impl From<Documents> for Definitions {
    fn from(documents: Documents) -> Self {
        Self::Documents(documents)
    }
}

/// Several, each from whatever names it.
pub(crate) fn all(inputs: impl IntoIterator<Item: Into<Definitions>>) -> Vec<Definitions> {
    inputs.into_iter().map(Into::into).collect()
}
