//! Runs [`vpp_tests::fuzz::targets::segment`] on inputs that reach new code.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vpp_tests::fuzz::targets::segment(input));
