use std::path::Path;
use std::time::Instant;

use super::context::{Context, connect};
use super::node::{Found, Node};
use super::release::ipam_of;
use super::{addresses, failure, outcome, removal, resolve, sweep};
use crate::attachment::{Id, Network, Pod, Record, SCHEMA, State, Want};
use crate::cni::{Attachment, Call, CniResult, Delegate, Error, Requested, Result};
use crate::cni_vpp::CniVpp;
use crate::engine::Numbers;
use crate::files::LockKind;
use crate::localdb::{NetnsId, boot_id};

/// Attaches a container.
///
/// Everything is checked first. The record is stored before IPAM and VPP are asked, so that
/// whatever was done can be undone, by this process or by a later one.
pub(super) async fn add(call: &Call, attachment: &Attachment, netns: &Path) -> Result<CniResult> {
    let context = Context::new(call)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let requested = call.requested(attachment)?;
    let want = resolve::want(&context.conf, &call.conf.name, &id, netns, &requested)?;
    check_addresses(call, &want)?;
    let previous = outcome::previous(call, attachment, netns)?;
    let record = new_record(call, attachment, netns, &context, want, requested)?;

    let (node, by) = (&context.node, context.work_by);
    let _node = node.lock(LockKind::Shared, by).await?;
    sweep::before_add(node, &record.boot_id, by).await;
    let _own = node.lock_attachment(&id, by).await?;
    let is_fresh = remove_leftover(node, &record, by).await?;

    let vpp = connect_for(&context, &record.want).await?;
    node.store(&record)?;
    let mut addition = Addition {
        context: &context,
        delegate: Delegate::of_call(call, by),
        record,
        has_address: false,
        is_on_vpp: false,
        is_fresh,
    };
    match addition.carry_out(call, vpp, previous).await {
        Ok(result) => Ok(result),
        Err(error) => Err(addition.roll_back(error).await),
    }
}

/// Refuses a table for an interface that gets no addresses: nothing would be in it.
fn check_addresses(call: &Call, want: &Want) -> Result<()> {
    match &want.network {
        Network::Layer3(layer3) if layer3.table != 0 && call.conf.ipam.is_none() => {
            let why = format!("host.table {} has no effect without ipam", layer3.table);
            Err(Error::config(why))
        }
        _ => Ok(()),
    }
}

fn new_record(
    call: &Call,
    attachment: &Attachment,
    netns: &Path,
    context: &Context,
    want: Want,
    requested: Requested,
) -> Result<Record> {
    let gone = || {
        let why = format!("the network namespace {} does not exist", netns.display());
        Error::netns(why)
    };
    let netns_id = NetnsId::of(netns).map_err(super::node::file_failed)?;
    let boot_id = boot_id().map_err(super::node::file_failed)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let pod = attachment.args.pod().map(|(namespace, name)| Pod {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        uid: attachment.args.pod_uid().map(str::to_owned),
    });
    Ok(Record {
        schema: SCHEMA,
        state: State::Adding,
        tag: id.tag(),
        id,
        network: call.conf.name.clone(),
        netns: Some(netns.to_string_lossy().into_owned()),
        netns_id: Some(netns_id.ok_or_else(gone)?),
        boot_id,
        pod,
        sw_if_index: None,
        memif_socket_id: None,
        vpp_socket: context.conf.vpp_socket.clone(),
        handover: outcome::place(&context.conf, attachment, &want),
        want,
        device_info_file: requested.device_info_file,
        ipam: ipam_of(call),
        result: None,
    })
}

