//! Text to definitions.

pub mod ast;
mod block;
mod items;
mod lexer;
mod parser;
pub mod token;

use super::diagnostic::Fault;
use super::source::Source;
pub use block::SCALARS;
pub use items::WIRES;

use ast::Item;

/// The definitions of a file, in its order, and the first fault of each that has one.
pub fn parse(source: &Source) -> (Vec<Item>, Vec<Fault>) {
    parser::Parser::new(source).file()
}
