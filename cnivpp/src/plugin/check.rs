use super::context::{Context, connect};
use super::node::StoredRecord;
use super::{failure, ipam};
use crate::attachment::{Id, Record, State, WantInterface};
use crate::cni::{Attachment, Call, CniResult, Delegate, Error, Result};
use crate::engine::{Limits, Numbers};
use crate::files::LockKind;
use crate::localdb::NetnsId;

/// Compares an attachment with its record, and reports all differences.
pub(super) async fn check(
    call: &Call,
    attachment: &Attachment,
    expected: &CniResult,
) -> Result<()> {
    let context = Context::new(call)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let (node, deadline) = (&context.node, context.deadline);
    let _node = node.lock(LockKind::Shared, deadline).await?;
    let _own = node.lock_attachment(&id, deadline).await?;
    let record = match node.record(&id)? {
        Some(StoredRecord::Valid(record)) if record.state == State::Ready => record,
        Some(StoredRecord::Unusable(why)) => return Err(Error::different(why)),
        _ => return Err(Error::different(format!("{id} is not attached"))),
    };
    let mut differences = differences_of_result(&record, expected);
    differences.extend(difference_of_netns(&record)?);
    differences.extend(differences_on_vpp(&record, &context).await?);
    differences.extend(difference_of_socket(&record));
    let addresses = match Delegate::of_call(call, deadline) {
        Some(delegate) => delegate.check().await,
        None => Ok(()),
    };
    if differences.is_empty() {
        return addresses;
    }
    let why = format!(
        "{id} differs from what ADD created: {}",
        differences.join("; ")
    );
    let error = Error::different(why);
    Err(match addresses {
        Ok(()) => error,
        Err(second) => error.and(second),
    })
}

/// Compares interface and addresses. Later plugins in the chain may have extended the result, and
/// changed MTU and MAC address.
fn differences_of_result(record: &Record, expected: &CniResult) -> Vec<String> {
    let index = expected
        .interfaces
        .iter()
        .position(|it| it.name == record.id.if_name && it.sandbox == record.netns);
    let Some(index) = index else {
        let name = &record.id.if_name;
        return vec![format!(
            "prevResult lacks the interface {name} of this container"
        )];
    };
    let layer3 = ipam::routed_addresses(&record.want);
    let has = |address| {
        let mut ips = expected.ips.iter();
        ips.any(|it| it.interface == Some(index) && it.address.addr() == address)
    };
    let missing = layer3.iter().filter(|it| !has(**it));
    missing
        .map(|it| format!("prevResult lacks the address {it}"))
        .collect()
}

fn difference_of_netns(record: &Record) -> Result<Option<String>> {
    let Some(netns) = &record.netns else {
        return Ok(None);
    };
    let found = NetnsId::of(netns).map_err(failure::of_file)?;
    let is_same = found == record.netns_id;
    Ok((!is_same).then(|| format!("{netns} is a different network namespace")))
}

/// Checks that the socket file exists. Without it the pod cannot connect, and VPP does not notice.
fn difference_of_socket(record: &Record) -> Option<String> {
    let want = &record.want;
    let listens = match &want.interface {
        WantInterface::Memif(it) => it.is_master,
        WantInterface::VhostUser(it) => it.is_server,
    };
    let file = want.socket.host.as_ref().filter(|_| listens)?;
    let path = file.path();
    (!file.exists()).then(|| format!("the socket {} is missing", path.display()))
}

async fn differences_on_vpp(record: &Record, context: &Context) -> Result<Vec<String>> {
    let socket = &record.vpp_socket;
    let vpp = connect(socket, Limits::until(context.deadline)).await?;
    let numbers = Numbers::remembered(record.sw_if_index, record.memif_socket_id);
    let checked = vpp.check_on_host(&record.id, &record.want, numbers).await;
    checked.map_err(|error| failure::of_engine(&error, socket))
}
