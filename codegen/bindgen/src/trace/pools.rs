//! Predicts the number that VPP gave to an object whose reply was not recorded.

use std::collections::HashMap;

use super::kinds::INTERFACE;

/// The numbers that VPP gives next, by kind of object.
#[derive(Debug, Default)]
pub struct Pools {
    interfaces: u32,
    pools: HashMap<String, Pool>,
}

#[derive(Debug)]
enum Pool {
    /// The last freed number is used first (VPP's `pool_get`).
    Stack { next: u32, free: Vec<u32> },
    /// VPP's `random_u32` with the seed 0, of which these bits are used
    /// (`memif_get_unused_socket_id`, `bd_get_unused_id`, `ip_table_get_unused_id`).
    Random { seed: u32, mask: u32 },
}

impl Pools {
    /// Pools of a VPP that has this number of interfaces and no other objects.
    pub fn new(interfaces: u32) -> Self {
        Self {
            interfaces,
            pools: HashMap::new(),
        }
    }

    /// The number of the next object. `owner` separates pools of the same kind.
    pub fn allocate(&mut self, kind: &str, owner: &str) -> u32 {
        match self.pool(kind, owner) {
            Pool::Stack { next, free } => free.pop().unwrap_or_else(|| {
                let number = *next;
                *next = next.saturating_add(1);
                number
            }),
            Pool::Random { seed, mask } => {
                *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & *mask;
                *seed
            }
        }
    }

    /// Notes that an object was deleted.
    pub fn free(&mut self, kind: &str, owner: &str, number: u32) {
        if let Pool::Stack { free, .. } = self.pool(kind, owner) {
            free.push(number);
        }
    }

    fn pool(&mut self, kind: &str, owner: &str) -> &mut Pool {
        let random = |mask| Pool::Random { seed: 0, mask };
        let stack = |next| Pool::Stack {
            next,
            free: Vec::new(),
        };
        let interfaces = self.interfaces;
        let (owner, new) = match kind {
            INTERFACE => ("", stack(interfaces)),
            "socket_id" | "table_id" => ("", random(u32::MAX)),
            "bd_id" => ("", random(0x00ff_ffff)),
            _ => (owner, stack(0)),
        };
        self.pools.entry(format!("{kind} {owner}")).or_insert(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_freed_number_is_used_first() {
        let mut pools = Pools::new(1);
        let allocate = |pools: &mut Pools| pools.allocate(INTERFACE, "loopback");
        assert_eq!([1, 2, 3], [(); 3].map(|()| allocate(&mut pools)));
        pools.free(INTERFACE, "memif", 1);
        pools.free(INTERFACE, "loopback", 2);
        assert_eq!([2, 1, 4], [(); 3].map(|()| allocate(&mut pools)));
        assert_eq!(pools.allocate("policer_index", "policer"), 0);
    }

    #[test]
    fn first_socket_id_is_that_of_a_recorded_vpp() {
        assert_eq!(Pools::new(1).allocate("socket_id", ""), 1_013_904_223);
    }
}
