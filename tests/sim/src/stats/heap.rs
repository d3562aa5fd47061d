//! Allocates blocks of the segment.

use super::memory::{HEAP_START, Memory};

/// The smallest block in bytes.
const SMALLEST: usize = 32;

/// The segment has no room for a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full {
    /// The size of the block in bytes.
    pub(super) needed: usize,
    /// The size of the segment in bytes.
    pub(super) size: usize,
}

/// The blocks of the segment. Their sizes are powers of two, so that a freed block suits the
/// next request of its size, and creating and deleting objects forever needs no more memory.
#[derive(Debug)]
pub(super) struct Heap {
    /// The memory, to read and write the blocks.
    pub(super) memory: Memory,
    end: usize,
    used: usize,
    /// The offsets of free blocks, by the logarithm of their size.
    free: [Vec<usize>; usize::BITS as usize],
}

impl Heap {
    /// A heap without blocks.
    pub(super) fn new(memory: Memory) -> Self {
        Self {
            memory,
            end: HEAP_START,
            used: 0,
            free: [const { Vec::new() }; usize::BITS as usize],
        }
    }

    /// The number of bytes that a block for `bytes` bytes has.
    pub(super) fn block_size(bytes: usize) -> usize {
        bytes.max(SMALLEST).next_power_of_two()
    }

    /// Returns the offset of a block. Its content is undefined.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn allocate(&mut self, bytes: usize) -> Result<usize, Full> {
        let block = Self::block_size(bytes);
        if let Some(offset) = self.free[class(block)].pop() {
            self.used += block;
            return Ok(offset);
        }
        let offset = self.end;
        let size = self.memory.size();
        match offset.checked_add(block) {
            Some(end) if end <= size => self.end = end,
            _ => {
                return Err(Full {
                    needed: block,
                    size,
                });
            }
        }
        self.used += block;
        Ok(offset)
    }

    /// Frees a block that was allocated for `bytes` bytes.
    pub(super) fn free(&mut self, offset: usize, bytes: usize) {
        let block = Self::block_size(bytes);
        self.used -= block;
        self.free[class(block)].push(offset);
    }

    /// The bytes that blocks may take.
    pub(super) fn total(&self) -> usize {
        self.memory.size() - HEAP_START
    }

    /// The bytes in allocated blocks.
    pub(super) fn used(&self) -> usize {
        self.used
    }
}

fn class(block: usize) -> usize {
    block.trailing_zeros() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freed_blocks_are_used_again() {
        let mut heap = Heap::new(Memory::new(HEAP_START + 128).unwrap());
        let first = heap.allocate(33).unwrap();
        let second = heap.allocate(64).unwrap();
        assert_eq!((first, second), (HEAP_START, HEAP_START + 64));
        assert_eq!((heap.used(), heap.total()), (128, 128));
        let full = Full {
            needed: 32,
            size: HEAP_START + 128,
        };
        assert_eq!(heap.allocate(1), Err(full));
        heap.free(first, 33);
        assert_eq!(heap.used(), 64);
        assert_eq!(heap.allocate(40), Ok(first));
    }
}
