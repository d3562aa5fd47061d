//! The values of enums.

use super::types::Facts;
use super::unit::{Stop, Unit};
use crate::compile::diagnostic::Fault;
use crate::compile::number::Number;
use crate::compile::rule::Rule;
use crate::compile::syntax::ast::{Enum, Enumerator};
use crate::crc::Text;

impl Unit<'_> {
    pub fn enumeration(&self, of: &Enum) -> Result<Facts, Stop> {
        let mut text = Text::default();
        let mut values = Vec::with_capacity(of.values.len());
        let mut compatible = None;
        for one in &of.values {
            let value = self.value(one, values.last().copied())?;
            if of.is_flags {
                flag(one, value)?;
            }
            values.push(value);
            match (one.is_compatible, compatible) {
                (true, _) => compatible = Some(&one.name.text),
                (false, None) => text.enumerator(&one.name.text, value),
                (false, Some(earlier)) => {
                    let name = &one.name;
                    let message = format!("`{}` is not backwards_compatible", name.text);
                    return Err(Fault::new(Rule::CompatibleNotLast, name.span, message)
                        .note(format!(
                            "`{earlier}` before it is, and only such may follow"
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

    fn value(&self, one: &Enumerator, previous: Option<Number>) -> Result<Number, Stop> {
        let next = match (&one.value, previous) {
            (Some((value, _)), _) => return Ok(*value),
            (None, Some(previous)) => previous.next(),
            (None, None) => Some(Number::Int(self.release.first_value())),
        };
        next.ok_or_else(|| {
            let message = format!("`{}` has a value of more than 127 bits", one.name.text);
            Fault::new(Rule::Number, one.name.span, message).into()
        })
    }
}

fn flag(one: &Enumerator, value: Number) -> Result<(), Stop> {
    let span = one.value.map_or(one.name.span, |(_, span)| span);
    match value {
        Number::Int(value) if value.unsigned_abs().count_ones() <= 1 => Ok(()),
        Number::Int(value) => {
            let message = format!("`{}` is {value}, which has several bits", one.name.text);
            Err(Fault::new(Rule::FlagBits, span, message)
                .note("every value of an enumflag is one bit; an enum can have any")
                .into())
        }
        Number::Float(_) => {
            let message = format!("`{}` is no integer", one.name.text);
            Err(Fault::new(Rule::FlagFloat, span, message).into())
        }
    }
}
