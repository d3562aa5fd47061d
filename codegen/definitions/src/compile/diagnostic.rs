//! Errors that show where they are.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::rule::Rule;
use super::source::{Source, Span};

/// How many bytes a line has that is shown with an error.
const LONG: usize = 2000;

/// What is wrong at a place of the file at hand.
#[derive(Debug, Clone)]
pub struct Fault {
    pub rule: Rule,
    pub span: Span,
    pub message: String,
    pub note: Option<String>,
    /// The file, where it is another than the one at hand.
    elsewhere: Option<Arc<Source>>,
}

impl Fault {
    pub fn new(rule: Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            span,
            message: message.into(),
            note: None,
            elsewhere: None,
        }
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub fn within(mut self, source: &Arc<Source>) -> Self {
        self.elsewhere = Some(Arc::clone(source));
        self
    }
}

/// One error in an API file: the first of a definition.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    source: Arc<Source>,
    fault: Fault,
}

impl Diagnostic {
    pub(super) fn new(source: &Arc<Source>, mut fault: Fault) -> Self {
        let elsewhere = fault.elsewhere.take();
        let source = elsewhere.unwrap_or_else(|| Arc::clone(source));
        Self { source, fault }
    }

    /// The rule that is broken.
    pub fn rule(&self) -> Rule {
        self.fault.rule
    }

    /// What is wrong, in a sentence without place.
    pub fn message(&self) -> &str {
        &self.fault.message
    }

    /// The file: the one given or one that it imports.
    pub fn file(&self) -> &Path {
        &self.source.path
    }

    /// The line, from 1.
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

    /// The error with the line that it is in, the offending text underlined; without it where
    /// the line is longer than 2000 bytes.
    pub fn render(&self, colour: bool) -> String {
        // Only the line itself: what is before and behind costs time and tells nothing.
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
        let mut group = if text.len() > LONG {
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

    fn place(&self) -> (&Path, Span, Rule) {
        (self.file(), self.fault.span, self.fault.rule)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Every error of a compilation, by file and place: at least one.
#[derive(Debug, Clone)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Sorted, and each once: a file that many import is read for each of them.
    pub(super) fn new(mut all: Vec<Diagnostic>) -> Self {
        all.sort_by(|one, other| one.place().cmp(&other.place()));
        all.dedup_by(|one, other| one.place() == other.place());
        Self(all)
    }

    /// The errors.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// All of them, each as [`Diagnostic::render`] gives it, and how many they are.
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
