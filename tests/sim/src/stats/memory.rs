//! The memory that clients map: a memfd, and the simulator's own copy of its content.

use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::io::{Errno, pwrite};

/// `version`, `base`, `epoch`, `in_progress` and `directory_vector` (`vlib/stats/shared.h`).
const VERSION: usize = 0;
const BASE: usize = 8;
const EPOCH: usize = 16;
const IN_PROGRESS: usize = 24;
const DIRECTORY: usize = 32;

/// `STAT_SEGMENT_VERSION` of all releases since v20.09.
const LAYOUT: u64 = 2;

/// The address at which this VPP maps the segment. Every stored pointer is relative to it.
const ADDRESS: u64 = 0x7f5e_4000_0000;

/// The first byte after the header: VPP's heap begins one page after it.
pub(super) const HEAP_START: usize = 4096;

/// Changed ranges that are at most this many bytes apart are written by one system call.
const GAP: usize = 256;

/// The segment's memory.
///
/// Changes are collected, and [`commit`](Self::commit) writes them with `pwrite`, which every
/// mapping of the memfd sees. It writes them between the two stores of `in_progress`. The kernel
/// does not promise readers the order of separate system calls. On x86-64 and aarch64 they are
/// ordered in practice: entering the kernel and copying from user memory take locks and barriers.
///
/// Clients can write to their mapping. Therefore the simulator never reads the memfd.
#[derive(Debug)]
pub(super) struct Memory {
    memfd: Arc<OwnedFd>,
    size: usize,
    /// The content up to the highest byte that was ever written.
    copy: Vec<u8>,
    changed: Vec<Range<usize>>,
    epoch: u64,
    stuck: bool,
}

impl Memory {
    /// Creates the memfd and the header. Clients cannot change its size.
    ///
    /// # Errors
    /// If the kernel refuses the memfd, its size or its seals.
    pub(super) fn new(size: usize) -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let memfd = memfd_create("stat segment", flags)?;
        ftruncate(&memfd, size as u64)?;
        // The last seal keeps a client from sealing the memfd against writes.
        let seals = SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL;
        fcntl_add_seals(&memfd, seals)?;
        let mut memory = Self {
            memfd: Arc::new(memfd),
            size,
            copy: Vec::new(),
            changed: Vec::new(),
            epoch: 1,
            stuck: false,
        };
        memory.write_u64(VERSION, LAYOUT);
        memory.write_u64(BASE, ADDRESS);
        memory.write_u64(EPOCH, memory.epoch);
        Ok(memory)
    }

    /// The descriptor that clients get.
    pub(super) fn memfd(&self) -> Arc<OwnedFd> {
        self.memfd.clone()
    }

    /// The size in bytes.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The pointer to an offset, as VPP stores it.
    pub(super) fn pointer_to(offset: usize) -> u64 {
        ADDRESS + offset as u64
    }

    /// Stores the pointer to the directory.
    pub(super) fn set_directory(&mut self, offset: usize) {
        self.write_u64(DIRECTORY, Self::pointer_to(offset));
    }

    /// The bytes in a range that was written before. Bytes that were not are missing.
    pub(super) fn bytes(&self, range: Range<usize>) -> &[u8] {
        let end = range.end.min(self.copy.len());
        self.copy.get(range.start.min(end)..end).unwrap_or_default()
    }

    /// The number at an offset, 0 if none was written.
    pub(super) fn u64(&self, offset: usize) -> u64 {
        let bytes = self.bytes(offset..offset + 8).first_chunk();
        bytes.map_or(0, |bytes| u64::from_ne_bytes(*bytes))
    }

    /// Changes bytes with the next [`commit`](Self::commit).
    pub(super) fn write(&mut self, offset: usize, bytes: &[u8]) {
        self.store(offset, bytes);
        let end = offset + bytes.len();
        match self.changed.last_mut() {
            Some(last) if last.end == offset => last.end = end,
            _ => self.changed.push(offset..end),
        }
    }

    /// Changes a number with the next [`commit`](Self::commit).
    pub(super) fn write_u64(&mut self, offset: usize, value: u64) {
        self.write(offset, &value.to_ne_bytes());
    }

    /// Changes a number at once and without a new epoch, as VPP changes values.
    ///
    /// # Errors
    /// If the kernel cannot provide memory.
    pub(super) fn write_value(&mut self, offset: usize, value: u64) -> io::Result<()> {
        self.store(offset, &value.to_ne_bytes());
        self.put_u64(offset, value)
    }

    /// Writes all changes as one update and increments the epoch.
    ///
    /// # Errors
    /// If the kernel cannot provide memory.
    pub(super) fn commit(&mut self) -> io::Result<()> {
        self.put_u64(IN_PROGRESS, 1)?;
        for range in merge(std::mem::take(&mut self.changed)) {
            put(&self.memfd, range.start, self.bytes(range.clone()))?;
        }
        self.epoch += 1;
        self.put_u64(EPOCH, self.epoch)?;
        self.put_u64(IN_PROGRESS, self.stuck.into())
    }

    /// Makes VPP appear to be within an update, or ends that.
    ///
    /// # Errors
    /// If the kernel cannot provide memory.
    pub(super) fn set_stuck(&mut self, stuck: bool) -> io::Result<()> {
        if self.stuck == stuck {
            return Ok(());
        }
        self.stuck = stuck;
        if stuck {
            self.put_u64(IN_PROGRESS, 1)
        } else {
            self.commit()
        }
    }

    /// The number of bytes that the next commit writes.
    #[cfg(test)]
    pub(super) fn pending(&self) -> usize {
        self.changed.iter().map(ExactSizeIterator::len).sum()
    }

    fn store(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        debug_assert!(end <= self.size, "the heap hands out no such block");
        if self.copy.len() < end {
            self.copy.resize(end, 0);
        }
        self.copy[offset..end].copy_from_slice(bytes);
    }

    fn put_u64(&self, offset: usize, value: u64) -> io::Result<()> {
        put(&self.memfd, offset, &value.to_ne_bytes())
    }
}

