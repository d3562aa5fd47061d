use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Message;
use crate::any_message::AnyMessage;

/// The error for a payload that cannot be decoded or a value without JSON.
pub type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Converts a message whose type is known only at run time to and from JSON.
#[derive(Clone, Copy)]
pub struct Convert {
    /// Converts a payload to JSON, with the fields in API order.
    pub from_payload: fn(&[u8]) -> Result<String, AnyError>,
    /// Converts JSON to a message.
    pub to_message: fn(&str) -> Result<Box<dyn AnyMessage>, serde_json::Error>,
}

impl Convert {
    pub(crate) const fn of<M: Message + Serialize + DeserializeOwned>() -> Self {
        Self {
            from_payload: |payload| {
                let (_, message) = crate::decode_payload::<M>(payload)?;
                Ok(serde_json::to_string(&message)?)
            },
            to_message: |json| {
                serde_json::from_str::<M>(json)
                    .map(|message| Box::new(message) as Box<dyn AnyMessage>)
            },
        }
    }
}

impl fmt::Debug for Convert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Convert")
    }
}
