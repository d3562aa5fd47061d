//! Checks enums and computes their values.

use super::checker::{Checker, Stop};
use super::types::Facts;
use crate::compile::diagnostic::Fault;
use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::syntax::ast::{Enum, Enumerator};
use crate::crc::Text;

impl Checker<'_> {
    /// Checks an enum.
    pub fn enumeration(&self, of: &Enum) -> Result<Facts, Stop> {
        let mut text = Text::default();
        let values = self.values(of)?;
        let mut compatible = None;
        for (one, value) in of.values.iter().zip(values.iter().copied()) {
            if of.is_flags && !self.is_trusted {
                check_flag(one, value)?;
            }
            let is_compatible = one.is_compatible || self.is_marked(of, one);
            match (is_compatible, compatible) {
                (true, _) => compatible = Some(&one.name.text),
                (false, None) => text.enumerator(&one.name.text, value),
                (false, Some(earlier)) => {
                    let name = &one.name;
                    let message = format!("`{}` is not backwards_compatible", name.text);
                    return Err(Fault::new(Rule::CompatibleNotLast, name.span, message)
                        .note(format!(
                            "`{earlier}` is, and all enumerators after it must be too"
                        ))
                        .into());
                }
            }
        }
        let own = text.end();
        Ok(Facts {
            own,
            folded: own,
            values,
            ..Facts::default()
        })
    }

    /// Computes the values of all enumerators.
    pub fn values(&self, of: &Enum) -> Result<Vec<Number>, Stop> {
        let mut values = Vec::with_capacity(of.values.len());
        for one in &of.values {
            values.push(self.value(one, values.last().copied())?);
        }
        Ok(values)
    }

    fn is_marked(&self, of: &Enum, one: &Enumerator) -> bool {
        let marked = self.marks.get(&of.name.text);
        self.is_trusted && marked.is_some_and(|marked| marked.contains(&one.name.text))
    }

    fn value(&self, one: &Enumerator, previous: Option<Number>) -> Result<Number, Stop> {
        let next = match (&one.value, previous) {
            (Some((value, _)), _) => return Ok(*value),
            (None, Some(previous)) => previous.next(),
            (None, None) => Some(Number::Int(self.release.first_value())),
        };
        next.ok_or_else(|| {
            let message = format!("the value of `{}` has more than 127 bits", one.name.text);
            Fault::new(Rule::Number, one.name.span, message).into()
        })
    }
}

fn check_flag(one: &Enumerator, value: Number) -> Result<(), Stop> {
    let span = one.value.map_or(one.name.span, |(_, span)| span);
    match value {
        Number::Int(value) if value.unsigned_abs().count_ones() <= 1 => Ok(()),
        Number::Int(value) => {
            let message = format!("the value {value} of `{}` has several bits", one.name.text);
            Err(Fault::new(Rule::FlagBits, span, message)
                .note("a value of an enumflag is one bit; use an enum for other values")
                .into())
        }
        Number::Float(_) => {
            let message = format!("the value of `{}` is not an integer", one.name.text);
            Err(Fault::new(Rule::FlagFloat, span, message).into())
        }
    }
}
