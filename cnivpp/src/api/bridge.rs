//! Bridge domains and their members.

use vpp_bindings::client::{self, Client};
use vpp_bindings::l2::{
    BridgeDomainAddDelV2, BridgeDomainDetails, BridgeDomainDump, L2PortType, SwInterfaceSetL2Bridge,
};
use vpp_bindings::wire::VppError;

use super::free_id::{ATTEMPTS, CHOOSE, lowest};
use super::infra::{AnyOf, key};
use super::text::fixed;
use super::{Error, InterfaceIndex, Result};

/// The largest ID of a bridge domain.
pub const MAX_ID: u32 = (1 << 24) - 1;

/// The messages that this module needs.
#[expect(deprecated, reason = "v22.10 has no other bridge_domain_add_del")]
pub const NEEDS: &[AnyOf] = &[
    &[
        key::<BridgeDomainAddDelV2>(),
        key::<vpp_bindings::l2::BridgeDomainAddDel>(),
    ],
    &[key::<BridgeDomainDump>()],
    &[key::<BridgeDomainDetails>()],
    &[key::<SwInterfaceSetL2Bridge>()],
];

/// One bridge domain, as VPP shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bridge {
    /// Its ID.
    pub id: u32,
    /// The tag that its owner set.
    pub tag: String,
    /// Whether it learns addresses.
    pub learn: bool,
    /// Whether it forwards.
    pub forward: bool,
    /// Whether it floods.
    pub flood: bool,
    /// Its members.
    pub members: Vec<InterfaceIndex>,
}

impl From<BridgeDomainDetails> for Bridge {
    fn from(details: BridgeDomainDetails) -> Self {
        let members = details.sw_if_details.iter();
        Self {
            id: details.bd_id,
            tag: details.bd_tag.to_string_lossy().into_owned(),
            learn: details.learn,
            forward: details.forward,
            flood: details.flood,
            members: members.map(|it| it.sw_if_index).collect(),
        }
    }
}

/// All bridge domains except 0, which drops all packets and is never listed.
///
/// # Errors
/// VPP does not answer.
pub async fn dump(client: &Client) -> Result<Vec<Bridge>> {
    let request = BridgeDomainDump {
        bd_id: CHOOSE,
        sw_if_index: InterfaceIndex(u32::MAX),
    };
    let all = client.dump(request).all().await;
    let all = all.map_err(Error::during("list the bridge domains"))?;
    Ok(all.into_iter().map(Bridge::from).collect())
}

/// The bridge domain with that ID, if it exists.
///
/// # Errors
/// The ID is out of range, or VPP does not answer.
pub async fn find(client: &Client, id: u32) -> Result<Option<Bridge>> {
    const OPERATION: &str = "look for the bridge domain";
    check_id(OPERATION, Some(id))?;
    let request = BridgeDomainDump {
        bd_id: id,
        sw_if_index: InterfaceIndex(u32::MAX),
    };
    let found = client.dump(request).all().await;
    let found = found.map_err(Error::during(OPERATION))?;
    let mut found = found.into_iter().map(Bridge::from);
    Ok(found.find(|it| it.id == id))
}

/// Creates a bridge domain that learns, forwards and floods, and returns its ID: `id`, or a
/// free one if `id` is `None`.
///
/// # Errors
/// The ID is out of range, the tag is too long, or VPP refuses: the bridge domain exists.
pub async fn create(client: &Client, id: Option<u32>, tag: &str) -> Result<u32> {
    const OPERATION: &str = "create the bridge domain";
    check_id(OPERATION, id)?;
    let mut request = BridgeDomainAddDelV2 {
        bd_id: id.unwrap_or(CHOOSE),
        flood: true,
        uu_flood: true,
        forward: true,
        learn: true,
        arp_term: false,
        arp_ufwd: false,
        mac_age: 0,
        bd_tag: fixed(OPERATION, "the tag", tag)?,
        is_add: true,
    };
    if client.supports::<BridgeDomainAddDelV2>() {
        let reply = client.call(request).await;
        return Ok(reply.map_err(Error::during(OPERATION))?.bd_id);
    }
    let mut attempts = 0;
    loop {
        request.bd_id = match id {
            Some(id) => id,
            None => lowest(dump(client).await?.iter().map(|it| it.id)),
        };
        attempts += 1;
        match v1(client, &request).await {
            Ok(()) => return Ok(request.bd_id),
            // Another client has taken the ID since.
            Err(error)
                if id.is_none()
                    && error.vpp_error() == Some(VppError::BD_ALREADY_EXISTS)
                    && attempts < ATTEMPTS => {}
            Err(error) => return Err(Error::during(OPERATION)(error)),
        }
    }
}

