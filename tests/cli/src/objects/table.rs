use std::io;

/// A row of a table.
pub(super) trait Row {
    /// The headings of the columns.
    const HEADINGS: &'static [&'static str];

    /// One text per column.
    fn cells(&self) -> Vec<String>;
}

/// Writes a table with a title. Writes nothing if the table has no rows.
pub(super) fn write<R: Row>(out: &mut dyn io::Write, title: &str, rows: &[R]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let headings = R::HEADINGS
        .iter()
        .map(|heading| (*heading).to_owned())
        .collect();
    let mut lines: Vec<Vec<String>> = vec![headings];
    lines.extend(rows.iter().map(Row::cells));
    let mut widths = vec![0; R::HEADINGS.len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    writeln!(out, "  {title}")?;
    for line in &lines {
        let mut text = String::new();
        for (width, cell) in widths.iter().zip(line) {
            text.push_str(&format!("  {:<width$}", printable(cell)));
        }
        writeln!(out, "  {}", text.trim_end())?;
    }
    Ok(())
}

/// Replaces control characters, which names and tags of other owners may contain.
fn printable(cell: &str) -> String {
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    cell.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair(&'static str, &'static str);

    impl Row for Pair {
        const HEADINGS: &'static [&'static str] = &["a", "long head"];

        fn cells(&self) -> Vec<String> {
            vec![self.0.to_owned(), self.1.to_owned()]
        }
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut out = Vec::new();
        write(
            &mut out,
            "pairs",
            &[Pair("wider", "x"), Pair("1", "\u{1b}[2J")],
        )
        .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "  pairs\n    a      long head\n    wider  x\n    1      \u{fffd}[2J\n"
        );
        let mut out = Vec::new();
        write::<Pair>(&mut out, "pairs", &[]).unwrap();
        assert!(out.is_empty());
    }
}
