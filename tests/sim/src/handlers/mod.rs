//! Handles requests: decodes them, changes the state, replies. One file per API module.

mod af_packet;
mod arp;
mod call;
mod dispatcher;
mod interface;
mod ip;
mod ip6_nd;
mod ip_neighbor;
mod l2;
mod memclnt;
mod memif;
mod plugin;
mod refusal;
mod register;
mod route;
mod tapv2;
mod vhost_user;
mod vlib;
mod vpe;

pub(crate) use call::{Call, Sink};
pub(crate) use dispatcher::{Dispatcher, KnownMessage};
pub(crate) use interface::event as interface_event;
pub use plugin::{Caller, Plugin};

use vpp_wire::{FixedString, VppError};

/// The `retval` of an outcome.
fn code<T>(outcome: &Result<T, VppError>) -> i32 {
    outcome.as_ref().err().map_or(0, |error| error.0)
}

/// Converts text to a field. As in VPP, the last byte stays NUL.
pub(crate) fn text<const N: usize>(text: &str) -> FixedString<N> {
    let mut bytes = [0; N];
    let end = text.len().min(N.saturating_sub(1));
    bytes[..end].copy_from_slice(&text.as_bytes()[..end]);
    FixedString::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_and_keeps_its_nul() {
        assert_eq!(text::<4>("abcdef").to_bytes(), *b"abc\0");
        assert_eq!(text::<4>("ab").to_bytes(), *b"ab\0\0");
    }
}
