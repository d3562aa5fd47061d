//! Where the parts of a segment are: `vlib/stats/shared.h` of VPP.

use std::borrow::Cow;

use super::memory::Memory;
use crate::entry::EntryType;
use crate::error::{Error, Fault, Result};

/// Offsets in the header (`vlib_stats_shared_header_t`).
const VERSION: u64 = 0;
const BASE: u64 = 8;
pub(super) const EPOCH: u64 = 16;
pub(super) const IN_PROGRESS: u64 = 24;
const DIRECTORY: u64 = 32;
/// Only before VPP 22.06. Later the bytes are zero.
const ERRORS: u64 = 40;
const HEADER_SIZE: usize = 48;

/// The size of an entry of the directory (`vlib_stats_entry_t`).
const ENTRY_SIZE: usize = 144;
/// The offset of the name in an entry.
const NAME: usize = 16;
/// The longest name, with its NUL.
const NAME_SIZE: usize = ENTRY_SIZE - NAME;

/// The header and the directory of a segment, as they are at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) memory: &'a Memory,
    /// VPP's own address of the segment.
    base: u64,
    pub(crate) directory: Vector,
    /// The errors of VPP before 22.06: a pointer to one vector per thread.
    errors: u64,
}

/// A vector of VPP: the offset of its first element, and the number of elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Vector {
    pub(crate) offset: u64,
    pub(crate) len: usize,
}

impl Vector {
    const EMPTY: Self = Self { offset: 0, len: 0 };
}

/// Checks the header of a new segment.
pub(super) fn check(memory: &Memory) -> Result<()> {
    if memory.len() < HEADER_SIZE {
        return Err(Error::NotASegment {
            reason: format!("it has only {} bytes", memory.len()),
        });
    }
    let header = |offset| {
        memory.u64(offset).map_err(|fault| Error::NotASegment {
            reason: fault.to_string(),
        })
    };
    match header(VERSION)? {
        2 => {}
        0 => {
            return Err(Error::NotASegment {
                reason: "its version is 0".into(),
            });
        }
        found => return Err(Error::Version { found }),
    }
    if header(BASE)? == 0 {
        return Err(Error::NotASegment {
            reason: "its base address is 0".into(),
        });
    }
    Ok(())
}

impl<'a> View<'a> {
    pub(super) fn new(memory: &'a Memory) -> Result<Self, Fault> {
        let mut view = Self {
            memory,
            base: memory.u64(BASE)?,
            directory: Vector::EMPTY,
            errors: memory.u64(ERRORS)?,
        };
        view.directory = view.vector(memory.u64(DIRECTORY)?, ENTRY_SIZE)?;
        Ok(view)
    }

    /// Whether VPP is older than 22.06: errors are entries of their own type, and scalars are
    /// floating-point numbers. The version in the header is the same.
    pub(crate) fn is_before_22_06(&self) -> bool {
        self.errors != 0
    }

    /// The pointer to the error counters of VPP before 22.06.
    pub(crate) fn errors(&self) -> u64 {
        self.errors
    }

    /// Turns a pointer of VPP into an offset. NULL is `None`.
    pub(crate) fn resolve(&self, pointer: u64, length: usize) -> Result<Option<u64>, Fault> {
        if pointer == 0 {
            return Ok(None);
        }
        let offset = pointer.wrapping_sub(self.base);
        let is_inside = offset != 0
            && offset
                .checked_add(length as u64)
                .is_some_and(|end| end <= self.memory.len() as u64);
        match is_inside {
            true => Ok(Some(offset)),
            false => Err(self.memory.fault(offset, length)),
        }
    }

    /// Finds the vector at a pointer. NULL is an empty vector.
    pub(crate) fn vector(&self, pointer: u64, item_size: usize) -> Result<Vector, Fault> {
        let Some(offset) = self.resolve(pointer, 0)? else {
            return Ok(Vector::EMPTY);
        };
        // The length is 8 bytes before the first element (`vec_header_t`). The 4 bytes after it
        // are not a part of it.
        let header = offset
            .checked_sub(8)
            .ok_or_else(|| self.memory.fault(offset, 0))?;
        let len = usize::try_from(self.memory.u32(header)?).unwrap_or(usize::MAX);
        self.resolve(pointer, len.saturating_mul(item_size))?;
        Ok(Vector { offset, len })
    }

    /// The entry at an index of the directory. An index outside of it is a fault.
    pub(crate) fn entry(&self, index: u32) -> Result<RawEntry, Fault> {
        let mut words = [0; ENTRY_SIZE / 8];
        let offset = self.entry_offset(index)?;
        self.memory.copy_words(offset, &mut words)?;
        Ok(RawEntry(words))
    }

