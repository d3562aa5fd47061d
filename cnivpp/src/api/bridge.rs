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

/// The largest number of a bridge domain.
pub const MAX_ID: u32 = (1 << 24) - 1;

/// What VPP must have for this module.
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
    /// Its number.
    pub id: u32,
    /// The text that its owner put on it.
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

/// All bridge domains except number 0, which drops everything and is never shown.
///
/// # Errors
/// When VPP does not answer.
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

/// Creates a bridge domain that learns, forwards and floods, and returns its number: `id`,
/// or a free one where that is not set.
///
/// # Errors
/// When the number or the tag cannot be, and when VPP refuses: it is there already.
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
            // Somebody else has just taken it.
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
/// When the number cannot be, and when VPP refuses: it is unknown or still has members.
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

/// Makes an interface a member of a bridge domain that exists; one that was a member of
/// another leaves that.
///
/// # Errors
/// When the number cannot be, and when VPP refuses.
pub async fn join(client: &Client, id: u32, sw_if_index: InterfaceIndex) -> Result<()> {
    const OPERATION: &str = "put the interface into the bridge domain";
    check_id(OPERATION, Some(id))?;
    set(client, id, sw_if_index, true)
        .await
        .map_err(Error::during(OPERATION))
}

/// Takes an interface out of its bridge domain; one that is in none is left as it is.
///
/// # Errors
/// When the number cannot be, and when VPP refuses.
pub async fn leave(client: &Client, id: u32, sw_if_index: InterfaceIndex) -> Result<()> {
    const OPERATION: &str = "take the interface out of the bridge domain";
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
        Some(0) => Err(Error::invalid(operation, "bridge domain 0 is VPP's own")),
        Some(id) if id > MAX_ID => {
            let why = format!("{id} is no bridge domain's number, {MAX_ID} is the largest");
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
