//! The bytes of a segment. Every access is checked against its size and copies.
//!
//! VPP writes to the memory at any time, so a reference into it would be undefined behaviour.
//! This file holds the only unsafe code of the crate: atomic loads from the mapping.
#![expect(unsafe_code, reason = "loads from memory that another process writes")]

use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::SealFlags;

use crate::error::{Error, Fault, Result};

/// The bytes of a segment.
#[derive(Debug)]
pub(crate) enum Memory {
    /// Memory that VPP shares.
    Mapped(MmapRaw),
    /// A file that could shrink, where a mapping could end this process by SIGBUS.
    File { file: File, size: usize },
    /// A saved segment.
    Copied(Box<[u8]>),
}

impl Memory {
    /// Opens the descriptor that VPP sent. The size of a segment never changes while VPP runs.
    pub(crate) fn open(file: File) -> Result<Self> {
        let metadata = file.metadata().map_err(|source| Error::Io {
            operation: "inspect",
            source,
        })?;
        let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        if size == 0 {
            return Err(Error::NotASegment {
                reason: "it is empty".into(),
            });
        }
        if !cannot_shrink(&file) {
            return Ok(Self::File { file, size });
        }
        match MmapOptions::new().len(size).map_raw_read_only(&file) {
            Ok(mapping) => Ok(Self::Mapped(mapping)),
            Err(source) => Err(Error::Io {
                operation: "map",
                source,
            }),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Mapped(mapping) => mapping.len(),
            Self::File { size, .. } => *size,
            Self::Copied(bytes) => bytes.len(),
        }
    }

    pub(crate) fn u32(&self, offset: u64) -> Result<u32, Fault> {
        if let Self::Mapped(mapping) = self
            && offset.is_multiple_of(4)
        {
            let start = self.checked(offset, 4).ok_or(self.fault(offset, 4))?;
            // SAFETY: as in `copy_words`, with 4 bytes.
            let source = unsafe { AtomicU32::from_ptr(mapping.as_mut_ptr().add(start).cast()) };
            return Ok(source.load(Ordering::Relaxed));
        }
        let mut bytes = [0; 4];
        self.copy_bytes(offset, &mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    pub(crate) fn u64(&self, offset: u64) -> Result<u64, Fault> {
        let mut word = [0];
        self.copy_words(offset, &mut word)?;
        Ok(word[0])
    }

    /// Loads a word. Loads that follow are not moved before it.
    pub(crate) fn u64_acquire(&self, offset: u64) -> Result<u64, Fault> {
        let word = self.u64(offset)?;
        std::sync::atomic::fence(Ordering::Acquire);
        Ok(word)
    }

    /// Copies `out.len()` bytes.
    pub(crate) fn copy_bytes(&self, offset: u64, out: &mut [u8]) -> Result<(), Fault> {
        let fault = self.fault(offset, out.len());
        let start = self.checked(offset, out.len()).ok_or(fault)?;
        match self {
            Self::Mapped(mapping) => {
                // SAFETY: `checked` proved that all the bytes are inside the mapping.
                unsafe { load_bytes(mapping.as_ptr().add(start), out) };
                Ok(())
            }
            Self::File { file, .. } => file.read_exact_at(out, offset).map_err(|_| fault),
            Self::Copied(bytes) => {
                out.copy_from_slice(&bytes[start..start + out.len()]);
                Ok(())
            }
        }
    }

    /// Copies `out.len()` words of 8 bytes.
    #[inline]
    pub(crate) fn copy_words(&self, offset: u64, out: &mut [u64]) -> Result<(), Fault> {
        let length = out.len().saturating_mul(8);
        let fault = self.fault(offset, length);
        let start = self.checked(offset, length).ok_or(fault)?;
        if let Self::Mapped(mapping) = self
            && start.is_multiple_of(8)
        {
            for (index, word) in out.iter_mut().enumerate() {
                // SAFETY: `checked` proved that all the words are inside the mapping, which is
                // aligned to a page. Relaxed loads of 8 bytes from read-only memory are allowed
                // (std::sync::atomic, "Atomic accesses to read-only memory").
                let source = unsafe {
                    AtomicU64::from_ptr(mapping.as_mut_ptr().add(start + 8 * index).cast())
                };
                *word = source.load(Ordering::Relaxed);
            }
            return Ok(());
        }
        let mut buffer = [0; 512];
        for (index, words) in out.chunks_mut(buffer.len() / 8).enumerate() {
            let bytes = &mut buffer[..8 * words.len()];
            self.copy_bytes(offset + 512 * index as u64, bytes)?;
            for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
                *word = u64::from_ne_bytes(*bytes);
            }
        }
        Ok(())
    }

    /// The fault of an access outside of the memory.
    pub(crate) fn fault(&self, offset: u64, length: usize) -> Fault {
        Fault {
            offset,
            length: length as u64,
            size: self.len() as u64,
        }
    }

    fn checked(&self, offset: u64, length: usize) -> Option<usize> {
        let start = usize::try_from(offset).ok()?;
        (start.checked_add(length)? <= self.len()).then_some(start)
    }
}

/// Whether no process can make the file shorter: VPP seals a segment of normal pages
/// (`clib_mem_vm_create_fd`). It cannot seal huge pages, which no regular file has.
fn cannot_shrink(file: &File) -> bool {
    const HUGETLBFS_MAGIC: u64 = 0x9584_58f6;
    let is_sealed = rustix::fs::fcntl_get_seals(file.as_fd())
        .is_ok_and(|seals| seals.contains(SealFlags::SHRINK));
    let is_huge = || {
        rustix::fs::fstatfs(file.as_fd())
            .is_ok_and(|system| u64::try_from(system.f_type) == Ok(HUGETLBFS_MAGIC))
    };
    is_sealed || is_huge()
}

/// Copies `out.len()` bytes from `source`, in words of 8 bytes where they are aligned.
///
/// # Safety
///
/// All the bytes are inside one mapping that exists for the whole call.
unsafe fn load_bytes(source: *const u8, out: &mut [u8]) {
    let head = source.align_offset(8).min(out.len());
    let (first, rest) = out.split_at_mut(head);
    let (words, last) = rest.as_chunks_mut::<8>();
    let tail = head + 8 * words.len();
    // SAFETY: the offsets are below `out.len()`, and `head` aligns the words.
    unsafe {
        for (index, byte) in first.iter_mut().enumerate() {
            *byte = AtomicU8::from_ptr(source.add(index).cast_mut()).load(Ordering::Relaxed);
        }
        for (index, word) in words.iter_mut().enumerate() {
            let at = source.add(head + 8 * index).cast_mut().cast();
            *word = AtomicU64::from_ptr(at)
                .load(Ordering::Relaxed)
                .to_ne_bytes();
        }
        for (index, byte) in last.iter_mut().enumerate() {
            *byte = AtomicU8::from_ptr(source.add(tail + index).cast_mut()).load(Ordering::Relaxed);
        }
    }
}