    /// The entry at an index, without its name.
    #[inline]
    pub(crate) fn head(&self, index: u32) -> Result<Head, Fault> {
        let mut words = [0; 2];
        let offset = self.entry_offset(index)?;
        self.memory.copy_words(offset, &mut words)?;
        Ok(Head(words))
    }

    /// Whether the entry at an index has this name. Only the words of the name are loaded.
    #[inline]
    pub(crate) fn has_name(&self, index: u32, name: &str) -> bool {
        let bytes = name.as_bytes();
        let mut found = [0; NAME_SIZE / 8];
        let Some(found) = found.get_mut(..(bytes.len() / 8 + 1).min(NAME_SIZE / 8)) else {
            return false;
        };
        let copied = self.entry_offset(index).and_then(|offset| {
            let offset = offset + NAME as u64;
            self.memory.copy_words(offset, found)
        });
        let (words, rest) = bytes.as_chunks::<8>();
        let is_equal = copied.is_ok()
            && words.len() <= found.len()
            && words
                .iter()
                .zip(&*found)
                .all(|(a, b)| *a == b.to_ne_bytes())
            && found.get(words.len()).is_none_or(|last| {
                let last = last.to_ne_bytes();
                last.starts_with(rest) && last.get(rest.len()) == Some(&0)
            });
        // A name with replaced bytes is compared as it is shown.
        is_equal
            || (name.contains(char::REPLACEMENT_CHARACTER)
                && self
                    .entry(index)
                    .is_ok_and(|entry| entry.name(&mut NameBuffer::default()) == name))
    }

    #[inline]
    fn entry_offset(&self, index: u32) -> Result<u64, Fault> {
        let position = (index as usize).saturating_mul(ENTRY_SIZE);
        let offset = self.directory.offset.saturating_add(position as u64);
        match (index as usize) < self.directory.len {
            true => Ok(offset),
            false => Err(self.memory.fault(offset, ENTRY_SIZE)),
        }
    }

    pub(crate) fn entry_type(&self, head: Head) -> EntryType {
        EntryType::from_number(head.type_number(), self.is_before_22_06())
    }
}

/// The type and the union of an entry: a value, a pointer, or two indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head([u64; 2]);

impl Head {
    pub(crate) fn type_number(self) -> u32 {
        low(self.0[0])
    }

    pub(crate) fn value(self) -> u64 {
        self.0[1]
    }

    /// The index of the target of a symlink, and the column there.
    pub(crate) fn indices(self) -> (u32, u32) {
        (low(self.0[1]), high(self.0[1]))
    }
}

/// A copy of an entry of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawEntry([u64; ENTRY_SIZE / 8]);

impl RawEntry {
    pub(crate) fn head(&self) -> Head {
        Head([self.0[0], self.0[1]])
    }

    /// The name up to the first NUL. What follows can be garbage. Bytes that are not UTF-8 are
    /// replaced.
    pub(crate) fn name<'b>(&self, buffer: &'b mut NameBuffer) -> Cow<'b, str> {
        let words = &self.0[NAME / 8..];
        for (bytes, word) in buffer.0.as_chunks_mut().0.iter_mut().zip(words) {
            *bytes = word.to_ne_bytes();
        }
        let end = buffer.0.iter().position(|it| *it == 0);
        String::from_utf8_lossy(&buffer.0[..end.unwrap_or(NAME_SIZE)])
    }
}

/// Where the bytes of a name are copied to.
#[derive(Debug)]
pub(crate) struct NameBuffer([u8; NAME_SIZE]);

impl Default for NameBuffer {
    fn default() -> Self {
        Self([0; NAME_SIZE])
    }
}

/// Calls `each` with every entry of the directory that can be read.
pub(crate) fn for_each_entry(view: &View<'_>, mut each: impl FnMut(u32, &RawEntry)) {
    let len = u32::try_from(view.directory.len).unwrap_or(u32::MAX);
    for index in 0..len {
        if let Ok(entry) = view.entry(index) {
            each(index, &entry);
        }
    }
}

/// The first 4 bytes of a word in memory.
fn low(word: u64) -> u32 {
    let [a, b, c, d, ..] = word.to_ne_bytes();
    u32::from_ne_bytes([a, b, c, d])
}

/// The last 4 bytes of a word in memory.
fn high(word: u64) -> u32 {
    let [.., a, b, c, d] = word.to_ne_bytes();
    u32::from_ne_bytes([a, b, c, d])
}
