use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use vpp_codegen::Definitions;
use vpp_codegen::live::{Filled, LiveError, RunningVpp};

/// How long each answer of a running VPP may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// How a user says where definitions are: `unix:PATH` is a running VPP, `vendored` what came
/// with this program, all else a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    Path(PathBuf),
    Running(PathBuf),
    Vendored,
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("unix:") {
            Some(socket) => Self::Running(socket.into()),
            None if text == "vendored" => Self::Vendored,
            None => Self::Path(text.into()),
        })
    }
}

/// The definitions of a place, and what is to be said of them.
pub(super) struct Opened {
    pub(super) definitions: Definitions,
    /// Of a running VPP: itself, and what its own definitions lack.
    pub(super) running: Option<(RunningVpp, Filled)>,
}

impl Place {
    /// `others` have definitions of messages that a running VPP does not give.
    pub(super) fn open(&self, others: &[Definitions]) -> Result<Opened, LiveError> {
        let (definitions, running) = match self {
            Self::Path(path) => (path.into(), None),
            Self::Vendored => (Definitions::vendored(), None),
            Self::Running(socket) => {
                let (vpp, live) = RunningVpp::definitions(socket, others, TIMEOUT)?;
                (live.documents.into(), Some((vpp, live.filled)))
            }
        };
        Ok(Opened {
            definitions,
            running,
        })
    }
}

/// The definitions of several places.
pub(super) fn open_all(places: &[Place]) -> Result<Vec<Definitions>, LiveError> {
    let opened = places.iter().map(|place| place.open(&[]));
    opened.map(|opened| Ok(opened?.definitions)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_called_vendored_has_another_name() {
        let place = |text: &str| text.parse::<Place>().unwrap();
        assert_eq!(place("vendored"), Place::Vendored);
        assert_eq!(place("./vendored"), Place::Path("./vendored".into()));
        assert_eq!(
            place("unix:/run/vpp/api.sock"),
            Place::Running("/run/vpp/api.sock".into())
        );
        assert_eq!(place("unix"), Place::Path("unix".into()));
    }
}
