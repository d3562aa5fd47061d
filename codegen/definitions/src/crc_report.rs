//! Recomputes the CRCs of definitions and compares them with the recorded ones.

use std::fmt;
use std::path::PathBuf;

use crate::compile::Compiler;
use crate::crc::{Findings, Marks, Omitted, TypeTable, enumerator_names, recorded_crc};
use crate::input::{self, Input};
use crate::load::{self, Source};
use crate::progress::Stage;
use crate::schema::Definition;
use crate::{Error, parallel};

/// The result of recomputing the CRC of every message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrcReport {
    /// The number of modules.
    pub modules: usize,
    /// The number of messages whose recorded CRC equals the computed one.
    pub agree: usize,
    /// The messages whose CRC cannot be computed because JSON does not mark
    /// `backwards_compatible` enumerators.
    pub unmarked: Vec<UnmarkedMessage>,
    /// The messages whose recorded CRC differs from the computed one.
    pub disagree: Vec<Mismatch>,
}

/// A message whose CRC cannot be computed from JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmarkedMessage {
    /// The message's module.
    pub module: String,
    /// The message.
    pub message: String,
    /// The recorded CRC.
    pub recorded: u32,
    /// The enumerators that have to be left out for the CRC to be right, as
    /// `enum.enumerator`.
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
    /// The CRC in the file; empty if there is none.
    pub recorded: String,
    /// The computed CRC; `None` if a type is not defined or contains itself.
    pub computed: Option<u32>,
}

impl CrcReport {
    /// The number of messages.
    pub fn messages(&self) -> usize {
        self.agree + self.unmarked.len() + self.disagree.len()
    }
}

/// One line per message whose CRC was not confirmed, then a line with the numbers.
impl fmt::Display for CrcReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.disagree {
            let (module, message) = (&one.module, &one.message);
            let recorded = match one.recorded.as_str() {
                "" => "no CRC",
                recorded => recorded,
            };
            write!(f, "{module}: {message}: recorded {recorded}, ")?;
            match one.computed {
                Some(computed) => writeln!(f, "computed {computed:#010x}")?,
                None => writeln!(
                    f,
                    "but the message uses a type that is not defined or contains itself"
                )?,
            }
        }
        for one in &self.unmarked {
            let (module, message) = (&one.module, &one.message);
            let without = one.enumerators.join(", ");
            let recorded = one.recorded;
            writeln!(
                f,
                "{module}: {message}: {recorded:#010x} cannot be recomputed from JSON; it is right if these are backwards_compatible: {without}"
            )?;
        }
        let plural = |count| if count == 1 { "" } else { "s" };
        let (messages, modules) = (self.messages(), self.modules);
        write!(
            f,
            "{messages} message{} in {modules} module{}: {} agree, {} cannot be recomputed, {} disagree",
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
/// `.api` files mark `backwards_compatible` enumerators, so every CRC can be computed. For
/// JSON, `sources` can name the `.api` files or folders that it was compiled from. Without
/// `sources`, some CRCs cannot be computed. `compiler` compiles inputs and sources.
///
/// # Errors
/// Inputs or sources cannot be read. A CRC that disagrees is not an error.
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
    let types = TypeTable::of(&source.file);
    let marks = source.marks.as_ref().or(given);
    let omitted = marks.map(|marks| omitted(&types, marks));
    let mut report = CrcReport::default();
    let mut findings = Findings::default();
    let mut open: Vec<(&Definition, u32, Vec<&str>)> = Vec::new();
    let mismatch = |message: &Definition, computed| Mismatch {
        module: source.module.clone(),
        message: message.name.clone(),
        recorded: message.meta.crc.clone().unwrap_or_default(),
        computed,
    };
    let none = Omitted::default();
    for message in &source.file.messages {
        let computed = types.crc(message, omitted.as_ref().unwrap_or(&none));
        let recorded = recorded_crc(message);
        match computed {
            Some((crc, enums)) if recorded == Some(crc) => {
                report.agree += 1;
                findings.unmarked.extend(enums);
            }
            Some((_, enums)) if omitted.is_none() && recorded.is_some() => {
                open.push((message, recorded.unwrap_or_default(), enums));
            }
            computed => {
                let computed = computed.map(|(crc, _)| crc);
                report.disagree.push(mismatch(message, computed));
            }
        }
    }
    // A finding about an enum can explain other messages, so repeat until nothing changes.
    loop {
        let before = open.len();
        open.retain(|(message, recorded, enums)| {
            let explained = findings.explain(&types, message, enums, *recorded);
            if let Some(omitted) = &explained {
                report.unmarked.push(UnmarkedMessage {
                    module: source.module.clone(),
                    message: message.name.clone(),
                    recorded: *recorded,
                    enumerators: enumerator_names(&types, omitted),
                });
            }
            explained.is_none()
        });
        if open.len() == before {
            break;
        }
    }
    for (message, ..) in open {
        let computed = types.crc(message, &none).map(|(crc, _)| crc);
        report.disagree.push(mismatch(message, computed));
    }
    report
}

/// Counts the marked enumerators at the end of each enum.
fn omitted<'a>(types: &TypeTable<'a>, marks: &Marks) -> Omitted<'a> {
    let counts = types.enums().filter_map(|of| {
        let marked = marks.get(&of.name)?;
        let values = of.values.iter().rev();
        let count = values.take_while(|(name, _)| marked.contains(name)).count();
        Some((of.name.as_str(), count))
    });
    counts.collect()
}
