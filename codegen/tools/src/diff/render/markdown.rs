use std::fmt::Write;

use super::words;
use crate::diff::reason::Reason;
use crate::diff::report::{Change, Report};

pub fn write(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a `String` is infallible.
    let _ = writeln!(
        out,
        "# API changes: {} → {}\n",
        escape(&report.old),
        escape(&report.new)
    );
    for line in words::summary(report) {
        let _ = writeln!(out, "- {}", escape(&line));
    }
    if report.changes.is_empty() {
        let _ = writeln!(out, "\nNothing changed.");
    }
    for (breaking, title) in [(true, "Breaking"), (false, "Not breaking")] {
        let modules = report.by_module(breaking);
        if modules.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {title}");
        for changes in modules {
            let module = changes.first().map_or("", |change| change.module.as_str());
            let _ = writeln!(out, "\n### {}\n", escape(module));
            for change in changes {
                one(change, &mut out);
            }
        }
    }
    out
}

fn one(change: &Change, out: &mut String) {
    let Change { name, .. } = change;
    let (kind, state) = (words::kind(change), escape(&words::state(change)));
    let _ = writeln!(out, "- {kind} `{name}`: {state}");
    reasons(&change.reasons, 1, out);
}

fn reasons(reasons: &[Reason], depth: usize, out: &mut String) {
    for reason in reasons {
        let text = escape(&words::reason(reason));
        let _ = writeln!(out, "{:width$}- {text}", "", width = 2 * depth);
        self::reasons(&reason.reasons, depth + 1, out);
    }
}

/// Escapes characters that have a meaning in Markdown.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
