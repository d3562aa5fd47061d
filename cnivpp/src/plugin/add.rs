use std::path::Path;
use std::time::Instant;

use super::context::{Context, connect};
use super::node::{Node, StoredRecord};
use super::pod_object::{self, PodObject};
use super::{attachment_files, failure, ipam, pod_end, removal, resolve, result, socket, sweep};
use crate::attachment::{Id, Network, Record, SCHEMA, State, Want};
use crate::cni::{Attachment, Call, CniResult, Delegate, Error, Requested, Result};
use crate::cni_vpp::CniVpp;
use crate::engine::Numbers;
use crate::files::LockKind;
use crate::localdb::{NetnsId, boot_id};
use crate::netconf::NetConf;

/// Attaches a container.
///
/// Checks everything first. Stores the record before it calls IPAM and VPP, so that this process or
/// a later one can undo what was done.
pub(super) async fn add(call: &Call, attachment: &Attachment, netns: &Path) -> Result<CniResult> {
    let context = Context::new(call)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let requested = call.requested(attachment)?;
    let (conf, network) = (&context.conf, &call.conf.name);
    let (node, deadline) = (&context.node, context.work_deadline);
    let pod = pod_object::open(call, attachment, conf, deadline).await?;
    let shared_dir = pod
        .as_ref()
        .map(|it| it.shared_dir(conf))
        .transpose()?
        .flatten();
    let shared_dir = shared_dir.as_ref();
    let want = resolve::want(conf, network, &id, netns, &requested, shared_dir)?;
    check_table(call, &want)?;
    let previous = result::previous(call, attachment, netns)?;
    let record = new_record(call, attachment, netns, conf, want, requested)?;
    let handover = attachment_files::handover_folder(conf, attachment, &record.want, shared_dir);
    let kubernetes = pod.as_ref().map(|it| it.access.clone());
    let record = Record {
        handover,
        kubernetes,
        ..record
    };

    let _node = node.lock(LockKind::Shared, deadline).await?;
    sweep::before_add(node, &record.boot_id, deadline).await;
    let _own = node.lock_attachment(&id, deadline).await?;
    let is_fresh = remove_leftover(node, &record, deadline).await?;

    let vpp = connect_for(&context, &record.want).await?;
    node.store(&record)?;
    let mut addition = Addition {
        context: &context,
        delegate: Delegate::of_call(call, deadline),
        record,
        pod,
        has_address: false,
        is_on_vpp: false,
        is_fresh,
    };
    match addition.run(call, vpp, previous).await {
        Ok(result) => Ok(result),
        Err(error) => Err(addition.roll_back(error).await),
    }
}

/// Rejects a table without IPAM, because the table would stay empty.
fn check_table(call: &Call, want: &Want) -> Result<()> {
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
    conf: &NetConf,
    want: Want,
    requested: Requested,
) -> Result<Record> {
    let gone = || {
        let why = format!("the network namespace {} does not exist", netns.display());
        Error::netns(why)
    };
    let netns_id = NetnsId::of(netns).map_err(failure::of_file)?;
    let boot_id = boot_id().map_err(failure::of_file)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    Ok(Record {
        schema: SCHEMA,
        state: State::Adding,
        tag: id.tag(),
        id,
        network: call.conf.name.clone(),
        netns: Some(netns.to_string_lossy().into_owned()),
        netns_id: Some(netns_id.ok_or_else(gone)?),
        boot_id,
        pod: pod_object::pod_of(attachment),
        kubernetes: None,
        sw_if_index: None,
        memif_socket_id: None,
        vpp_socket: conf.vpp_socket.clone(),
        handover: None,
        want,
        device_info_file: requested.device_info_file,
        ipam: ipam::settings(call),
        result: None,
    })
}

/// Removes what an earlier ADD of the same attachment left. A complete attachment in the same
/// network namespace is an error: the runtime must call DEL first.
///
/// Returns whether VPP is known to have nothing of the attachment. It is not known if the record is
/// unusable.
async fn remove_leftover(node: &Node, new: &Record, deadline: Instant) -> Result<bool> {
    let old = match node.record(&new.id)? {
        None => return Ok(true),
        Some(StoredRecord::Unusable(_)) => return Ok(false),
        Some(StoredRecord::Valid(old)) => old,
    };
    let is_same_netns = old.boot_id == new.boot_id && old.netns_id == new.netns_id;
    if old.state == State::Ready && is_same_netns {
        let why = format!("{} is already attached to {}", old.id, old.network);
        return Err(Error::config(why).with_details("call DEL first"));
    }
    let id = old.id.clone();
    match removal::remove(node, *old, deadline).await? {
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
    vpp.close().await;
    let why = failure::missing_messages(&missing);
    Err(Error::vpp(why).with_details("enable the plugin of VPP in startup.conf"))
}

/// An ADD whose record is stored.
struct Addition<'a> {
    context: &'a Context,
    record: Record,
    pod: Option<PodObject>,
    delegate: Option<Delegate>,
    has_address: bool,
    /// Whether VPP may have objects of the attachment.
    is_on_vpp: bool,
    /// Whether VPP is known to have had no object of the attachment before.
    is_fresh: bool,
}

impl Addition<'_> {
    async fn run(
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
        ipam::add_addresses(&mut self.record.want, &allocated)?;
        let is_layer3 = matches!(self.record.want.network, Network::Layer3(_));
        if is_layer3 && self.has_address {
            // A later removal finds the routes by the addresses.
            self.context.node.store(&self.record)?;
        }
        self.add_on_host(vpp).await?;
        let result = result::build(call, &self.record, previous, allocated);
        let end = pod_end::pod_end(&self.record, &self.context.conf, &result);
        attachment_files::write(&self.record, &end)?;
        if let Some(pod) = &self.pod {
            pod.annotate(&end).await?;
        }
        self.record.state = State::Ready;
        self.record.result = Some(result.to_json(call.conf.version));
        self.context.node.store(&self.record)?;
        Ok(result)
    }

    async fn add_on_host(&mut self, vpp: CniVpp) -> Result<()> {
        let (node, deadline) = (&self.context.node, self.context.work_deadline);
        let vpp_socket = &self.record.vpp_socket;
        let want = &self.record.want;
        let _network = node.lock_network(want, vpp_socket, deadline).await?;
        socket::create_folder(want)?;
        let remembered = (!self.is_fresh).then(Numbers::default);
        let added = vpp.add_on_host(&self.record.id, want, remembered).await;
        self.is_on_vpp = added
            .as_ref()
            .map_or_else(|it| !it.left.is_empty(), |_| true);
        let numbers = added.map_err(|failed| failure::of_add(&failed, vpp_socket))?;
        self.record.sw_if_index = numbers.interface.map(|it| it.0);
        self.record.memif_socket_id = numbers.socket_id;
        Ok(())
    }

    /// Undoes everything. Adds to the error what could not be undone.
    async fn roll_back(mut self, error: Error) -> Error {
        if !self.has_address {
            // The delegate already ran IPAM's DEL.
            self.record.ipam = None;
        }
        let (node, deadline) = (&self.context.node, self.context.deadline);
        let removed = if self.is_on_vpp {
            removal::remove(node, self.record, deadline).await
        } else {
            removal::remove_without_vpp(node, self.record, deadline).await
        };
        match removed {
            Ok(removal::Removed::Completely) => error.and("everything was undone"),
            Ok(removal::Removed::WithoutVpp(second)) | Err(second) => error.and(format!(
                "not everything was undone: {second}; a later sweep removes the rest"
            )),
        }
    }
}
