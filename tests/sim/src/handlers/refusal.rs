//! Refuses requests of VPP that are not simulated.

use vpp_wire::registry::Entry;
use vpp_wire::{Header, VppError};

use super::call::Handler;

/// Returns a handler that replies with `UNIMPLEMENTED`.
pub(super) fn refusal(entry: &'static Entry, reply: Option<&'static Entry>) -> Handler {
    Box::new(move |call, payload| {
        let (header, _) = (entry.decode)(payload)?;
        call.set_header(header);
        tracing::warn!(name = entry.name, "not simulated");
        let Some(reply) = reply else {
            return Ok(());
        };
        // Zero bytes decode as every reply, independent of its size.
        let Ok((_, empty)) = (reply.decode)(&[0; 4096]) else {
            return Ok(());
        };
        let id = call.run.table.ids().get(reply.key).copied().unwrap_or(0);
        let header = Header {
            client_index: 0,
            context: call.context(),
        };
        let mut payload = Vec::new();
        if empty.encode_payload(id, header, &mut payload).is_ok() {
            let retval = VppError::UNIMPLEMENTED.0.to_be_bytes();
            if let Some(bytes) = payload.get_mut(reply.layout.body..reply.layout.body + 4) {
                bytes.copy_from_slice(&retval);
            }
            call.reply_payload(&payload);
        }
        Ok(())
    })
}
