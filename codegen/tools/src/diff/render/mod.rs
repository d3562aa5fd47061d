//! Formats a report as text, Markdown or JSON.

mod markdown;
mod text;
mod words;

pub use text::Style;

use super::report::{Change, Report};

impl Report {
    /// Formats the report for people: breaking changes first, by module.
    #[must_use]
    pub fn text(&self, style: Style) -> String {
        text::write(self, style)
    }

    /// Formats the report as Markdown, for release notes.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::write(self)
    }

    /// Formats the report as JSON, for tools. [`Report`] documents the schema.
    ///
    /// # Errors
    /// serde fails, which is not expected: the report has only text, numbers and booleans.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The breaking or the other changes, by module.
    fn by_module(&self, breaking: bool) -> Vec<&[Change]> {
        let of_kind = self.changes.split(|change| change.breaking != breaking);
        let runs = of_kind.filter(|run| !run.is_empty());
        runs.flat_map(|run| run.chunk_by(|one, other| one.module == other.module))
            .collect()
    }
}
