//! The counters of an interface.

/// A counter of an interface: `/if/<name>` and `/interfaces/<interface>/<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InterfaceCounter {
    /// `drops`: dropped packets.
    Drops,
    /// `punt`: packets that were punted.
    Punt,
    /// `ip4`: received IPv4 packets.
    Ip4,
    /// `ip6`: received IPv6 packets.
    Ip6,
    /// `rx-no-buf`: packets lost because no buffer was free.
    RxNoBuf,
    /// `rx-miss`: packets lost because a queue was full.
    RxMiss,
    /// `rx-error`: packets received with an error.
    RxError,
    /// `tx-error`: packets that could not be sent.
    TxError,
    /// `mpls`: received MPLS packets.
    Mpls,
    /// `rx`: received packets and bytes.
    Rx,
    /// `rx-unicast`: received unicast packets and bytes.
    RxUnicast,
    /// `rx-multicast`: received multicast packets and bytes.
    RxMulticast,
    /// `rx-broadcast`: received broadcast packets and bytes.
    RxBroadcast,
    /// `tx`: sent packets and bytes.
    Tx,
    /// `tx-unicast`: sent unicast packets and bytes.
    TxUnicast,
    /// `tx-multicast`: sent multicast packets and bytes.
    TxMulticast,
    /// `tx-broadcast`: sent broadcast packets and bytes.
    TxBroadcast,
}

impl InterfaceCounter {
    /// All counters, in the order of `vnet/interface.h`.
    pub const ALL: [Self; 17] = [
        Self::Drops,
        Self::Punt,
        Self::Ip4,
        Self::Ip6,
        Self::RxNoBuf,
        Self::RxMiss,
        Self::RxError,
        Self::TxError,
        Self::Mpls,
        Self::Rx,
        Self::RxUnicast,
        Self::RxMulticast,
        Self::RxBroadcast,
        Self::Tx,
        Self::TxUnicast,
        Self::TxMulticast,
        Self::TxBroadcast,
    ];

    /// The last part of its name in the stats segment.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Drops => "drops",
            Self::Punt => "punt",
            Self::Ip4 => "ip4",
            Self::Ip6 => "ip6",
            Self::RxNoBuf => "rx-no-buf",
            Self::RxMiss => "rx-miss",
            Self::RxError => "rx-error",
            Self::TxError => "tx-error",
            Self::Mpls => "mpls",
            Self::Rx => "rx",
            Self::RxUnicast => "rx-unicast",
            Self::RxMulticast => "rx-multicast",
            Self::RxBroadcast => "rx-broadcast",
            Self::Tx => "tx",
            Self::TxUnicast => "tx-unicast",
            Self::TxMulticast => "tx-multicast",
            Self::TxBroadcast => "tx-broadcast",
        }
    }

    /// Whether it counts packets and bytes instead of packets only.
    #[must_use]
    pub fn has_bytes(self) -> bool {
        self.position() >= Self::Rx.position()
    }

    /// Its position in [`ALL`](Self::ALL).
    pub(super) fn position(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_kinds_are_those_of_vpp() {
        for (position, counter) in InterfaceCounter::ALL.into_iter().enumerate() {
            assert_eq!(counter.position(), position);
            assert_eq!(counter.has_bytes(), position >= 9, "{}", counter.name());
        }
    }
}
