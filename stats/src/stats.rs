use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::entry::{Entry, EntryType};
use crate::error::{Error, Result};
use crate::query::{Limits, Query};
use crate::segment::{Memory, NameBuffer, Section, Segment, View, for_each_entry};
use crate::selection::Selection;
use crate::server::Server;

/// The socket of VPP's stats segment by default (`STAT_SEGMENT_SOCKET_FILE`).
pub const DEFAULT_SOCKET: &str = "/run/vpp/stats.sock";

/// A reader of VPP's stats segment.
///
/// Reading copies from shared memory and never waits for VPP, except for the end of an update.
/// If VPP restarts, the next reading connects again, within 100 ms of a crash. A reading while
/// VPP is down is an error, and later ones connect as soon as VPP runs.
#[derive(Debug)]
pub struct Stats {
    source: Source,
    run: u64,
    limits: Limits,
}

#[derive(Debug)]
enum Source {
    Socket {
        path: PathBuf,
        connected: Option<Connected>,
    },
    Saved(Segment),
}

/// The VPP that is connected.
#[derive(Debug)]
struct Connected {
    server: Server,
    segment: Segment,
}

/// The options of [`Stats`].
#[derive(Debug, Clone)]
pub struct Builder {
    limits: Limits,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            limits: Limits {
                timeout: Duration::from_secs(1),
                memory: 256 << 20,
            },
        }
    }
}

impl Builder {
    /// The longest time to connect, and to wait for the end of one update of VPP. The default is
    /// 1 second.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        // A time limit of zero would be none for the socket.
        self.limits.timeout = timeout.max(Duration::from_millis(1));
        self
    }

    /// The most memory that the values of one query may use, in bytes. The default is 256 MiB.
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.limits.memory = bytes;
        self
    }

    /// Connects to a socket of VPP.
    ///
    /// # Errors
    ///
    /// If VPP does not run, is too slow, or sends something else than a stats segment.
    pub fn connect(self, socket: impl AsRef<Path>) -> Result<Stats> {
        let mut stats = Stats {
            source: Source::Socket {
                path: socket.as_ref().to_owned(),
                connected: None,
            },
            run: 0,
            limits: self.limits,
        };
        stats.ensure_connected()?;
        Ok(stats)
    }

    /// Reads a copy of a segment, such as one from a core dump.
    ///
    /// # Errors
    ///
    /// If the bytes do not begin with the header of a stats segment.
    pub fn from_bytes(self, bytes: impl Into<Box<[u8]>>) -> Result<Stats> {
        self.saved(Memory::Copied(bytes.into()))
    }

    /// Reads a segment through an open file.
    ///
    /// # Errors
    ///
    /// If the file cannot be mapped or read, or is not a stats segment.
    pub fn from_file(self, file: File) -> Result<Stats> {
        self.saved(Memory::open(file)?)
    }

    fn saved(self, memory: Memory) -> Result<Stats> {
        Ok(Stats {
            source: Source::Saved(Segment::new(memory)?),
            run: 1,
            limits: self.limits,
        })
    }
}

impl Stats {
    /// Connects to a socket of VPP, such as [`DEFAULT_SOCKET`].
    ///
    /// # Errors
    ///
    /// If VPP does not run, is too slow, or sends something else than a stats segment.
    pub fn connect(socket: impl AsRef<Path>) -> Result<Self> {
        Self::builder().connect(socket)
    }

    /// Returns the options.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The number of segments that were read so far: it grows by one when a restarted VPP is
    /// connected. Counters start from zero then.
    #[must_use]
    pub fn run(&self) -> u64 {
        self.run
    }

    /// The size of the segment in bytes. It is 0 while VPP is not connected.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.source {
            Source::Saved(segment) => segment.size(),
            Source::Socket { connected, .. } => {
                connected.as_ref().map_or(0, |it| it.segment.size())
            }
        }
    }

    /// Lists the selected entries in the order of VPP's directory. Free slots are left out.
    ///
    /// # Errors
    ///
    /// If VPP is not connected and cannot be, or if the segment is damaged.
    pub fn list(&mut self, selection: &Selection) -> Result<Vec<Entry>> {
        /// After so many attempts the list is of several states of the directory.
        const ATTEMPTS: u32 = 8;
        let timeout = self.limits.timeout;
        self.with_segment(|segment, _| {
            for _ in 0..ATTEMPTS {
                let section = segment.section(timeout, |view, _| Ok(list(view, selection)))?;
                if let Section::Consistent(Ok(entries)) = section {
                    return Ok(entries);
                }
            }
            let view = segment.unprotected().map_err(Error::damaged)?;
            Ok(list(&view, selection))
        })
    }

    /// Reads the values of a query.
    ///
    /// # Errors
    ///
    /// If VPP is not connected and cannot be, if it keeps the segment in an update for longer than
    /// the time limit, if the values exceed the limit of memory, or if the segment is damaged. The
    /// values of the query are undefined then.
    pub fn read(&mut self, query: &mut Query) -> Result<()> {
        let limits = self.limits;
        self.with_segment(|segment, run| query.read(segment, run, limits))
    }

    /// Reads a query whose values have to belong together.
    pub(crate) fn read_consistent(&mut self, query: &mut Query) -> Result<()> {
        let start = Instant::now();
        loop {
            self.read(query)?;
            if query.is_consistent() {
                return Ok(());
            }
            if start.elapsed() > self.limits.timeout {
                return Err(Error::Busy {
                    timeout: self.limits.timeout,
                });
            }
        }
    }

    /// Reads the entries of a selection once.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn query(&mut self, selection: Selection) -> Result<Query> {
        let mut query = Query::new(selection);
        self.read(&mut query)?;
        Ok(query)
    }

    /// Reads from the segment of the VPP that runs now.
    fn with_segment<T>(&mut self, mut read: impl FnMut(&Segment, u64) -> Result<T>) -> Result<T> {
        if let Source::Socket { connected, .. } = &mut self.source {
            connected.take_if(|it| it.server.is_gone());
        }
        let (segment, run) = self.ensure_connected()?;
        let result = read(segment, run);
        // A VPP that was killed in an update leaves its segment so.
        if let (Err(_), Source::Socket { connected, .. }) = (&result, &mut self.source)
            && connected.take_if(|it| it.server.is_gone_now()).is_some()
        {
            let (segment, run) = self.ensure_connected()?;
            return read(segment, run);
        }
        result
    }

    /// The segment and the number of its run.
    fn ensure_connected(&mut self) -> Result<(&Segment, u64)> {
        let segment = match &mut self.source {
            Source::Saved(segment) => segment,
            Source::Socket {
                connected: Some(connected),
                ..
            } => &connected.segment,
            Source::Socket { path, connected } => {
                let (server, file) = Server::connect(path, self.limits.timeout)?;
                let segment = Segment::new(Memory::open(file)?)?;
                self.run += 1;
                &connected.insert(Connected { server, segment }).segment
            }
        };
        Ok((segment, self.run))
    }
}

fn list(view: &View<'_>, selection: &Selection) -> Vec<Entry> {
    let mut entries = Vec::new();
    for_each_entry(view, |index, entry| {
        let entry_type = view.entry_type(entry.head());
        let mut buffer = NameBuffer::default();
        let name = entry.name(&mut buffer);
        if entry_type != EntryType::Empty && selection.matches(&name) {
            entries.push(Entry {
                index,
                name: name.into_owned(),
                entry_type,
            });
        }
    });
    entries
}
