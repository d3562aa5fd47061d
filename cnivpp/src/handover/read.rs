use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::convert::attachment;
use super::name::{ADD_DATA, CONFIG_DATA, LOCAL, REMOTE, SHARED_DIR, SUFFIX, key_of};
use super::{AddData, Attachment, ConfigData, Remote};
use crate::files::{self, Contents, Dir};
use crate::localdb::VppSavedData;

/// The largest file that is read, in bytes.
const LIMIT: usize = 256 << 10;

/// The maximum number of entries in a folder.
const MAX_ENTRIES: usize = 4096;

/// The attachments that [`read`] found, and the files that it could not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOutcome {
    /// The attachments, one per interface name, sorted by it.
    pub attachments: Vec<FoundAttachment>,
    /// The files that could not be read.
    pub problems: Vec<Problem>,
}

/// An attachment and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAttachment {
    /// The attachment.
    pub attachment: Attachment,
    /// The kind of files.
    pub source: Source,
    /// The folder's index in the list passed to [`read`].
    pub folder: usize,
    /// The names of the files.
    pub files: Vec<String>,
}

/// The source of an attachment. If several have an interface, the first in this order is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// `remote-…` and `addData-…`.
    Pair,
    /// `configData-…`.
    ConfigData,
    /// `local-…`, written by [`keep`](super::keep).
    Own,
    /// The pod's annotations; see [`read_annotations`](super::read_annotations).
    Annotation,
}

/// A file or folder that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot use {}: {why}", path.display())]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// The reason.
    pub why: String,
}

/// Reads the attachments of a container from several folders.
///
/// If several sources have an interface, the first in this order is used: pair, `configData`, own
/// record. Among sources of one kind the file that was changed last is used. Symbolic links are
/// not followed. Files have at most 256 KiB, folders at most 4096 entries.
#[must_use]
pub fn read(folders: &[&Dir]) -> ReadOutcome {
    let mut reader = Reader::default();
    for (n, dir) in folders.iter().enumerate() {
        reader.read_folder(n, dir);
    }
    reader.choose()
}

/// An attachment and the modification time of its file.
type Candidate = (FoundAttachment, (i64, i64));

#[derive(Default)]
struct Reader {
    candidates: Vec<Candidate>,
    problems: Vec<Problem>,
}

impl Reader {
    fn read_folder(&mut self, folder: usize, dir: &Dir) {
        let names = match dir.list(MAX_ENTRIES) {
            Ok(names) => names,
            Err(error) => return self.report(dir.path().to_owned(), why(&error)),
        };
        for name in &names {
            let (source, read) = if let Some(key) = key_of(name, REMOTE) {
                (Source::Pair, pair(dir, name, key))
            } else if key_of(name, CONFIG_DATA).is_some() {
                (Source::ConfigData, single(dir, name))
            } else if key_of(name, LOCAL).is_some() {
                (Source::Own, own(dir, name))
            } else {
                continue;
            };
            match read {
                Ok(None) => {}
                Ok(Some((attachment, files, modified))) => {
                    let found = FoundAttachment {
                        attachment,
                        source,
                        folder,
                        files,
                    };
                    self.candidates.push((found, modified));
                }
                Err(Failed { name, why }) => self.report(dir.path_of(&name), why),
            }
        }
    }

    fn report(&mut self, path: PathBuf, why: String) {
        self.problems.push(Problem { path, why });
    }

    /// Chooses one candidate per interface.
    fn choose(self) -> ReadOutcome {
        let mut chosen: BTreeMap<String, Candidate> = BTreeMap::new();
        for (found, modified) in self.candidates {
            let if_name = found.attachment.if_name.clone();
            let is_preferred = chosen.get(&if_name).is_none_or(|(other, other_modified)| {
                let other = (other.source, std::cmp::Reverse(*other_modified));
                (found.source, std::cmp::Reverse(modified)) < other
            });
            if is_preferred {
                chosen.insert(if_name, (found, modified));
            }
        }
        ReadOutcome {
            attachments: chosen.into_values().map(|it| it.0).collect(),
            problems: self.problems,
        }
    }
}

struct Failed {
    name: String,
    why: String,
}

type Read = Result<Option<(Attachment, Vec<String>, (i64, i64))>, Failed>;

/// Reads a pair by the name of its `remote-…` file.
fn pair(dir: &Dir, name: &str, key: &str) -> Read {
    let Some((remote, _)) = parse::<Remote>(dir, name)? else {
        return Ok(None);
    };
    let other = format!("{ADD_DATA}{key}{SUFFIX}");
    let Some((add_data, contents)) = parse::<AddData>(dir, &other)? else {
        let why = format!("{other} is missing");
        let name = name.to_owned();
        return Err(Failed { name, why });
    };
    let data = ConfigData {
        container_id: add_data.container_id,
        if_name: add_data.if_name,
        name: remote.name,
        config: remote.host,
        ip_result: add_data.ip_result,
        vpp: add_data.vpp,
    };
    let read = attachment(&data, Path::new(SHARED_DIR)).map_err(failed(name))?;
    let files = vec![name.to_owned(), other];
    Ok(Some((read, files, contents.metadata.modified)))
}

/// Reads this program's own record. The Go plugin's program stores numbers of VPP under the same
/// name. They are ignored, because they are not valid after a restart.
fn own(dir: &Dir, name: &str) -> Read {
    match parse::<VppSavedData>(dir, name) {
        Ok(_) => Ok(None),
        Err(_) => single(dir, name),
    }
}

/// Reads one file that describes a whole attachment.
fn single(dir: &Dir, name: &str) -> Read {
    let Some((data, contents)) = parse::<ConfigData>(dir, name)? else {
        return Ok(None);
    };
    let read = attachment(&data, dir.path()).map_err(failed(name))?;
    Ok(Some((
        read,
        vec![name.to_owned()],
        contents.metadata.modified,
    )))
}

/// Parses a file; `None` if it was removed after the folder was listed.
fn parse<T: DeserializeOwned>(dir: &Dir, name: &str) -> Result<Option<(T, Contents)>, Failed> {
    let contents = match dir.read(name, LIMIT) {
        Ok(contents) => contents,
        Err(error) if error.is_missing() => return Ok(None),
        Err(error) => return Err(failed(name)(why(&error))),
    };
    let parsed = serde_json::from_slice(&contents.bytes);
    let value = parsed.map_err(|error| failed(name)(format!("it is not valid: {error}")))?;
    Ok(Some((value, contents)))
}

fn failed(name: &str) -> impl Fn(String) -> Failed {
    move |why| Failed {
        name: name.to_owned(),
        why,
    }
}

fn why(error: &files::Error) -> String {
    error.reason().to_string()
}
