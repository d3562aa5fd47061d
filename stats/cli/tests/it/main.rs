//! The program `vpp-stats`, on the segment of a real VPP and on that of the simulator.

#![cfg(test)]

mod exporter;
mod peers;
mod program;
mod recorded;
mod running;
