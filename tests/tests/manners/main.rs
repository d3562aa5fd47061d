//! How `vpp-bindgen` behaves beside its results: in a terminal, in a pipe, when it is
//! interrupted, and that the order of its input changes nothing.

#![cfg(test)]

mod folders;
mod help;
mod interrupted;
mod order;
mod pages;
mod pipes;
mod program;
mod statuses;
mod terminal;
mod tree;
