#![doc = include_str!("../README.md")]

mod builder;
mod emit;
mod names;

use vpp_definitions::model;

pub use builder::Builder;
pub use vpp_definitions::output::Generated;
pub use vpp_definitions::{
    AssumedCrc, BadDocs, Diagnostics, Docs, Document, Documents, Error, Input, Problem, Release,
};
