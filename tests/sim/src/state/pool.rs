//! A pool that reuses slots as VPP's pools do.

/// Values by slot. A new value takes the slot that was freed last, or a new slot.
#[derive(Debug)]
pub struct Pool<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Pool<T> {
    /// The index that the next [`Pool::insert`] returns.
    pub fn next_index(&self) -> u32 {
        self.free
            .last()
            .copied()
            .unwrap_or_else(|| index(self.slots.len()))
    }

    /// Stores a value and returns its index.
    pub fn insert(&mut self, value: T) -> u32 {
        match self.free.pop() {
            Some(at) => {
                if let Some(slot) = self.slots.get_mut(at as usize) {
                    *slot = Some(value);
                }
                at
            }
            None => {
                self.slots.push(Some(value));
                index(self.slots.len() - 1)
            }
        }
    }

    /// Frees a slot and returns what it held.
    pub fn remove(&mut self, at: u32) -> Option<T> {
        let value = self.slots.get_mut(at as usize)?.take()?;
        self.free.push(at);
        Some(value)
    }

    /// The value at an index.
    pub fn get(&self, at: u32) -> Option<&T> {
        self.slots.get(at as usize)?.as_ref()
    }

    /// The value at an index.
    pub fn get_mut(&mut self, at: u32) -> Option<&mut T> {
        self.slots.get_mut(at as usize)?.as_mut()
    }

    /// The values with their indices, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..)
            .zip(&self.slots)
            .filter_map(|(at, slot)| Some((at, slot.as_ref()?)))
    }

    /// The values, ascending by index.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().flatten()
    }
}

/// Converts a length to an index. Four billion objects do not fit in memory, so it always fits.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slot_freed_last_is_taken_first() {
        let mut pool = Pool::default();
        let all: Vec<u32> = ('a'..='d').map(|letter| pool.insert(letter)).collect();
        assert_eq!(all, [0, 1, 2, 3]);
        assert_eq!(pool.remove(1), Some('b'));
        assert_eq!(pool.remove(3), Some('d'));
        assert_eq!(pool.remove(3), None);
        assert_eq!(pool.values().count(), 2);
        assert_eq!(pool.next_index(), 3);
        assert_eq!(pool.insert('e'), 3);
        assert_eq!(pool.insert('f'), 1);
        assert_eq!(pool.insert('g'), 4);
        assert_eq!(
            pool.iter()
                .map(|(at, letter)| (at, *letter))
                .collect::<Vec<_>>(),
            [(0, 'a'), (1, 'f'), (2, 'c'), (3, 'e'), (4, 'g')]
        );
    }
}
