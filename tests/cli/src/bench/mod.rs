//! The parts of client-bench.
