//! Runs the targets of the fuzzer on their seeds and on mutations of them.

#![cfg(test)]

use vpp_tests::agreement::Random;
use vpp_tests::allocations::Counting;
use vpp_tests::fuzz::targets::TARGETS;
use vpp_tests::fuzz::{Seed, mutate};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The number of mutations per target.
const MUTATIONS: usize = 500;

#[test]
fn no_target_finds_a_fault() {
    for target in TARGETS {
        let mut random = Random::of_name(0, target.name);
        let seeds = (target.seeds)().unwrap();
        assert!(!seeds.is_empty(), "{}", target.name);
        for bytes in &seeds {
            (target.run)(bytes);
        }
        let mut input = Vec::new();
        for _ in 0..MUTATIONS {
            let seed = Seed {
                bytes: seeds[random.below(seeds.len())].clone(),
                counts: Vec::new(),
            };
            mutate(&seed, &mut random, &mut input);
            (target.run)(&input);
        }
    }
}
