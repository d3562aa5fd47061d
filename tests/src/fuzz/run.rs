//! Checks many payloads of every message on all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use vpp_dynamic::Codec;
use vpp_wire::registry::Entry;

use super::{Bound, DECODED, Subject, check, mutate, seeds};
use crate::agreement::Random;

/// The number of payloads, and how to choose them.
#[derive(Debug, Clone, Copy)]
pub struct FuzzPlan {
    /// The number of payloads of all messages, rounded up to the same number for each message.
    pub payloads: usize,
    /// The seed, which alone determines the payloads.
    pub seed: u64,
    /// The memory limit of the generated codec.
    pub bound: Bound,
}

impl FuzzPlan {
    /// A plan with this number of payloads and the memory limit for VPP's messages.
    #[must_use]
    pub fn of(payloads: usize) -> Self {
        Self {
            payloads,
            seed: 2606,
            bound: DECODED,
        }
    }

    /// Reads the plan from the variables `VPP_FUZZ_PAYLOADS` and `VPP_FUZZ_SEED`. They default
    /// to `payloads` and to a fixed seed.
    ///
    /// # Errors
    /// A variable that is not a number.
    pub fn from_env(payloads: usize) -> Result<Self, String> {
        let number = |name: &str, default: u64| match std::env::var(name) {
            Ok(text) => text
                .parse()
                .map_err(|_| format!("{name}={text} is not a number")),
            Err(_) => Ok(default),
        };
        let plan = Self::of(payloads);
        let payloads = number("VPP_FUZZ_PAYLOADS", payloads as u64)?;
        Ok(Self {
            payloads: usize::try_from(payloads).map_err(|error| error.to_string())?,
            seed: number("VPP_FUZZ_SEED", plan.seed)?,
            ..plan
        })
    }
}

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// The number of payloads.
    pub payloads: usize,
    /// The number of valid payloads.
    pub accepted: usize,
}

/// Checks the payloads of a plan.
///
/// # Errors
/// The first fault that was found, with seed, message and payload.
pub fn run(codec: &Codec, entries: &[Entry], plan: FuzzPlan) -> Result<Summary, String> {
    let each = plan.payloads.div_ceil(entries.len().max(1));
    let (next, accepted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let fault = Mutex::new(None);
    let work = || {
        while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
            let bound = plan.bound;
            let subject = Subject {
                codec,
                entry,
                bound,
            };
            match run_message(subject, each, plan.seed) {
                Ok(accepted_here) => {
                    accepted.fetch_add(accepted_here, Ordering::Relaxed);
                }
                Err(found) => {
                    // The other threads end after their current message.
                    next.store(entries.len(), Ordering::Relaxed);
                    let found = format!("VPP_FUZZ_SEED={}: {found}", plan.seed);
                    if let Ok(mut fault) = fault.lock() {
                        fault.get_or_insert(found);
                    }
                }
            }
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    match fault.into_inner() {
        Ok(None) => Ok(Summary {
            payloads: each * entries.len(),
            accepted: accepted.into_inner(),
        }),
        Ok(Some(fault)) => Err(fault),
        Err(_) => Err("a thread panicked outside of a check".to_owned()),
    }
}

fn run_message(subject: Subject<'_>, payloads: usize, seed: u64) -> Result<usize, String> {
    let key = subject.entry.key;
    let seeds = seeds(subject.codec, key).map_err(|fault| format!("{key}: {fault}"))?;
    let mut random = Random::of_name(seed, key);
    let (mut payload, mut accepted) = (Vec::new(), 0);
    for number in 0..payloads {
        match seeds.get(number) {
            Some(seed) => payload.clone_from(&seed.bytes),
            None => mutate(&seeds[random.below(seeds.len())], &mut random, &mut payload),
        }
        accepted += usize::from(check::check_payload(subject, &payload, number % 32 == 0)?);
    }
    Ok(accepted)
}
