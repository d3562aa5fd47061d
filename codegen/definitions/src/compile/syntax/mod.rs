//! Text to definitions.

pub mod ast;
mod block;
mod counters;
mod enums;
mod item;
mod lexer;
mod parser;
mod service;
pub mod token;

use super::diagnostic::Fault;
use super::source::Source;
pub use block::SCALARS;
pub use enums::WIRES;

use ast::Item;

/// The definitions of a file, in its order, and the first fault of each that has one.
pub fn parse(source: &Source) -> (Vec<Item>, Vec<Fault>) {
    parser::Parser::new(source).file()
}
