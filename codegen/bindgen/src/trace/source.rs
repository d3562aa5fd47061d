use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use vpp_wire::trace::{TraceReadError, TraceReader, TraceRecord, TraceTable};

/// A trace file that is being read. Errors name the file.
pub struct TraceSource {
    path: PathBuf,
    reader: TraceReader<BufReader<Box<dyn Read>>>,
}

impl TraceSource {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path) -> Result<Self, String> {
        let source: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            let file = File::open(path);
            let file = file.map_err(|error| format!("cannot open {}: {error}", path.display()))?;
            Box::new(file)
        };
        let reader = TraceReader::new(BufReader::with_capacity(1 << 16, source));
        Ok(Self {
            path: path.to_owned(),
            reader: reader.map_err(|error| named(path, &error))?,
        })
    }

    /// The file's message table.
    pub fn table(&self) -> &TraceTable {
        self.reader.table()
    }

    /// The next record. The error names the file and the offset.
    pub fn next_record(&mut self) -> Result<Option<TraceRecord<'_>>, String> {
        self.reader
            .next_record()
            .map_err(|error| named(&self.path, &error))
    }
}

fn named(path: &Path, error: &TraceReadError) -> String {
    match path.to_str() {
        Some("-") => format!("standard input: {error}"),
        _ => format!("{}: {error}", path.display()),
    }
}