/// Deletes a bridge domain.
///
/// # Errors
/// The ID is out of range, or VPP refuses: the bridge domain does not exist or has members.
pub async fn delete(client: &Client, id: u32) -> Result<()> {
    const OPERATION: &str = "delete the bridge domain";
    check_id(OPERATION, Some(id))?;
    let request = BridgeDomainAddDelV2 {
        bd_id: id,
        is_add: false,
        ..Default::default()
    };
    let deleted = if client.supports::<BridgeDomainAddDelV2>() {
        client.call(request).await.map(drop)
    } else {
        v1(client, &request).await
    };
    deleted.map_err(Error::during(OPERATION))
}

/// Adds an interface to an existing bridge domain. An interface in another bridge domain leaves
/// it.
///
/// # Errors
/// The ID is out of range, or VPP refuses.
pub async fn join(client: &Client, id: u32, sw_if_index: InterfaceIndex) -> Result<()> {
    const OPERATION: &str = "add the interface to the bridge domain";
    check_id(OPERATION, Some(id))?;
    set(client, id, sw_if_index, true)
        .await
        .map_err(Error::during(OPERATION))
}

/// Removes an interface from its bridge domain. Does nothing if it is in none.
///
/// # Errors
/// The ID is out of range, or VPP refuses.
pub async fn leave(client: &Client, id: u32, sw_if_index: InterfaceIndex) -> Result<()> {
    const OPERATION: &str = "remove the interface from the bridge domain";
    check_id(OPERATION, Some(id))?;
    set(client, id, sw_if_index, false)
        .await
        .map_err(Error::during(OPERATION))
}

async fn set(
    client: &Client,
    bd_id: u32,
    rx_sw_if_index: InterfaceIndex,
    enable: bool,
) -> std::result::Result<(), client::Error> {
    let request = SwInterfaceSetL2Bridge {
        rx_sw_if_index,
        bd_id,
        port_type: L2PortType::NORMAL,
        shg: 0,
        enable,
    };
    client.call(request).await.map(drop)
}

fn check_id(operation: &'static str, id: Option<u32>) -> Result<()> {
    match id {
        Some(0) => Err(Error::invalid(
            operation,
            "bridge domain 0 is reserved by VPP",
        )),
        Some(id) if id > MAX_ID => {
            let why = format!("bridge domain {id} is out of range (1 to {MAX_ID})");
            Err(Error::invalid(operation, why))
        }
        _ => Ok(()),
    }
}

#[expect(
    deprecated,
    reason = "v22.10 has no bridge_domain_add_del_v2, which VPP prefers since"
)]
async fn v1(
    client: &Client,
    message: &BridgeDomainAddDelV2,
) -> std::result::Result<(), client::Error> {
    let request = vpp_bindings::l2::BridgeDomainAddDel {
        bd_id: message.bd_id,
        flood: message.flood,
        uu_flood: message.uu_flood,
        forward: message.forward,
        learn: message.learn,
        arp_term: message.arp_term,
        arp_ufwd: message.arp_ufwd,
        mac_age: message.mac_age,
        bd_tag: message.bd_tag,
        is_add: message.is_add,
    };
    client.call(request).await.map(drop)
}