/// Removes what an earlier ADD of the same attachment has left. One that is complete and whose
/// network namespace exists is an error: the runtime has to call DEL first.
///
/// Returns whether VPP has nothing of the attachment; it may if its record cannot be read.
async fn remove_leftover(node: &Node, new: &Record, by: Instant) -> Result<bool> {
    let old = match node.record(&new.id)? {
        None => return Ok(true),
        Some(Found::SetAside(_)) => return Ok(false),
        Some(Found::Record(old)) => old,
    };
    let is_same_netns = old.boot_id == new.boot_id && old.netns_id == new.netns_id;
    if old.state == State::Ready && is_same_netns {
        let why = format!("{} is attached already, to {}", old.id, old.network);
        return Err(Error::config(why).with_details("call DEL first"));
    }
    let id = old.id.clone();
    match removal::remove(node, *old, by).await? {
        removal::Removed::Completely => Ok(true),
        removal::Removed::WithoutVpp(error) => {
            Err(error.during(format!("cannot remove what an earlier ADD of {id} left")))
        }
    }
}

async fn connect_for(context: &Context, want: &Want) -> Result<CniVpp> {
    let socket = &context.conf.vpp_socket;
    let vpp = connect(socket, context.add_limits()).await?;
    let missing = vpp.missing(want);
    if missing.is_empty() {
        return Ok(vpp);
    }
    let why = format!(
        "this VPP cannot serve the configuration: {}",
        missing.join(", ")
    );
    vpp.close().await;
    Err(Error::vpp(why).with_details("is the plugin of VPP enabled in startup.conf?"))
}

/// An ADD that has a record.
struct Addition<'a> {
    context: &'a Context,
    record: Record,
    delegate: Option<Delegate>,
    has_address: bool,
    /// Whether VPP may have something of the attachment.
    is_on_vpp: bool,
    /// Whether VPP is known to have nothing of the attachment before.
    is_fresh: bool,
}

impl Addition<'_> {
    async fn carry_out(
        &mut self,
        call: &Call,
        vpp: CniVpp,
        previous: Option<CniResult>,
    ) -> Result<CniResult> {
        let mut allocated = CniResult::default();
        if let Some(delegate) = &self.delegate {
            allocated = delegate.add().await?;
            self.has_address = true;
            if allocated.ips.is_empty() {
                let name = delegate.plugin();
                return Err(Error::delegate(format!("{name} allocated no address")));
            }
        }
        addresses::complete(&mut self.record.want, &allocated)?;
        let is_layer3 = matches!(self.record.want.network, Network::Layer3(_));
        if is_layer3 && self.has_address {
            // The routes are found again by the addresses.
            self.context.node.store(&self.record)?;
        }
        self.add_on_host(vpp).await?;
        let result = outcome::result(call, &self.record, previous, allocated);
        outcome::write_files(&self.record, &self.context.conf, &result)?;
        self.record.state = State::Ready;
        self.record.result = Some(result.to_json(call.conf.version));
        self.context.node.store(&self.record)?;
        Ok(result)
    }

    async fn add_on_host(&mut self, vpp: CniVpp) -> Result<()> {
        let (node, by) = (&self.context.node, self.context.work_by);
        let socket = &self.record.vpp_socket;
        let want = &self.record.want;
        let _network = node.lock_network(want, socket, by).await?;
        outcome::create_folder(want)?;
        let remembered = (!self.is_fresh).then(Numbers::default);
        let added = vpp.add_on_host(&self.record.id, want, remembered).await;
        self.is_on_vpp = added
            .as_ref()
            .map_or_else(|it| !it.left.is_empty(), |_| true);
        let numbers = added.map_err(|failed| failure::of_add(&failed, socket))?;
        self.record.sw_if_index = numbers.interface.map(|it| it.0);
        self.record.memif_socket_id = numbers.socket_id;
        Ok(())
    }

    /// Undoes everything, and returns the error with what could not be undone.
    async fn roll_back(mut self, error: Error) -> Error {
        if !self.has_address {
            // IPAM's own DEL has been run already.
            self.record.ipam = None;
        }
        let (node, by) = (&self.context.node, self.context.deadline);
        let removed = if self.is_on_vpp {
            removal::remove(node, self.record, by).await
        } else {
            removal::remove_without_vpp(node, self.record, by).await
        };
        match removed {
            Ok(removal::Removed::Completely) => error.and("everything was undone"),
            Ok(removal::Removed::WithoutVpp(second)) | Err(second) => error.and(format!(
                "not everything was undone: {second}; it is swept later"
            )),
        }
    }
}
