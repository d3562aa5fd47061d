use std::path::{Path, PathBuf};

/// A range of bytes in a file, `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The range from the start of this span to the end of `other`.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end.max(self.start))
    }
}

/// A name and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// The text of a file, with LF as line end.
#[derive(Debug)]
pub struct Source {
    pub path: PathBuf,
    pub text: String,
    /// The offset of each line.
    lines: Vec<usize>,
}

impl Source {
    pub fn new(path: &Path, text: String) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        Self {
            path: path.into(),
            text,
            lines,
        }
    }

    /// Decodes the bytes of a file. If they are not UTF-8, returns also the position of the
    /// first invalid byte.
    pub fn decode(path: &Path, bytes: Vec<u8>) -> (Self, Option<Span>) {
        let (text, bad) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (text, Some(good))
            }
        };
        // VPP's tool opens files in text mode, which converts CR LF and CR to LF.
        let bad = bad.map(|at| {
            let pairs = text.get(..at).unwrap_or_default().matches("\r\n").count();
            Span::new(at - pairs, at - pairs + '\u{fffd}'.len_utf8())
        });
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text
        };
        (Self::new(path, text), bad)
    }

    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The line number of a byte, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).max(1)
    }

    /// The column of a byte, in characters from 1.
    pub fn column(&self, at: usize) -> usize {
        let start = self.line_start(self.line(at));
        let before = self.text.get(start..at).unwrap_or_default();
        before.chars().count() + 1
    }

    /// Whether a line begins at a byte.
    pub fn begins_line(&self, at: usize) -> bool {
        self.lines.binary_search(&at).is_ok()
    }

    /// The offset of a line.
    pub fn line_start(&self, line: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1));
        start.copied().unwrap_or(self.text.len())
    }
}
