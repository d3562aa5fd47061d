use std::any::Any;
use std::fmt::Debug;

use crate::{EncodeError, Header, Message, encode_payload};

/// A message whose type is known only at run time.
pub trait AnyMessage: Debug + Send + Sync {
    /// The API name.
    fn name(&self) -> &'static str;
    /// The key in VPP's message table.
    fn key(&self) -> &'static str;
    /// Returns the message as `Any`, for downcasting.
    fn as_any(&self) -> &dyn Any;
    /// Appends the payload.
    ///
    /// # Errors
    /// Those of [`encode_payload`].
    fn encode_payload(&self, id: u16, header: Header, out: &mut Vec<u8>)
    -> Result<(), EncodeError>;
}

impl<M: Message> AnyMessage for M {
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn key(&self) -> &'static str {
        M::KEY
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn encode_payload(
        &self,
        id: u16,
        header: Header,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        encode_payload(self, id, header, out)
    }
}
