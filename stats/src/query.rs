use std::time::{Duration, Instant};

use crate::entry::EntryType;
use crate::error::{Error, Result};
use crate::read::{Budget, Failure, copy_value};
use crate::segment::{NameBuffer, Section, Segment, View, for_each_entry};
use crate::selection::{Kind, Selection};
use crate::value::Value;

/// Entries that are read together, and their values.
///
/// [`Stats::read`](crate::Stats::read) fills it. Read again, a query keeps its buffers: nothing is
/// allocated while VPP's directory stays the same and no vector grows.
#[derive(Debug)]
pub struct Query {
    selection: Selection,
    items: Vec<Item>,
    resolved: Option<Resolved>,
    /// When the directory was last searched.
    searched: Option<Instant>,
    is_consistent: bool,
}

/// An entry of a [`Query`] with its value.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Item {
    /// The name of the entry.
    pub name: String,
    /// The type of the entry itself. The value of a symlink is that of its target.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub entry_type: EntryType,
    /// The value when it was last read.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub value: Value,
    /// The index in the directory. `None` if no such entry exists.
    #[cfg_attr(feature = "serde", serde(skip))]
    index: Option<u32>,
}

/// The directory that the indices of the items belong to.
#[derive(Debug, Clone, Copy)]
struct Resolved {
    run: u64,
    epoch: u64,
    len: usize,
}

/// The limits of one reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) timeout: Duration,
    pub(crate) memory: usize,
}

/// VPP adds symlinks without a new epoch, in a slot that was free or at the end of the directory.
/// A changed length shows the second. This is how often the first is looked for.
const RESCAN_INTERVAL: Duration = Duration::from_secs(5);

/// The attempts at reading everything between two updates of VPP.
const ATTEMPTS_AT_ALL: u32 = 8;
/// The attempts at reading a single entry between two updates.
const ATTEMPTS_AT_ONE: u32 = 1000;

impl Query {
    /// Prepares a query, without reading.
    #[must_use]
    pub fn new(selection: Selection) -> Self {
        let mut items = Vec::new();
        if let Kind::Names(positions) = &selection.0 {
            items.resize_with(positions.len(), || Item {
                name: String::new(),
                entry_type: EntryType::Empty,
                value: Value::Missing,
                index: None,
            });
            for (name, position) in positions {
                items[*position].name.clone_from(name);
            }
        }
        Self {
            selection,
            items,
            resolved: None,
            searched: None,
            is_consistent: false,
        }
    }

