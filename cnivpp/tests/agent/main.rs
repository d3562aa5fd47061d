//! The node agent `userspace agent` against the simulator.
