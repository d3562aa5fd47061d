//! The steps on the container's VPP for one attachment.

use crate::api::{interface, memif};
use crate::attachment::Id;
use crate::engine::{Step, steps};
use crate::handover::{Attachment, Interface, Memif, Mode, Role, RxMode};

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The steps.
    pub(super) steps: Vec<Step>,
    /// How VPP takes packets from the queues, which exist once the other end is connected.
    pub(super) rx_mode: Option<interface::RxMode>,
}

/// The tag of the attachment's interface.
pub(super) fn tag(attachment: &Attachment) -> String {
    Id::new(&attachment.container_id, &attachment.if_name).tag()
}

/// The steps of an attachment; the error is why it cannot be configured.
pub(super) fn plan(attachment: &Attachment) -> Result<Plan, &'static str> {
    let Interface::Memif(memif) = &attachment.interface else {
        return Err(
            "vhost-user cannot connect two VPPs: VPP is the backend of vhost-user, and \
                    the other end is a virtio driver (QEMU, DPDK virtio-user); use memif",
        );
    };
    let create = create(attachment, memif);
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
        rx_mode: attachment.rx_mode.map(rx_mode),
    })
}

fn create(attachment: &Attachment, memif: &Memif) -> memif::Create {
    memif::Create {
        // The step of the socket finds it.
        socket_id: 0,
        id: memif.id,
        role: match memif.role {
            Role::Master => memif::Role::Master,
            Role::Slave => memif::Role::Slave,
        },
        mode: match memif.mode {
            Mode::Ethernet => memif::Mode::Ethernet,
            Mode::Ip => memif::Mode::Ip,
        },
        // A memif in IP mode has none.
        mac: attachment.mac.filter(|_| memif.mode == Mode::Ethernet),
        ring_size: memif.ring_size,
        buffer_size: memif.buffer_size,
        rx_queues: memif.rx_queues,
        tx_queues: memif.tx_queues,
        secret: memif.secret.clone(),
    }
}

fn rx_mode(mode: RxMode) -> interface::RxMode {
    match mode {
        RxMode::Polling => interface::RxMode::Polling,
        RxMode::Interrupt => interface::RxMode::Interrupt,
        RxMode::Adaptive => interface::RxMode::Adaptive,
    }
}
