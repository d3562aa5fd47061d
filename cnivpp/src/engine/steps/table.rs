use crate::api::{interface, table};
use crate::engine::context::StepContext;
use crate::engine::steps::GATEWAY_TAG;
use crate::engine::{Look, Numbers, Result, Undone};

/// A FIB table, for IPv4 and IPv6.
///
/// An existing one is used. One with this name was created by this step, and is removed with the
/// last gateway in it, of any network. VPP counts how often a table is added and removed, and
/// crashes if it is removed more often (`mfib_table_unlock`). So it is added only with the first
/// gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its ID. Not 0: table 0 always exists.
    pub id: u32,
    /// Its name.
    pub name: String,
}

impl Table {
    async fn find(&self, context: &StepContext<'_>) -> Result<Vec<table::Table>> {
        let all = table::dump(context.client).await?;
        Ok(all.into_iter().filter(|it| it.id == self.id).collect())
    }

    /// The number of networks with a gateway in the table. There are few loopbacks.
    async fn gateways(&self, context: &StepContext<'_>) -> Result<usize> {
        let mut count = 0;
        for loopback in interface::dump_named(context.client, "loop").await? {
            if loopback.tag.starts_with(GATEWAY_TAG) {
                let table = interface::table(context.client, loopback.sw_if_index, false).await?;
                count += usize::from(table == self.id);
            }
        }
        Ok(count)
    }

    pub(in crate::engine) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        let found = self.find(context).await?;
        let is_ours = |it: &table::Table| it.name == self.name;
        if found.len() < 2 {
            return Ok(Look::Missing);
        }
        if found.iter().any(is_ours) && self.gateways(context).await? == 0 {
            return Ok(Look::Differs("no gateway is in the table".to_owned()));
        }
        Ok(Look::Present)
    }

    pub(in crate::engine) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        for is_ipv6 in [false, true] {
            let table = table::Table {
                id: self.id,
                is_ipv6,
                name: self.name.clone(),
            };
            table::add(context.client, &table).await?;
        }
        Ok(format!("table {} created", self.id))
    }

    pub(in crate::engine) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        let gateways = self.gateways(context).await?;
        if gateways > 0 {
            return Ok(Undone::Kept(format!("{gateways} networks use it")));
        }
        let mut undone = Undone::Gone;
        for table in self.find(context).await? {
            if table.name == self.name {
                table::delete(context.client, self.id, table.is_ipv6).await?;
                undone = Undone::Done(format!("table {} deleted", self.id));
            }
        }
        Ok(undone)
    }

    pub(in crate::engine) fn operation(&self) -> String {
        format!("create the table {}", self.id)
    }

    pub(in crate::engine) fn describe(&self, _: &Numbers) -> String {
        format!("table {}", self.id)
    }
}
