//! Properties of every payload.

use std::panic::{AssertUnwindSafe, catch_unwind};

use vpp_dynamic::Codec;
use vpp_wire::registry::{AnyMessage, Entry};

use crate::agreement::check_encode;
use crate::allocations::peak;
use crate::hex;

/// A limit in bytes: a number per byte of the payload, plus a constant for error messages and
/// for the needs of a payload of two bytes.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    per_byte: usize,
    constant: usize,
}

/// The limit of decoding, without the JSON text.
pub const DECODED: Bound = Bound {
    per_byte: 4,
    constant: 4096,
};

/// The limit of decoding to structs, in which one byte can become a `Vec` of 24 bytes. No
/// message of a VPP release has many such elements in few bytes.
pub const DECODED_SMALL_STRUCTS: Bound = Bound {
    per_byte: 96,
    constant: 4096,
};

/// The limit of the JSON text, per byte of the text. While a buffer doubles, the old and the new
/// one exist.
pub const TEXT: usize = 3;

impl Bound {
    /// Whether `held` bytes are within the limit for a payload of `length` bytes.
    #[must_use]
    pub fn allows(self, held: usize, length: usize) -> bool {
        held <= self.of(length)
    }

    /// The limit for a payload of `length` bytes.
    #[must_use]
    pub fn of(self, length: usize) -> usize {
        self.per_byte
            .saturating_mul(length)
            .saturating_add(self.constant)
    }
}

/// Both codecs of one message.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The codec that interprets the definitions.
    pub codec: &'a Codec,
    /// The generated codec.
    pub entry: &'a Entry,
    /// The memory limit of the generated codec.
    pub bound: Bound,
}

/// Checks that both codecs decode `payload` alike or return the same error, that encoding the
/// result and decoding it again changes nothing, and that neither panics or exceeds its memory
/// limit. `again` enables the slowest checks. Returns whether the payload is valid.
///
/// # Errors
/// The fault, with the message and the payload in hex.
pub fn check_payload(subject: Subject<'_>, payload: &[u8], again: bool) -> Result<bool, String> {
    let checked = catch_unwind(AssertUnwindSafe(|| check(subject, payload, again)));
    let fault = match checked {
        Ok(Ok(accepted)) => return Ok(accepted),
        Ok(Err(fault)) => fault,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("panic: {}", text.unwrap_or_default())
        }
    };
    let (key, payload) = (subject.entry.key, hex(payload));
    Err(format!("{key}: {fault}\npayload: {payload}"))
}

fn check(subject: Subject<'_>, payload: &[u8], again: bool) -> Result<bool, String> {
    let Subject {
        codec,
        entry,
        bound,
    } = subject;
    let (message, held) = peak(|| (entry.decode)(payload));
    within("the generated codec", held, payload, bound)?;

    let (checked, held) = peak(|| codec.check(entry.key, payload));
    within("the check by definitions", held, payload, DECODED)?;
    if let Err(error) = &checked {
        return match &message {
            Err(generated) if generated.to_string() == error.to_string() => Ok(false),
            _ => Err(format!(
                "{:?}, and\n{error}",
                message.map(|(header, _)| header)
            )),
        };
    }
    let (header, message) = message.map_err(|error| format!("{error}, and accepted"))?;

    let (dynamic, held) = peak(|| codec.decode(entry.key, payload));
    let dynamic = dynamic.map_err(|error| error.to_string())?;
    let text = TEXT.saturating_mul(dynamic.len());
    within("the text", held.saturating_sub(text), payload, DECODED)?;
    let json = entry.json.ok_or("the registry has no JSON")?;
    let generated = (json.from_payload)(payload).map_err(|error| error.to_string())?;
    if generated != dynamic {
        return Err(format!("{generated}\nand\n{dynamic}"));
    }
    if again {
        let bytes = encode(message.as_ref(), header)?;
        let (_, read) = (entry.decode)(&bytes).map_err(|error| error.to_string())?;
        let same = encode(read.as_ref(), header)?;
        let text = (json.from_payload)(&bytes).map_err(|error| error.to_string())?;
        if bytes != same || text != generated {
            return Err(format!("encoded as {}, which is {text}", hex(&bytes)));
        }
        check_encode(codec, entry, &text)?;
    }
    Ok(true)
}

fn encode(message: &dyn AnyMessage, header: vpp_wire::Header) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let done = message.encode_payload(7, header, &mut out);
    done.map(|()| out).map_err(|error| error.to_string())
}

fn within(what: &str, held: usize, payload: &[u8], bound: Bound) -> Result<(), String> {
    if bound.allows(held, payload.len()) {
        return Ok(());
    }
    let (length, most) = (payload.len(), bound.of(payload.len()));
    Err(format!(
        "{what} holds {held} bytes for a payload of {length}, more than {most}"
    ))
}
