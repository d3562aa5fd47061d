use super::release::Release;

/// How a [`Compiler`](super::Compiler) reads and writes.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub release: Release,
    pub facts_only: bool,
}
