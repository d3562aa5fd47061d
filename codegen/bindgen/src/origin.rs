use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::live::{self, Completion, LiveError, RunningVpp};
use vpp_definitions::Input;

/// The timeout of each call to a running VPP.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// The source of definitions in an argument: `unix:PATH` is a running VPP, `vendored` the
/// definitions in this program, and anything else a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    Path(PathBuf),
    Running(PathBuf),
    Vendored,
}

impl FromStr for Origin {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("unix:") {
            Some(socket) => Self::Running(socket.into()),
            None if text == "vendored" => Self::Vendored,
            None => Self::Path(text.into()),
        })
    }
}

/// Opened definitions.
pub struct Opened {
    pub input: Input,
    /// The running VPP that they are from, and the definitions that were added to its own.
    pub running: Option<(RunningVpp, Completion)>,
}

impl Origin {
    /// Opens the definitions. `others` can define messages that a running VPP does not return.
    pub fn open(&self, others: &[Input]) -> Result<Opened, LiveError> {
        let (input, running) = match self {
            Self::Path(path) => (path.into(), None),
            Self::Vendored => (Input::vendored(), None),
            Self::Running(socket) => {
                let (vpp, live) = live::definitions(socket, others, TIMEOUT)?;
                (live.documents.into(), Some((vpp, live.completion)))
            }
        };
        Ok(Opened { input, running })
    }
}

/// Opens several origins.
pub fn open_all(origins: &[Origin]) -> Result<Vec<Input>, LiveError> {
    let opened = origins.iter().map(|origin| origin.open(&[]));
    opened.map(|opened| Ok(opened?.input)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_of_folder_named_vendored_is_accepted() {
        let origin = |text: &str| text.parse::<Origin>().unwrap();
        assert_eq!(origin("vendored"), Origin::Vendored);
        assert_eq!(origin("./vendored"), Origin::Path("./vendored".into()));
        assert_eq!(
            origin("unix:/run/vpp/api.sock"),
            Origin::Running("/run/vpp/api.sock".into())
        );
        assert_eq!(origin("unix"), Origin::Path("unix".into()));
    }
}
