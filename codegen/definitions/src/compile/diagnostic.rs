//! Errors with the source line that they are in.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::rule::Rule;
use super::source::{Source, Span};

/// The maximum length in bytes of a line that is shown with an error.
const MAX_LINE: usize = 2000;

/// An error in the current file.
#[derive(Debug, Clone)]
pub struct Fault {
    pub rule: Rule,
    pub span: Span,
    pub message: String,
    pub note: Option<String>,
    /// The file, if it is not the current one.
    other_file: Option<Arc<Source>>,
}

impl Fault {
    pub fn new(rule: Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            span,
            message: message.into(),
            note: None,
            other_file: None,
        }
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub fn within(mut self, source: &Arc<Source>) -> Self {
        self.other_file = Some(Arc::clone(source));
        self
    }
}

/// The first error of a definition in an API file.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    source: Arc<Source>,
    fault: Fault,
}

impl Diagnostic {
    pub(super) fn new(source: &Arc<Source>, mut fault: Fault) -> Self {
        let other_file = fault.other_file.take();
        let source = other_file.unwrap_or_else(|| Arc::clone(source));
        Self { source, fault }
    }

    /// The broken rule.
    pub fn rule(&self) -> Rule {
        self.fault.rule
    }

    /// The error message, without the file and line.
    pub fn message(&self) -> &str {
        &self.fault.message
    }

    /// The file: the compiled one or one that it imports.
    pub fn file(&self) -> &Path {
        &self.source.path
    }

    /// The line number, from 1.
    pub fn line(&self) -> usize {
        self.source.line(self.fault.span.start)
    }

    /// The column in characters, from 1.
    pub fn column(&self) -> usize {
        self.source.column(self.fault.span.start)
    }

    /// The offending text.
    pub fn text(&self) -> &str {
        self.source.slice(self.fault.span)
    }

    /// Renders the error with its source line, the offending text underlined. A line longer
    /// than 2000 bytes is not shown.
    pub fn render(&self, colour: bool) -> String {
        // Only the line itself is passed: the rest of the file costs time and is not shown.
        let line = self.line();
        let start = self.source.line_start(line);
        let rest = self.source.text.get(start..).unwrap_or_default();
        let text = rest.split('\n').next().unwrap_or_default();
        let Span { start: from, end } = self.fault.span;
        let from = (from - start.min(from)).min(text.len());
        let end = end.saturating_sub(start).clamp(from, text.len());
        let path = self.source.path.display().to_string();
        let title = Level::ERROR
            .primary_title(self.fault.message.as_str())
            .id(self.fault.rule.code());
        let mut group = if text.len() > MAX_LINE {
            let column = self.column();
            title.element(Origin::path(path).line(line).char_column(column))
        } else {
            let span = AnnotationKind::Primary.span(from..end);
            let snippet = Snippet::source(text).path(path).line_start(line);
            title.element(snippet.annotation(span))
        };
        if let Some(note) = &self.fault.note {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }

    fn sort_key(&self) -> (&Path, Span, Rule) {
        (self.file(), self.fault.span, self.fault.rule)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// All errors of a compilation, sorted by file and position. There is at least one.
#[derive(Debug, Clone)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Sorts the errors and removes duplicates: an imported file is checked for each importer.
    pub(super) fn new(mut all: Vec<Diagnostic>) -> Self {
        all.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        all.dedup_by(|one, other| one.sort_key() == other.sort_key());
        Self(all)
    }

    /// The errors.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Renders all errors, each as [`Diagnostic::render`] does, and their number.
    pub fn render(&self, colour: bool) -> String {
        let mut text = String::new();
        for one in &self.0 {
            text.push_str(&one.render(colour));
            text.push_str("\n\n");
        }
        let files = self.0.chunk_by(|one, other| one.file() == other.file());
        let (errors, files) = (self.0.len(), files.count());
        let plural = |count| if count == 1 { "" } else { "s" };
        text.push_str(&format!(
            "{errors} error{} in {files} file{}",
            plural(errors),
            plural(files)
        ));
        text
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}
