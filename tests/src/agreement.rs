//! Agreement of the generated codec with the codec that interprets the definitions.

use serde_json::{Map, Value, json};
use vpp_dynamic::{Codec, CodecError};
use vpp_wire::Header;
use vpp_wire::registry::{AnyMessage, Entry};

use crate::hex;

const MESSAGE_ID: u16 = 0x0102;
const HEADER: Header = Header {
    client_index: 0x1122_3344,
    context: 0x5566_7788,
};

/// Decodes `payload` and prefixes of it, and encodes random changes of its JSON, with both
/// codecs. Text, bytes and errors have to be the same.
///
/// # Errors
/// The first difference.
pub fn check(
    codec: &Codec,
    entry: &Entry,
    payload: &[u8],
    random: &mut Random,
) -> Result<(), String> {
    let error = |what: String| format!("{}: {what}", entry.key);
    check_decode(codec, entry, &payload[..random.below(payload.len() + 1)]).map_err(error)?;
    let Some(text) = check_decode(codec, entry, payload).map_err(error)? else {
        return Ok(());
    };
    check_encode(codec, entry, &text).map_err(error)?;
    let json: Value = serde_json::from_str(&text).map_err(|e| error(e.to_string()))?;
    for _ in 0..4 {
        let mut changed = json.clone();
        change(&mut changed, random);
        check_encode(codec, entry, &changed.to_string()).map_err(error)?;
    }
    Ok(())
}

/// Decodes a payload with both codecs. Returns its JSON if it is valid.
fn check_decode(codec: &Codec, entry: &Entry, payload: &[u8]) -> Result<Option<String>, String> {
    let json = entry.json.ok_or("the registry has no JSON")?;
    let generated = (json.from_payload)(payload).map_err(|error| error.to_string());
    let dynamic = codec.decode(entry.key, payload);
    let dynamic = dynamic.map_err(|error| error.to_string());
    if generated != dynamic {
        let payload = hex(payload);
        return Err(format!("{payload} is\n{generated:?}, and\n{dynamic:?}"));
    }
    Ok(generated.ok())
}

/// Checks that both codecs encode JSON to the same bytes, or return the same error.
///
/// # Errors
/// The difference.
pub fn check_encode(codec: &Codec, entry: &Entry, text: &str) -> Result<(), String> {
    let json = entry.json.ok_or("the registry has no JSON")?;
    let generated = (json.to_message)(text).map_err(|error| error.to_string());
    let generated = generated.and_then(|message| encode(message.as_ref()));
    let header = vpp_dynamic::Header {
        msg_id: MESSAGE_ID,
        client_index: HEADER.client_index,
        context: HEADER.context,
    };
    let dynamic = codec.encode(entry.key, text, header);
    let dynamic = dynamic.map_err(|error| match error {
        // It also names message and field. The rest is serde's error in both codecs.
        CodecError::Json { source, .. } => source.to_string(),
        other => other.to_string(),
    });
    if generated != dynamic {
        return Err(format!("{text} is\n{generated:02x?}, and\n{dynamic:02x?}"));
    }
    Ok(())
}

fn encode(message: &dyn AnyMessage) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let done = message.encode_payload(MESSAGE_ID, HEADER, &mut out);
    done.map(|()| out).map_err(|error| error.to_string())
}

/// Changes one value at a random depth.
fn change(json: &mut Value, random: &mut Random) {
    let deeper = random.below(4) != 0;
    match json {
        Value::Object(map) if deeper && !map.is_empty() => {
            let at = random.below(map.len());
            if let Some((_, value)) = map.iter_mut().nth(at) {
                change(value, random);
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let at = random.below(items.len());
            change(&mut items[at], random);
        }
        Value::Object(map) => change_keys(map, random),
        Value::Array(items) if random.below(2) == 0 => match items.pop() {
            Some(last) if random.below(2) == 0 => items.extend([last.clone(), last]),
            _ => {}
        },
        other => *other = unusual_value(random),
    }
}

fn change_keys(map: &mut Map<String, Value>, random: &mut Random) {
    let keys: Vec<String> = map.keys().cloned().collect();
    if let Some(key) = keys.get(random.below(keys.len().max(1))) {
        let value = map.shift_remove(key).unwrap_or_default();
        if random.below(3) == 0 {
            map.insert(format!("{key}_"), value);
        }
    }
}

fn unusual_value(random: &mut Random) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(255),
        json!(300),
        json!(70_000),
        json!(5_000_000_000_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(0.1),
        json!(1e300),
        json!(""),
        json!("a\0b"),
        json!("Grüße"),
        json!("a text that is longer than most fields, and longer than this one is, too"),
        json!("0x"),
        json!("0x1"),
        json!("0x0102"),
        json!("0xZZ"),
        json!("10.0.0.1"),
        json!("10.0.0.1/24"),
        json!("10.0.0.1/33"),
        json!("2001:db8::1"),
        json!("2001:db8::1/64"),
        json!("02:fe:00:00:00:01"),
        json!("02-FE-00-00-00-01"),
        json!([]),
        json!([1, 2]),
        json!(["x"]),
        json!({}),
        json!({"x": 1}),
        json!({"af": "ADDRESS_IP6", "un": {"ip4": "10.0.0.1"}}),
        json!({"address": "10.0.0.1", "len": 200}),
    ];
    values[random.below(values.len())].clone()
}

/// A generator of reproducible random numbers.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator with this seed and its own sequence per `name`.
    #[must_use]
    pub fn of_name(seed: u64, name: &str) -> Self {
        let mut random = Self(seed);
        for byte in name.bytes() {
            random.0 ^= u64::from(byte);
            random.next();
        }
        random
    }

    /// A random byte.
    pub fn byte(&mut self) -> u8 {
        let [byte, ..] = self.next().to_be_bytes();
        byte
    }

    /// A number below `end`, or 0 if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from((self.next() >> 33) % end).unwrap_or_default()
    }

    /// A payload of mostly small numbers, so that counts match the elements that follow.
    pub fn payload(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.small()).collect()
    }

    fn small(&mut self) -> u8 {
        let [high, choice, ..] = self.next().to_be_bytes();
        match choice % 8 {
            0..5 => 0,
            5..7 => high % 4,
            _ => high,
        }
    }

    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0
    }
}
