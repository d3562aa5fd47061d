//! Parses text into definitions.

pub mod ast;
mod block;
mod items;
mod lexer;
mod parser;

use super::diagnostic::Fault;
use super::source::Source;
pub use block::SCALARS;
pub use items::WIRES;

use ast::Item;

/// Parses the definitions of a file. Returns also the first error of each invalid definition.
pub fn parse(source: &Source) -> (Vec<Item>, Vec<Fault>) {
    parser::Parser::new(source).file()
}
