/// Numbers in use, which are assigned from the lowest free one.
#[derive(Debug, Default)]
pub struct Instances {
    /// All numbers from this one on are free.
    end: u32,
    /// The free numbers below `end`.
    free: std::collections::BTreeSet<u32>,
}

impl Instances {
    /// The lowest free number.
    pub fn lowest(&self) -> u32 {
        self.free.first().copied().unwrap_or(self.end)
    }

    /// Whether a number is in use.
    pub fn is_taken(&self, number: u32) -> bool {
        number < self.end && !self.free.contains(&number)
    }

    /// Marks a number as used.
    pub fn take(&mut self, number: u32) {
        if number >= self.end {
            self.free.extend(self.end..number);
            self.end = number + 1;
        } else {
            self.free.remove(&number);
        }
    }

    /// Frees a number.
    pub fn free(&mut self, number: u32) {
        if number < self.end {
            self.free.insert(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Instances;

    #[test]
    fn the_lowest_free_number_is_taken() {
        let mut numbers = Instances::default();
        numbers.take(2);
        assert_eq!(numbers.lowest(), 0);
        numbers.take(0);
        numbers.take(1);
        assert_eq!(numbers.lowest(), 3);
        numbers.free(1);
        assert_eq!((numbers.lowest(), numbers.is_taken(2)), (1, true));
    }
}