/// Writes all bytes to the memfd.
fn put(memfd: impl AsFd, mut offset: usize, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match pwrite(&memfd, bytes, offset as u64) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                offset += count;
                bytes = &bytes[count..];
            }
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Sorts ranges and joins those that overlap or are close to each other.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, last| {
        let joins = next.start <= last.end + GAP;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    ranges
}

#[cfg(test)]
mod tests {
    use rustix::fs::fcntl_get_seals;
    use rustix::io::pread;

    use super::*;

    fn number(memory: &Memory, offset: usize) -> u64 {
        let mut bytes = [0; 8];
        pread(&memory.memfd, &mut bytes, offset as u64).unwrap();
        u64::from_ne_bytes(bytes)
    }

    #[test]
    fn changes_appear_with_the_commit_and_a_new_epoch() {
        let mut memory = Memory::new(8192).unwrap();
        memory.commit().unwrap();
        assert_eq!(number(&memory, VERSION), 2);
        assert_eq!(number(&memory, EPOCH), 2);
        memory.write_u64(HEAP_START, 7);
        memory.write_u64(HEAP_START + 2048, 8);
        assert_eq!(number(&memory, HEAP_START), 0);
        memory.commit().unwrap();
        assert_eq!(number(&memory, HEAP_START), 7);
        assert_eq!(number(&memory, HEAP_START + 2048), 8);
        assert_eq!(
            (number(&memory, EPOCH), number(&memory, IN_PROGRESS)),
            (3, 0)
        );
    }

    #[test]
    fn values_appear_at_once_without_a_new_epoch() {
        let mut memory = Memory::new(8192).unwrap();
        memory.commit().unwrap();
        memory.write_value(HEAP_START, 9).unwrap();
        assert_eq!(number(&memory, HEAP_START), 9);
        assert_eq!(number(&memory, EPOCH), 2);
        assert_eq!(memory.u64(HEAP_START), 9);
    }

    #[test]
    fn a_stuck_update_stays_in_progress() {
        let mut memory = Memory::new(8192).unwrap();
        memory.set_stuck(true).unwrap();
        memory.commit().unwrap();
        assert_eq!(number(&memory, IN_PROGRESS), 1);
        memory.set_stuck(false).unwrap();
        assert_eq!(number(&memory, IN_PROGRESS), 0);
    }

    #[test]
    fn the_size_is_sealed_and_writes_are_not() {
        let memory = Memory::new(8192).unwrap();
        assert!(ftruncate(&memory.memfd, 4096).is_err());
        assert!(ftruncate(&memory.memfd, 16384).is_err());
        assert!(fcntl_add_seals(&memory.memfd, SealFlags::WRITE).is_err());
        let seals = fcntl_get_seals(&memory.memfd).unwrap();
        assert!(!seals.contains(SealFlags::WRITE));
    }

    #[test]
    fn close_ranges_are_joined_and_distant_ones_are_not() {
        let merged = merge(vec![900..910, 0..8, 4..20, 100..108]);
        assert_eq!(merged, [0..108, 900..910]);
    }
}
