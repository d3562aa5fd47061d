//! FIB tables.

use vpp_bindings::client::Client;
use vpp_bindings::ip::{IpTable, IpTableAddDelV2, IpTableDetails, IpTableDump};

use super::infra::{AnyOf, key};
use super::text::fixed;
use super::{Error, Result};

/// The messages that this module needs.
pub const NEEDS: &[AnyOf] = &[
    &[
        key::<IpTableAddDelV2>(),
        key::<vpp_bindings::ip::IpTableAddDel>(),
    ],
    &[key::<IpTableDump>()],
    &[key::<IpTableDetails>()],
];

/// A FIB table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Table {
    /// Its ID. Each address family has its own IDs. Table 0 always exists.
    pub id: u32,
    /// Whether it is for IPv6; otherwise it is for IPv4.
    pub is_ipv6: bool,
    /// Its name, up to 63 bytes. If empty, VPP chooses one such as `ipv4-VRF:70`.
    pub name: String,
}

impl From<IpTableDetails> for Table {
    fn from(details: IpTableDetails) -> Self {
        Self {
            id: details.table.table_id,
            is_ipv6: details.table.is_ip6,
            name: details.table.name.to_string_lossy().into_owned(),
        }
    }
}

/// All tables, IPv4 first.
///
/// # Errors
/// VPP does not answer.
pub async fn dump(client: &Client) -> Result<Vec<Table>> {
    let all = client.dump(IpTableDump {}).all().await;
    let all = all.map_err(Error::during("list the tables"))?;
    Ok(all.into_iter().map(Table::from).collect())
}

/// Adds a table. VPP accepts one that exists and keeps its name. [`dump`] shows whether it exists.
///
/// # Errors
/// The ID is 0 or 4294967295, the name is too long, or VPP refuses.
pub async fn add(client: &Client, table: &Table) -> Result<()> {
    set(client, "add the table", table, true).await
}

/// Deletes a table. VPP ignores one that does not exist, and keeps one until the last interface
/// leaves it.
///
/// Delete its routes and its proxy ARP ranges before: VPP keeps them, and the next new table of
/// that family gets them.
///
/// # Errors
/// The ID is 0 or 4294967295, or VPP refuses.
pub async fn delete(client: &Client, id: u32, is_ipv6: bool) -> Result<()> {
    let name = String::new();
    let table = Table { id, is_ipv6, name };
    set(client, "delete the table", &table, false).await
}

async fn set(client: &Client, operation: &'static str, table: &Table, is_add: bool) -> Result<()> {
    if table.id == 0 || table.id == u32::MAX {
        let why = format!("table {} is out of range (1 to {})", table.id, u32::MAX - 1);
        return Err(Error::invalid(operation, why));
    }
    let table = IpTable {
        table_id: table.id,
        is_ip6: table.is_ipv6,
        name: fixed(operation, "the table's name", &table.name)?,
    };
    let done = if client.supports::<IpTableAddDelV2>() {
        let create_mfib = true;
        let request = IpTableAddDelV2 {
            table,
            create_mfib,
            is_add,
        };
        client.call(request).await.map(drop)
    } else {
        let request = vpp_bindings::ip::IpTableAddDel { is_add, table };
        client.call(request).await.map(drop)
    };
    done.map_err(Error::during(operation))
}
