//! Which comment belongs to a definition.

use crate::compile::release::Release;
use crate::compile::source::{Source, Span};
use crate::compile::syntax::ast::Block;

/// The last comment outside of definitions, while it can still belong to one.
#[derive(Debug, Default)]
pub struct Comments {
    last: Option<Span>,
}

impl Comments {
    pub fn see(&mut self, comment: Span) {
        self.last = Some(comment);
    }

    /// The comment of a message or struct.
    ///
    /// Before 26.06 the next message took it, however far away, and types had none. Since, it
    /// ends at least on the line above the definition's keyword, or above the name of a type
    /// that has flags, and is gone behind the definition either way.
    pub fn of(
        &mut self,
        block: &Block,
        is_message: bool,
        source: &Source,
        release: Release,
    ) -> Option<Span> {
        if !release.is_modern() {
            let comment = if is_message { self.last.take() } else { None };
            return comment.filter(|_| release.has_comments());
        }
        let compared = if is_message || block.flags.is_empty() {
            block.keyword
        } else {
            block.name.span
        };
        let comment = self.last.take()?;
        let end = source.line(comment.end.saturating_sub(1));
        (end + 1 >= source.line(compared.start)).then_some(comment)
    }
}
