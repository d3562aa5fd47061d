//! Vectors of texts: `/if/names` and `/sys/node/names`.

use super::directory::{Directory, Kind};
use super::heap::{Full, Heap};
use super::vector::Vector;

/// A pointer to a text.
const POINTER: usize = 8;

/// Texts by index. As in VPP, a text includes its NUL and is replaced in place if it fits.
#[derive(Debug)]
pub(super) struct Names {
    entry: u32,
    pointers: Vector,
    texts: Vec<Vector>,
}

impl Names {
    /// Adds an empty vector. `None` if the name of the entry exists.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn add(
        directory: &mut Directory,
        heap: &mut Heap,
        name: &str,
    ) -> Result<Option<Self>, Full> {
        let Some(entry) = directory.add(heap, name, Kind::Names, 0)? else {
            return Ok(None);
        };
        let mut names = Self {
            entry,
            pointers: Vector::new(POINTER),
            texts: Vec::new(),
        };
        names.reserve(directory, heap, 0)?;
        Ok(Some(names))
    }

    /// Sets the text of an index.
    ///
    /// # Errors
    /// If the segment is full.
    pub(super) fn set(
        &mut self,
        directory: &Directory,
        heap: &mut Heap,
        index: usize,
        text: &str,
    ) -> Result<(), Full> {
        self.reserve(directory, heap, index + 1)?;
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        if let (Some(text), Some(offset)) = (self.texts.get_mut(index), self.pointers.offset(index))
            && text.replace(heap, &bytes)?
        {
            heap.memory.write_u64(offset, text.pointer());
        }
        Ok(())
    }

    /// Adds NULL pointers up to a length.
    fn reserve(
        &mut self,
        directory: &Directory,
        heap: &mut Heap,
        length: usize,
    ) -> Result<(), Full> {
        if self.pointers.grow(heap, length)? {
            directory.set_value(heap, self.entry, self.pointers.pointer());
        }
        while self.texts.len() < length {
            self.texts.push(Vector::new(1));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::*;

    #[test]
    fn indices_without_a_text_are_null() {
        let mut heap = Heap::new(Memory::new(1 << 20).unwrap());
        let mut directory = Directory::new(true);
        let added = Names::add(&mut directory, &mut heap, "/if/names").unwrap();
        let mut names = added.unwrap();
        names.set(&directory, &mut heap, 2, "loop0").unwrap();
        let pointer = |index| heap.memory.u64(names.pointers.offset(index).unwrap());
        assert_eq!((pointer(0), pointer(1)), (0, 0));
        assert_eq!(pointer(2), names.texts[2].pointer());
        let start = names.texts[2].start();
        assert_eq!(heap.memory.bytes(start..start + 6), b"loop0\0");
    }
}
