use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use super::{Fault, FaultRule};

/// The error of parsing a [`FaultRule`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{0}; a fault is MESSAGE[@AFTER][#TIMES]=KIND with KIND one of delay:TIME, late:TIME, hold, \
     drop, lose, retval:N, close-before, close-after, close-after-reply, restart, restart-after, \
     pause, kill-before, kill-after, garbage:BYTES, truncate, stop-reading, hide, crc:HEX, and \
     TIME as in 250ms or 2s"
)]
pub struct ParseFaultError(String);

/// Parses text such as `memif_create_v2@2#1=retval:-12`: after two messages, once.
impl FromStr for FaultRule {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, ParseFaultError> {
        let (target, kind) = text
            .split_once('=')
            .ok_or_else(|| ParseFaultError(format!("{text:?} has no '='")))?;
        let (target, times) = split_number(target, '#')?;
        let (message, after) = split_number(target, '@')?;
        if message.is_empty() {
            return Err(ParseFaultError(format!("{text:?} names no message")));
        }
        let mut rule = Self::new(message, parse_kind(kind)?);
        rule.after = after.unwrap_or(0);
        rule.times = times;
        Ok(rule)
    }
}

/// Splits off the number that follows `mark`, if the text contains `mark`.
fn split_number(text: &str, mark: char) -> Result<(&str, Option<u32>), ParseFaultError> {
    match text.split_once(mark) {
        None => Ok((text, None)),
        Some((before, number)) => Ok((before, Some(parse(number, "a number")?))),
    }
}

fn parse<T: FromStr>(text: &str, expected: &str) -> Result<T, ParseFaultError> {
    text.parse()
        .map_err(|_| ParseFaultError(format!("{text:?} is not {expected}")))
}

fn parse_kind(text: &str) -> Result<Fault, ParseFaultError> {
    let (kind, argument) = text.split_once(':').unwrap_or((text, ""));
    Ok(match kind {
        "delay" => Fault::Delay(parse_time(argument)?),
        "late" => Fault::Late(parse_time(argument)?),
        "hold" => Fault::Hold,
        "drop" => Fault::Drop,
        "lose" => Fault::Lose,
        "retval" => Fault::Retval(parse(argument, "a retval")?),
        "close-before" => Fault::CloseBefore,
        "close-after" => Fault::CloseAfter,
        "close-after-reply" => Fault::CloseAfterReply,
        "restart" => Fault::Restart,
        "restart-after" => Fault::RestartAfter,
        "pause" => Fault::Pause,
        "kill-before" => Fault::KillBefore,
        "kill-after" => Fault::KillAfter,
        "garbage" => Fault::Garbage(parse(argument, "a number of bytes")?),
        "truncate" => Fault::Truncate,
        "stop-reading" => Fault::StopReading,
        "hide" => Fault::Hide,
        "crc" => Fault::Crc(
            u32::from_str_radix(argument.trim_start_matches("0x"), 16)
                .map_err(|_| ParseFaultError(format!("{argument:?} is not a CRC in hex")))?,
        ),
        _ => return Err(ParseFaultError(format!("{kind:?} is not a kind of fault"))),
    })
}

fn parse_time(text: &str) -> Result<Duration, ParseFaultError> {
    let expected = "a time such as 250ms or 2s";
    match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(millis), _) => Ok(Duration::from_millis(parse(millis, expected)?)),
        (None, Some(seconds)) => Ok(Duration::from_secs(parse(seconds, expected)?)),
        (None, None) => Err(ParseFaultError(format!("{text:?} is not {expected}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_parses() {
        let rule: FaultRule = "*=delay:250ms".parse().unwrap();
        let delay = Fault::Delay(Duration::from_millis(250));
        assert_eq!(rule, FaultRule::new("*", delay));
        let rule: FaultRule = "control_ping#3=late:2s".parse().unwrap();
        let late = Fault::Late(Duration::from_secs(2));
        assert_eq!(rule, FaultRule::new("control_ping", late).times(3));
        let rule: FaultRule = "memif_delete=kill-after".parse().unwrap();
        assert_eq!(rule.fault, Fault::KillAfter);
        let rule: FaultRule = "x=crc:0xdeadbeef".parse().unwrap();
        assert_eq!(rule.fault, Fault::Crc(0xdead_beef));
    }

    #[test]
    fn errors_name_the_wrong_part() {
        for bad in [
            "x",
            "=drop",
            "x=",
            "x=delay:5",
            "x#y=drop",
            "x=retval:",
            "x=crc:g",
        ] {
            assert!(bad.parse::<FaultRule>().is_err(), "{bad}");
        }
        let error = "x=explode".parse::<FaultRule>().unwrap_err().to_string();
        assert!(
            error.starts_with("\"explode\" is not a kind of fault;"),
            "{error}"
        );
    }
}
