use super::context::{Context, connect};
use super::node::Found;
use super::{failure, outcome};
use crate::attachment::{Id, Record, State, WantInterface};
use crate::cni::{Attachment, Call, CniResult, Delegate, Error, Result};
use crate::engine::{Limits, Numbers};
use crate::files::LockKind;
use crate::localdb::NetnsId;

/// Compares an attachment with what ADD made, and reports every difference at once.
pub(super) async fn check(
    call: &Call,
    attachment: &Attachment,
    expected: &CniResult,
) -> Result<()> {
    let context = Context::new(call)?;
    let id = Id::new(&attachment.container_id, &attachment.if_name);
    let (node, by) = (&context.node, context.deadline);
    let _node = node.lock(LockKind::Shared, by).await?;
    let _own = node.lock_attachment(&id, by).await?;
    let record = match node.record(&id)? {
        Some(Found::Record(record)) if record.state == State::Ready => record,
        Some(Found::SetAside(why)) => return Err(Error::different(why)),
        _ => return Err(Error::different(format!("{id} is not attached"))),
    };
    let mut differences = differences_of_result(&record, expected);
    differences.extend(difference_of_netns(&record)?);
    differences.extend(differences_on_vpp(&record, &context).await?);
    differences.extend(difference_of_socket(&record));
    let addresses = match Delegate::of_call(call, by) {
        Some(delegate) => delegate.check().await,
        None => Ok(()),
    };
    if differences.is_empty() {
        return addresses;
    }
    let why = format!("{id} is not as it was added: {}", differences.join("; "));
    let error = Error::different(why);
    Err(match addresses {
        Ok(()) => error,
        Err(second) => error.and(second),
    })
}

/// Later plugins of the chain may have added to the result, and may have changed the MTU or
/// the MAC address; the interface and its addresses have to be in it.
fn differences_of_result(record: &Record, expected: &CniResult) -> Vec<String> {
    let index = expected
        .interfaces
        .iter()
        .position(|it| it.name == record.id.if_name && it.sandbox == record.netns);
    let Some(index) = index else {
        let name = &record.id.if_name;
        return vec![format!(
            "prevResult has no interface {name} in this container"
        )];
    };
    let layer3 = outcome::addresses(&record.want);
    let has = |address| {
        let mut ips = expected.ips.iter();
        ips.any(|it| it.interface == Some(index) && it.address.addr() == address)
    };
    let missing = layer3.iter().filter(|it| !has(**it));
    missing
        .map(|it| format!("prevResult does not have {it}"))
        .collect()
}

fn difference_of_netns(record: &Record) -> Result<Option<String>> {
    let Some(netns) = &record.netns else {
        return Ok(None);
    };
    let found = NetnsId::of(netns).map_err(super::node::file_failed)?;
    let is_same = found == record.netns_id;
    Ok((!is_same).then(|| format!("{netns} is another network namespace")))
}

/// VPP does not notice that the file of a socket was removed, and the pod cannot connect then.
fn difference_of_socket(record: &Record) -> Option<String> {
    let want = &record.want;
    let listens = match &want.interface {
        WantInterface::Memif(it) => it.is_master,
        WantInterface::VhostUser(it) => it.is_server,
    };
    let place = want.socket.host.as_ref().filter(|_| listens)?;
    let path = place.path();
    (!place.exists()).then(|| format!("the socket {} is missing", path.display()))
}

async fn differences_on_vpp(record: &Record, context: &Context) -> Result<Vec<String>> {
    let socket = &record.vpp_socket;
    let vpp = connect(socket, Limits::until(context.deadline)).await?;
    let numbers = Numbers::remembered(record.sw_if_index, record.memif_socket_id);
    let checked = vpp.check_on_host(&record.id, &record.want, numbers).await;
    checked.map_err(|error| failure::of_engine(&error, socket))
}
