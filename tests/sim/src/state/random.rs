//! The numbers that VPP generates.

use super::Mac;

/// VPP's linear congruential generator (`src/vppinfra/random.h`).
///
/// Every selection of free ids starts at 0, so the ids after a start are always the same.
#[derive(Debug, Default, Clone, Copy)]
pub struct Lcg(u32);

impl Lcg {
    /// A generator with this seed.
    pub fn new(seed: u32) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0
    }

    /// A generated MAC address: `02:fe` and four bytes.
    pub fn mac(&mut self) -> Mac {
        let [a, b, c, d] = self.next().to_le_bytes();
        [0x02, 0xfe, a, b, c, d]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_after_a_start_are_those_of_vpp() {
        let mut ids = Lcg::default();
        assert_eq!((ids.next(), ids.next()), (1_013_904_223, 1_196_435_762));
        let mut ids = Lcg::default();
        let masked: Vec<u32> = (0..3).map(|_| ids.next() & 0xff_ffff).collect();
        assert_eq!(masked, [7_271_263, 5_253_426, 13_432_553]);
    }
}
