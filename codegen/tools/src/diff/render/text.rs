use std::fmt::Write;

use super::words;
use crate::diff::reason::Reason;
use crate::diff::report::{Change, ChangeKind, Report};

/// Whether text has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without colours.
    Plain,
    /// With ANSI colour codes.
    Colour,
}

#[derive(Clone, Copy)]
enum Ink {
    Bold,
    Red,
    Yellow,
    Green,
    Dim,
}

impl Style {
    fn paint(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Bold => "1",
            Ink::Red => "31",
            Ink::Yellow => "33",
            Ink::Green => "32",
            Ink::Dim => "2",
        };
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

pub fn write(report: &Report, style: Style) -> String {
    let mut out = String::new();
    let line = |out: &mut String, text: &str| {
        // Writing to a `String` is infallible.
        let _ = writeln!(out, "{text}");
    };
    let title = format!("{} → {}", report.old, report.new);
    line(&mut out, &style.paint(Ink::Bold, &title));
    for text in words::summary(report) {
        line(&mut out, &format!("  {text}"));
    }
    if report.changes.is_empty() {
        line(&mut out, "Nothing changed.");
    }
    for (breaking, title, ink) in [
        (true, "BREAKING", Ink::Red),
        (false, "NOT BREAKING", Ink::Green),
    ] {
        let modules = report.by_module(breaking);
        if modules.is_empty() {
            continue;
        }
        line(&mut out, "");
        line(&mut out, &style.paint(ink, title));
        for changes in modules {
            let module = changes.first().map_or("", |change| change.module.as_str());
            line(&mut out, "");
            line(&mut out, &style.paint(Ink::Bold, module));
            for change in changes {
                line(&mut out, &one(change, style));
                reasons(&change.reasons, 3, style, &mut out);
            }
        }
    }
    out
}

fn one(change: &Change, style: Style) -> String {
    let (mark, ink) = match change.state {
        ChangeKind::Removed => ("-", Ink::Red),
        ChangeKind::Changed => ("~", Ink::Yellow),
        ChangeKind::Added => ("+", Ink::Green),
    };
    format!(
        "  {} {} {}: {}",
        style.paint(ink, mark),
        words::kind(change),
        style.paint(Ink::Bold, &change.name),
        words::state(change)
    )
}

fn reasons(reasons: &[Reason], depth: usize, style: Style, out: &mut String) {
    for reason in reasons {
        let text = words::reason(reason);
        let text = if reason.breaking {
            text
        } else {
            style.paint(Ink::Dim, &text)
        };
        let _ = writeln!(out, "{:width$}{text}", "", width = 2 * depth);
        self::reasons(&reason.reasons, depth + 1, style, out);
    }
}
