//! Recomputes the CRCs of definitions.

use std::fmt;
use std::path::PathBuf;

use crate::compile::Compiler;
use crate::crc::{Definitions, Known, Left, Marks, names, recorded};
use crate::input::{self, Input};
use crate::load::{self, Source};
use crate::progress::Stage;
use crate::schema::Definition;
use crate::{Error, parallel};

/// What recomputing every message's CRC came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrcReport {
    /// How many modules were gone through.
    pub modules: usize,
    /// How many messages have the CRC that their definition comes to.
    pub agree: usize,
    /// Messages whose CRC cannot be computed, as the JSON does not say which enumerators are
    /// `backwards_compatible`.
    pub unmarked: Vec<Unmarked>,
    /// Messages whose CRC is another than what their definition comes to.
    pub disagree: Vec<Mismatch>,
}

/// A message whose CRC cannot be computed from JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmarked {
    /// The message's module.
    pub module: String,
    /// The message.
    pub message: String,
    /// The CRC that it has.
    pub recorded: u32,
    /// The enumerators without which the CRC is right, as `enum.enumerator`.
    pub enumerators: Vec<String>,
}

/// A message whose CRC is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The message's module.
    pub module: String,
    /// The message.
    pub message: String,
    /// The CRC as the file has it; empty where it has none.
    pub recorded: String,
    /// What its definition comes to; nothing where a type is not defined or contains itself.
    pub computed: Option<u32>,
}

impl CrcReport {
    /// How many messages were gone through.
    pub fn messages(&self) -> usize {
        self.agree + self.unmarked.len() + self.disagree.len()
    }
}

/// One line a message whose CRC was not confirmed, and one that counts.
impl fmt::Display for CrcReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.disagree {
            let (module, message) = (&one.module, &one.message);
            let recorded = match one.recorded.as_str() {
                "" => "no CRC",
                recorded => recorded,
            };
            write!(
                f,
                "{module}: {message}: has {recorded}, but its definition "
            )?;
            match one.computed {
                Some(computed) => writeln!(f, "comes to {computed:#010x}")?,
                None => writeln!(f, "uses a type that is not defined or contains itself")?,
            }
        }
        for one in &self.unmarked {
            let (module, message) = (&one.module, &one.message);
            let without = one.enumerators.join(", ");
            let recorded = one.recorded;
            writeln!(
                f,
                "{module}: {message}: {recorded:#010x} cannot be recomputed from JSON; right if backwards_compatible: {without}"
            )?;
        }
        let plural = |count| if count == 1 { "" } else { "s" };
        let (messages, modules) = (self.messages(), self.modules);
        write!(
            f,
            "{messages} message{} of {modules} module{}: {} agree, {} cannot be recomputed, {} disagree",
            plural(messages),
            plural(modules),
            self.agree,
            self.unmarked.len(),
            self.disagree.len()
        )
    }
}

/// Recomputes the CRC of every message in `inputs`.
///
/// `.api` files say which enumerators are `backwards_compatible`, so that every CRC can be
/// computed. For JSON, `sources` may give the `.api` files or folders that it was made of;
/// without any, some CRCs cannot be computed. `compiler` reads both.
///
/// # Errors
/// When inputs or sources cannot be read; a CRC that disagrees is none.
pub fn crcs(
    inputs: impl IntoIterator<Item: Into<Input>>,
    sources: &[PathBuf],
    compiler: &Compiler,
) -> Result<CrcReport, Error> {
    let marks = if sources.is_empty() {
        None
    } else {
        let compiled = compiler.compile(sources)?;
        let marks = compiled.into_iter().flat_map(|one| one.marks);
        Some(marks.collect::<Marks>())
    };
    let files = load::read(&input::all(inputs), compiler)?.modules;
    let files = files.iter().filter(|file| !file.is_import);
    let reports = parallel::map(Stage::Checking, files, |file| report(file, marks.as_ref()));
    let mut all = CrcReport::default();
    for mut one in reports {
        all.modules += 1;
        all.agree += one.agree;
        all.unmarked.append(&mut one.unmarked);
        all.disagree.append(&mut one.disagree);
    }
    Ok(all)
}

fn report(source: &Source, given: Option<&Marks>) -> CrcReport {
    let all = Definitions::of(&source.file);
    let marks = source.marks.as_ref().or(given);
    let left = marks.map(|marks| left(&all, marks));
    let mut report = CrcReport::default();
    let mut known = Known::default();
    let mut open: Vec<(&Definition, u32, Vec<&str>)> = Vec::new();
    let mismatch = |message: &Definition, computed| Mismatch {
        module: source.module.clone(),
        message: message.name.clone(),
        recorded: message.meta.crc.clone().unwrap_or_default(),
        computed,
    };
    let none = Left::default();
    for message in &source.file.messages {
        let computed = all.crc(message, left.as_ref().unwrap_or(&none));
        let recorded = recorded(message);
        match computed {
            Some((crc, enums)) if recorded == Some(crc) => {
                report.agree += 1;
                known.whole.extend(enums);
            }
            Some((_, enums)) if left.is_none() && recorded.is_some() => {
                open.push((message, recorded.unwrap_or_default(), enums));
            }
            computed => {
                let computed = computed.map(|(crc, _)| crc);
                report.disagree.push(mismatch(message, computed));
            }
        }
    }
    // What one message says of an enum helps with the next, in whatever order they stand.
    loop {
        let before = open.len();
        open.retain(|(message, recorded, enums)| {
            let explained = known.explain(&all, message, enums, *recorded);
            if let Some(left) = &explained {
                report.unmarked.push(Unmarked {
                    module: source.module.clone(),
                    message: message.name.clone(),
                    recorded: *recorded,
                    enumerators: names(&all, left),
                });
            }
            explained.is_none()
        });
        if open.len() == before {
            break;
        }
    }
    for (message, ..) in open {
        let computed = all.crc(message, &none).map(|(crc, _)| crc);
        report.disagree.push(mismatch(message, computed));
    }
    report
}

/// How many last enumerators of each enum are marked.
fn left<'a>(all: &Definitions<'a>, marks: &Marks) -> Left<'a> {
    let counts = all.enums().filter_map(|of| {
        let marked = marks.get(&of.name)?;
        let values = of.values.iter().rev();
        let count = values.take_while(|(name, _)| marked.contains(name)).count();
        Some((of.name.as_str(), count))
    });
    counts.collect()
}
