//! Hostile input, folders and disks.

mod disks;
mod folders;
mod mutations;
