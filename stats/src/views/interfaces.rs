use super::{sum, sum_combined};
use crate::error::Result;
use crate::query::Query;
use crate::selection::Selection;
use crate::stats::Stats;
use crate::value::{Combined, Value};

/// The counters of an interface, summed over all threads (`/if/…`, `vnet/interface.h`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Interface {
    /// The index of the interface. VPP uses that of a deleted interface again.
    pub sw_if_index: u32,
    /// The name.
    pub name: String,
    /// Everything received.
    pub rx: Combined,
    /// What was received for one address, if the driver tells.
    pub rx_unicast: Combined,
    /// What was received for multicast addresses.
    pub rx_multicast: Combined,
    /// What was received for the broadcast address.
    pub rx_broadcast: Combined,
    /// Everything sent.
    pub tx: Combined,
    /// What was sent to one address.
    pub tx_unicast: Combined,
    /// What was sent to multicast addresses.
    pub tx_multicast: Combined,
    /// What was sent to the broadcast address.
    pub tx_broadcast: Combined,
    /// Packets that were dropped.
    pub drops: u64,
    /// Packets that were handed to the host.
    pub punt: u64,
    /// IPv4 packets received.
    pub ip4: u64,
    /// IPv6 packets received.
    pub ip6: u64,
    /// MPLS packets received.
    pub mpls: u64,
    /// Packets that were not received for lack of buffers.
    pub rx_no_buf: u64,
    /// Packets that the device dropped because VPP was too slow.
    pub rx_miss: u64,
    /// Packets that the device received with an error.
    pub rx_error: u64,
    /// Packets that could not be sent.
    pub tx_error: u64,
}

/// The entries, in the order in which `fill` takes them.
const ENTRIES: [&str; 18] = [
    "/if/names",
    "/if/rx",
    "/if/rx-unicast",
    "/if/rx-multicast",
    "/if/rx-broadcast",
    "/if/tx",
    "/if/tx-unicast",
    "/if/tx-multicast",
    "/if/tx-broadcast",
    "/if/drops",
    "/if/punt",
    "/if/ip4",
    "/if/ip6",
    "/if/mpls",
    "/if/rx-no-buf",
    "/if/rx-miss",
    "/if/rx-error",
    "/if/tx-error",
];

/// A view of the interfaces.
#[derive(Debug)]
pub struct Interfaces {
    query: Query,
    rows: Vec<Interface>,
}

impl Default for Interfaces {
    fn default() -> Self {
        Self::new()
    }
}

impl Interfaces {
    /// Prepares the view.
    #[must_use]
    pub fn new() -> Self {
        Self {
            query: Query::new(Selection::names(ENTRIES)),
            rows: Vec::new(),
        }
    }

    /// Reads the interfaces in the order of their indices. Deleted ones are left out.
    ///
    /// The rows are of one state of VPP's directory, so that no counter has the name of another
    /// interface.
    ///
    /// # Errors
    ///
    /// As [`Stats::read`], and [`Error::Busy`](crate::Error::Busy) if VPP adds and removes
    /// interfaces faster than they can be read.
    pub fn read(&mut self, stats: &mut Stats) -> Result<&[Interface]> {
        stats.read_consistent(&mut self.query)?;
        self.fill();
        Ok(&self.rows)
    }

    fn fill(&mut self) {
        /// VPP's name of a deleted interface (`vnet/interface/stats.c`).
        const DELETED: &str = "deleted";
        let mut len = 0;
        let items = self.query.items();
        let names = items.first().and_then(|it| it.value.as_names());
        for (index, name) in names.into_iter().flat_map(|it| it.iter()).enumerate() {
            let Some(name) = name.filter(|name| *name != DELETED) else {
                continue;
            };
            if len == self.rows.len() {
                self.rows.push(Interface::default());
            }
            let row = &mut self.rows[len];
            len += 1;
            row.sw_if_index = u32::try_from(index).unwrap_or(u32::MAX);
            row.name.clear();
            row.name.push_str(name);
            let value = |entry: usize| items.get(entry).map_or(&Value::Missing, |it| &it.value);
            let combined = [
                &mut row.rx,
                &mut row.rx_unicast,
                &mut row.rx_multicast,
                &mut row.rx_broadcast,
                &mut row.tx,
                &mut row.tx_unicast,
                &mut row.tx_multicast,
                &mut row.tx_broadcast,
            ];
            for (field, entry) in combined.into_iter().zip(1..) {
                *field = sum_combined(value(entry), index);
            }
            let simple = [
                &mut row.drops,
                &mut row.punt,
                &mut row.ip4,
                &mut row.ip6,
                &mut row.mpls,
                &mut row.rx_no_buf,
                &mut row.rx_miss,
                &mut row.rx_error,
                &mut row.tx_error,
            ];
            for (field, entry) in simple.into_iter().zip(9..) {
                *field = sum(value(entry), index);
            }
        }
        self.rows.truncate(len);
    }
}
