use std::io;
use std::path::Path;

use super::needs::{BadNeed, Needs};

/// Reads a list of messages from a file; `-` is standard input.
pub fn read_needs(file: &Path) -> Result<Needs, String> {
    let text = if file.as_os_str() == "-" {
        io::read_to_string(io::stdin().lock())
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let needs: Result<Needs, BadNeed> = text.parse();
    match needs {
        Ok(needs) if needs.0.is_empty() => Err(format!("{} lists no message", file.display())),
        Ok(needs) => Ok(needs),
        Err(error) => Err(format!("{}: {error}", file.display())),
    }
}
