//! VPP's vectors (`vppinfra/vec_bootstrap.h`): elements, and their number before them.

use super::heap::{Full, Heap};
use super::memory::Memory;

/// The header: length (u32), size of the header in units of 8 bytes, binary logarithm of the
/// alignment, number of elements that fit without moving (at most 255), padding.
const HEADER: usize = 8;

/// A vector in the segment. Its capacity doubles, so that adding one element has constant cost.
#[derive(Debug)]
pub(super) struct Vector {
    element: usize,
    length: usize,
    capacity: usize,
    /// The offset of the first element. 0 before the vector has memory.
    start: usize,
}

impl Vector {
    /// A vector without memory, of elements of this many bytes.
    pub(super) fn new(element: usize) -> Self {
        Self {
            element,
            length: 0,
            capacity: 0,
            start: 0,
        }
    }

    /// The number of elements.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The offset of the first element.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// The pointer to the first element, as VPP stores it. NULL if the vector has no memory.
    pub(super) fn pointer(&self) -> u64 {
        if self.start == 0 {
            0
        } else {
            Memory::pointer_to(self.start)
        }
    }

    /// The offset of an element, if it exists.
    pub(super) fn offset(&self, index: usize) -> Option<usize> {
        (index < self.length).then_some(self.start + index * self.element)
    }

    /// Adds zeroed elements up to a length. A vector is never cut. Returns whether it moved.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn grow(&mut self, heap: &mut Heap, length: usize) -> Result<bool, Full> {
        if length <= self.length && self.start != 0 {
            return Ok(false);
        }
        let moves = self.start == 0 || length > self.capacity;
        let old = self.length;
        if moves {
            self.relocate(heap, length)?;
        }
        let zeros = vec![0; (length - old) * self.element];
        heap.memory.write(self.start + old * self.element, &zeros);
        self.set_len(heap, length);
        Ok(moves)
    }

    /// Replaces all elements of a vector of bytes. Returns whether it moved.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn replace(&mut self, heap: &mut Heap, bytes: &[u8]) -> Result<bool, Full> {
        let moves = self.start == 0 || bytes.len() > self.capacity;
        if moves {
            self.length = 0;
            self.relocate(heap, bytes.len())?;
        }
        heap.memory.write(self.start, bytes);
        self.set_len(heap, bytes.len());
        Ok(moves)
    }

    /// Moves to a block for at least `length` elements.
    fn relocate(&mut self, heap: &mut Heap, length: usize) -> Result<(), Full> {
        let (element, size) = (self.element, heap.memory.size());
        let full = |needed| Full { needed, size };
        let bytes = length
            .checked_mul(element)
            .and_then(|it| it.checked_add(HEADER));
        let bytes = bytes.filter(|bytes| *bytes <= size).ok_or(full(size))?;
        let start = heap.allocate(bytes)? + HEADER;
        if self.start != 0 {
            let old = self.start..self.start + self.length * element;
            let content = heap.memory.bytes(old).to_vec();
            heap.memory.write(start, &content);
            heap.free(self.start - HEADER, self.capacity * element + HEADER);
        }
        self.start = start;
        self.capacity = (Heap::block_size(bytes) - HEADER) / element;
        Ok(())
    }

    fn set_len(&mut self, heap: &mut Heap, length: usize) {
        self.length = length;
        let spare = u8::try_from(self.capacity - length).unwrap_or(u8::MAX);
        // The segment is smaller than 4 GiB elements.
        let [a, b, c, d] = u32::try_from(length).unwrap_or(u32::MAX).to_ne_bytes();
        let header = [a, b, c, d, 1, 3, spare, 0];
        heap.memory.write(self.start - HEADER, &header);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heap(size: usize) -> Heap {
        Heap::new(Memory::new(size).unwrap())
    }

    #[test]
    fn a_vector_keeps_its_elements_when_it_moves() {
        let mut heap = heap(1 << 16);
        let mut vector = Vector::new(8);
        assert_eq!(vector.pointer(), 0);
        assert_eq!(vector.grow(&mut heap, 3), Ok(true));
        heap.memory.write_u64(vector.offset(2).unwrap(), 42);
        assert_eq!(vector.grow(&mut heap, 4), Ok(true));
        assert_eq!(vector.grow(&mut heap, 7), Ok(false));
        assert_eq!(heap.memory.u64(vector.offset(2).unwrap()), 42);
        assert_eq!(heap.memory.u64(vector.offset(6).unwrap()), 0);
        assert_eq!(vector.offset(7), None);
        let start = vector.start();
        assert_eq!(
            heap.memory.bytes(start - 8..start),
            [7, 0, 0, 0, 1, 3, 0, 0]
        );
        assert_eq!(heap.used(), 64);
    }

    #[test]
    fn a_shorter_text_stays_in_place() {
        let mut heap = heap(1 << 16);
        let mut text = Vector::new(1);
        assert_eq!(text.replace(&mut heap, b"memif1/0\0"), Ok(true));
        assert_eq!(text.replace(&mut heap, b"deleted\0"), Ok(false));
        let start = text.start();
        assert_eq!(heap.memory.bytes(start..start + text.len()), b"deleted\0");
    }

    #[test]
    fn a_vector_larger_than_the_segment_is_an_error() {
        let mut heap = heap(8192);
        let mut vector = Vector::new(8);
        for length in [1 << 12, usize::MAX, usize::MAX / 8] {
            assert!(vector.grow(&mut heap, length).is_err(), "{length}");
        }
    }
}
