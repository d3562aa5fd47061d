//! ND proxy.

use vpp_bindings::ip6_nd::*;
use vpp_wire::{DecodeError, Message};

use super::Call;
use super::dispatcher::Dispatcher;
use crate::Release;

pub(super) fn register(dispatcher: &mut Dispatcher) {
    dispatcher
        .change(|state, it: Ip6ndProxyAddDel| {
            state.change_nd_proxy(it.sw_if_index.0, it.is_add, it.ip.into())
        })
        .change(|state, it: Ip6ndProxyEnableDisable| {
            state.set_nd_mirror(it.sw_if_index.0, it.is_enable)
        })
        .add::<Ip6ndProxyDump>(Box::new(ip6nd_proxy_dump));
}

/// The id of `ip6nd_proxy_details` relative to the first id of its module.
///
/// VPP does not add the first id of the module (`send_ip6nd_proxy_details` in
/// `ip6_nd_api.c`), so it sends the details with the id of a memclnt message.
fn details_id(release: Release) -> u16 {
    let mut names = MESSAGES.iter().map(|(name, _)| *name);
    let known = names.by_ref().filter(|name| release.has(name));
    let before = known.take_while(|name| *name != Ip6ndProxyDetails::NAME);
    u16::try_from(before.count()).unwrap_or(0)
}

fn ip6nd_proxy_dump(call: &mut Call<'_>, payload: &[u8]) -> Result<(), DecodeError> {
    call.read::<Ip6ndProxyDump>(payload)?;
    if call.is_refused() {
        return Ok(());
    }
    let (id, context) = (details_id(call.release()), call.context());
    let all: Vec<_> = call.state().nd_proxies().collect();
    for (address, sw_if_index) in all {
        let mut details = id.to_be_bytes().to_vec();
        details.extend(context.to_be_bytes());
        details.extend(sw_if_index.to_be_bytes());
        details.extend(address.octets());
        call.reply_payload(&details);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_have_the_id_that_vpp_sends() {
        assert_eq!(details_id(Release::V26_06), 10);
        assert_eq!(details_id(Release::V22_10), 8);
    }
}
