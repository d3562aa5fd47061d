//! Mutations of a payload.

use super::Seed;
use crate::agreement::Random;

/// The maximum length of a payload.
const LONGEST: usize = 4_096;

/// Writes `seed`, a mutation of it, or random bytes to `out`.
pub fn mutate(seed: &Seed, random: &mut Random, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&seed.bytes);
    match random.below(16) {
        // The seed with another header.
        0 => fill(out, 2, random),
        1 => {
            let length = random.below(LONGEST);
            *out = random.payload(length);
        }
        2 => {
            let length = random.below(LONGEST);
            out.clear();
            fill(out, length, random);
        }
        3 | 4 => out.truncate(random.below(out.len() + 1)),
        5..10 => {
            // With enough bytes for some of the counts, codecs allocate.
            extend(out, random);
            for _ in 0..=random.below(2) {
                hostile_count(seed, out, random);
            }
        }
        _ => {
            for _ in 0..=random.below(4) {
                change(seed, out, random);
            }
        }
    }
    out.truncate(LONGEST);
}

fn change(seed: &Seed, out: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(out.len());
    match random.below(8) {
        0 | 1 => {
            if let Some(byte) = out.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        2 => {
            if let Some(byte) = out.get_mut(at) {
                *byte = random.byte();
            }
        }
        3 => out.truncate(random.below(out.len() + 1)),
        4 => extend(out, random),
        5 => hostile_count(seed, out, random),
        6 => hostile(out, at, random),
        _ => {
            // Repeats a part of the payload.
            let length = random.below(out.len() - at + 1);
            out.extend_from_within(at..at + length);
        }
    }
}

fn extend(out: &mut Vec<u8>, random: &mut Random) {
    let most = match random.below(4) {
        0 => 2_048,
        1 => 256,
        _ => 32,
    };
    let length = out.len() + random.below(most);
    match random.below(3) {
        0 => fill(out, length, random),
        1 => {
            let more = random.payload(length - out.len());
            out.extend(more);
        }
        _ => out.resize(length, random.byte()),
    }
}

/// Appends random bytes up to `length`.
fn fill(out: &mut Vec<u8>, length: usize, random: &mut Random) {
    while out.len() < length {
        out.push(random.byte());
    }
}

fn hostile_count(seed: &Seed, out: &mut [u8], random: &mut Random) {
    match seed.counts.get(random.below(seed.counts.len())) {
        Some(at) => hostile(out, *at, random),
        None => hostile(out, random.below(out.len()), random),
    }
}

/// Overwrites a number that ends at `at`.
fn hostile(out: &mut [u8], at: usize, random: &mut Random) {
    let left = out.len().saturating_sub(at + 1) as u64;
    let number = match random.below(12) {
        0 => u64::MAX,
        1 => 1 << 63,
        2 => 0x7fff_ffff_7fff_7f7f,
        3 => 0,
        4 => left,
        5 => left + 1,
        6 => left / 2,
        7 => left / 4,
        8 => left / 8,
        9 => left / (1 + random.below(64) as u64),
        10 => random.below(256) as u64,
        _ => random.below(LONGEST) as u64,
    };
    let size = 1 << random.below(4);
    let bytes = number.to_be_bytes();
    let end = (at + 1).min(out.len());
    let start = end.saturating_sub(size);
    let target = &mut out[start..end];
    target.copy_from_slice(&bytes[8 - target.len()..]);
}