    /// The entries with their values when they were last read. A selection by names keeps the
    /// order of the names, and an entry that does not exist has the value
    /// [`Value::Missing`]. Other selections have the order of VPP's directory.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The value of the entry with this name. It looks through all entries: with a selection by
    /// names, [`items`](Self::items) has a known order.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let item = self.items.iter().find(|it| it.name == name)?;
        Some(&item.value)
    }

    /// Whether all values are of one state of VPP's directory. If VPP changed it during several
    /// attempts in a row, each entry was read on its own: its value is right, but an index can
    /// belong to one interface in one entry, and to the next in another.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        self.is_consistent
    }

    /// Reads the values.
    pub(crate) fn read(&mut self, segment: &Segment, run: u64, limits: Limits) -> Result<()> {
        for _ in 0..ATTEMPTS_AT_ALL {
            let section = segment.section(limits.timeout, |view, epoch| {
                let current = Resolved {
                    run,
                    epoch,
                    len: view.directory.len,
                };
                let copied = match self.is_current(current) {
                    true => self.copy_all(view, limits),
                    false => Copied::Stale,
                };
                Ok(match copied {
                    Copied::Stale => {
                        self.resolve(view, current);
                        self.copy_all(view, limits)
                    }
                    copied => copied,
                })
            })?;
            match section {
                Section::Disturbed => {}
                Section::Consistent(Err(fault)) => return Err(Error::damaged(fault)),
                Section::Consistent(Ok(Copied::TooLarge(entry))) => {
                    return Err(too_large(entry, limits));
                }
                // An entry changed its name without a new epoch.
                Section::Consistent(Ok(Copied::Stale)) => self.resolved = None,
                Section::Consistent(Ok(Copied::Complete)) => {
                    self.is_consistent = true;
                    return Ok(());
                }
            }
        }
        self.read_one_by_one(segment, run, limits)
    }

    /// Reads each entry between two updates of VPP.
    fn read_one_by_one(&mut self, segment: &Segment, run: u64, limits: Limits) -> Result<()> {
        self.is_consistent = false;
        if let Ok(view) = segment.unprotected() {
            let unknown_epoch = Resolved {
                run,
                epoch: u64::MAX,
                len: view.directory.len,
            };
            self.resolve(&view, unknown_epoch);
        }
        let mut budget = Budget::new(limits.memory);
        for item in &mut self.items {
            let mut attempts = 0..ATTEMPTS_AT_ONE;
            let copied = loop {
                let section =
                    segment.section(limits.timeout, |view, _| Ok(item.copy(view, &mut budget)))?;
                match section {
                    Section::Consistent(Ok(copied)) => break copied,
                    Section::Consistent(Err(fault)) => return Err(Error::damaged(fault)),
                    Section::Disturbed if attempts.next().is_some() => {}
                    Section::Disturbed => {
                        return Err(Error::Busy {
                            timeout: limits.timeout,
                        });
                    }
                }
            };
            match copied {
                Copied::Complete => {}
                Copied::Stale => item.value = Value::Missing,
                Copied::TooLarge(entry) => return Err(too_large(entry, limits)),
            }
        }
        Ok(())
    }

    /// Whether the indices of the items belong to the current directory.
    fn is_current(&self, current: Resolved) -> bool {
        let Some(known) = self.resolved else {
            return false;
        };
        if known.run != current.run {
            return false;
        }
        let is_by_name = matches!(self.selection.0, Kind::Names(_));
        if is_by_name && self.items.iter().all(|it| it.index.is_some()) {
            // Each name is checked when its value is read, and no other entry is of interest.
            return true;
        }
        known.epoch == current.epoch
            && known.len == current.len
            && self
                .searched
                .is_some_and(|it| it.elapsed() < RESCAN_INTERVAL)
    }

    /// Finds the selected entries in the directory.
    fn resolve(&mut self, view: &View<'_>, current: Resolved) {
        self.resolved = Some(current);
        self.searched = Some(Instant::now());
        match &self.selection.0 {
            Kind::Names(positions) => {
                for item in &mut self.items {
                    item.index = None;
                }
                for_each_entry(view, |index, entry| {
                    let mut buffer = NameBuffer::default();
                    if let Some(position) = positions.get(&*entry.name(&mut buffer)) {
                        let item = &mut self.items[*position];
                        item.index.get_or_insert(index);
                    }
                });
            }
            Kind::All | Kind::Patterns(_) => self.resolve_patterns(view),
        }
    }

    fn resolve_patterns(&mut self, view: &View<'_>) {
        let mut len = 0;
        for_each_entry(view, |index, entry| {
            let entry_type = view.entry_type(entry.head());
            if let EntryType::Empty | EntryType::Unknown(_) = entry_type {
                return;
            }
            let mut buffer = NameBuffer::default();
            let name = entry.name(&mut buffer);
            // Most entries are where they were, so that their names need no new memory.
            let is_known = self
                .items
                .get(len)
                .is_some_and(|item| item.index == Some(index) && item.name == name);
            if !is_known {
                if !self.selection.matches(&name) {
                    return;
                }
                let item = Item {
                    name: name.into_owned(),
                    entry_type,
                    value: Value::Missing,
                    index: Some(index),
                };
                match self.items.get_mut(len) {
                    Some(place) => *place = item,
                    None => self.items.push(item),
                }
            }
            len += 1;
        });
        self.items.truncate(len);
    }

    fn copy_all(&mut self, view: &View<'_>, limits: Limits) -> Copied {
        let mut budget = Budget::new(limits.memory);
        for item in &mut self.items {
            match item.copy(view, &mut budget) {
                Copied::Complete => {}
                incomplete => return incomplete,
            }
        }
        Copied::Complete
    }
}

/// The result of copying values.
enum Copied {
    Complete,
    /// An entry has another name than the one that is expected.
    Stale,
    /// The entry with this name exceeded the limit of memory.
    TooLarge(String),
}

fn too_large(entry: String, limits: Limits) -> Error {
    Error::TooLarge {
        limit: limits.memory,
        entry,
    }
}

impl Item {
    fn copy(&mut self, view: &View<'_>, budget: &mut Budget) -> Copied {
        let Some(index) = self.index else {
            self.value = Value::Missing;
            return Copied::Complete;
        };
        let Ok(entry) = view.head(index) else {
            return Copied::Stale;
        };
        self.entry_type = view.entry_type(entry);
        if self.entry_type == EntryType::Empty || !view.has_name(index, &self.name) {
            return Copied::Stale;
        }
        match copy_value(view, entry, &mut self.value, budget) {
            Ok(()) => {}
            Err(Failure::TooLarge) => return Copied::TooLarge(self.name.clone()),
            Err(Failure::Fault(fault)) => self.value = Value::Invalid(fault),
        }
        // VPP clears a removed entry, and fills a symlink's, without an update of the epoch. The
        // union of a scalar is its value, which changes.
        match view.head(index) {
            Ok(now) if now.type_number() == entry.type_number() => {}
            _ => return Copied::Stale,
        }
        match view.has_name(index, &self.name) {
            true => Copied::Complete,
            false => Copied::Stale,
        }
    }
}
