//! Plans the steps on the container's VPP for one attachment.

use crate::api::interface::RxMode;
use crate::attachment::Id;
use crate::engine::{Step, steps};
use crate::handover::{Attachment, Interface};

/// The steps of one attachment, and its rx mode.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The steps, in order.
    pub(super) steps: Vec<Step>,
    /// The rx mode. It is set last, because queues exist only while the other end is connected.
    pub(super) rx_mode: Option<RxMode>,
}

/// The tag of the attachment's interface.
pub(super) fn tag(attachment: &Attachment) -> String {
    Id::new(&attachment.container_id, &attachment.if_name).tag()
}

/// Plans an attachment. The error is the reason why it cannot be configured.
pub(super) fn plan(attachment: &Attachment) -> Result<Plan, &'static str> {
    let Interface::Memif(memif) = &attachment.interface else {
        return Err(
            "vhost-user cannot connect two VPPs: VPP is the backend of vhost-user, and \
                    the other end is a virtio driver (QEMU, DPDK virtio-user); use memif",
        );
    };
    // A memif in IP mode has no MAC address.
    let create = memif.to_create(attachment.mac.filter(|_| !memif.is_ip));
    let socket = steps::MemifSocket::new(&attachment.socket, create.role);
    let mut steps = vec![
        Step::MemifSocket(socket),
        Step::Memif(steps::Memif::new(&attachment.socket, create)),
        Step::Tag(steps::Tag),
    ];
    steps.extend(attachment.mtu.map(|mtu| Step::Mtu(steps::Mtu { mtu })));
    if let Some(id) = attachment.bridge {
        let bridge = steps::Bridge {
            id: Some(id),
            tag: super::NAME.to_owned(),
            is_shared: true,
        };
        steps.extend([Step::Bridge(bridge), Step::Member(steps::Member)]);
    } else {
        let addresses = attachment.addresses.iter();
        steps.extend(addresses.map(|it| {
            let address = it.address;
            Step::Address(steps::Address { address })
        }));
    }
    steps.push(Step::AdminUp(steps::AdminUp));
    Ok(Plan {
        steps,
        rx_mode: attachment.rx_mode,
    })
}
