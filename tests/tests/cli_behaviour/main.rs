//! The behaviour of `vpp-bindgen` as a program: terminals, pipes, signals, exit statuses, output
//! folders, help, and independence of the order of inputs.

#![cfg(test)]

mod folders;
mod help;
mod interrupted;
mod messages;
mod order;
mod pages;
mod pipes;
mod program;
mod statuses;
mod terminal;
mod tree;
