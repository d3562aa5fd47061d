use super::context::StepContext;
use super::steps::*;
use super::{FileLocation, Look, Numbers, Result, Undone};

/// One thing that an interface on VPP consists of.
///
/// Each step relies on those before it in its list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// A folder for a socket file.
    Folder(Folder),
    /// A memif socket.
    MemifSocket(MemifSocket),
    /// A memif on that socket.
    Memif(Memif),
    /// A vhost-user interface.
    VhostUser(VhostUser),
    /// The owner's tag on the interface.
    Tag(Tag),
    /// Group and mode of the socket file.
    SocketAccess(SocketAccess),
    /// The MTU of the interface.
    Mtu(Mtu),
    /// How VPP takes packets from the interface's queues.
    RxMode(RxMode),
    /// A FIB table of the network.
    Table(Table),
    /// The loopback with the network's gateway addresses.
    Gateway(Gateway),
    /// The interface shares the gateway's addresses.
    Unnumbered(Unnumbered),
    /// VPP answers ARP requests on the interface for the network's other pods.
    ProxyArp(ProxyArp),
    /// The route to one address of the pod.
    PodRoute(PodRoute),
    /// The interface is up.
    AdminUp(AdminUp),
    /// A bridge domain.
    Bridge(Bridge),
    /// The interface's membership in that bridge domain.
    Member(Member),
    /// An address of the interface.
    Address(Address),
}

/// Calls a method of the step inside.
macro_rules! inside {
    ($step:expr, $inside:ident => $call:expr) => {
        match $step {
            Step::Folder($inside) => $call,
            Step::MemifSocket($inside) => $call,
            Step::Memif($inside) => $call,
            Step::VhostUser($inside) => $call,
            Step::Tag($inside) => $call,
            Step::SocketAccess($inside) => $call,
            Step::Mtu($inside) => $call,
            Step::RxMode($inside) => $call,
            Step::Table($inside) => $call,
            Step::Gateway($inside) => $call,
            Step::Unnumbered($inside) => $call,
            Step::ProxyArp($inside) => $call,
            Step::PodRoute($inside) => $call,
            Step::AdminUp($inside) => $call,
            Step::Bridge($inside) => $call,
            Step::Member($inside) => $call,
            Step::Address($inside) => $call,
        }
    };
}

impl Step {
    pub(super) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        inside!(self, it => it.look(context).await)
    }

    pub(super) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        inside!(self, it => it.apply(context).await)
    }

    pub(super) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        inside!(self, it => it.undo(context).await)
    }

    /// What doing this is called, as in "cannot …".
    #[must_use]
    pub fn operation(&self) -> String {
        inside!(self, it => it.operation())
    }

    /// The step with the numbers that are known.
    pub(super) fn describe(&self, numbers: &Numbers) -> String {
        inside!(self, it => it.describe(numbers))
    }

    /// The interface that this is or changes, as far as it is known.
    pub(super) fn sw_if_index(&self, numbers: &Numbers) -> Option<u32> {
        let changes_no_interface = matches!(
            self,
            Self::Folder(_)
                | Self::MemifSocket(_)
                | Self::SocketAccess(_)
                | Self::Bridge(_)
                | Self::Table(_)
                | Self::Gateway(_)
        );
        let index = numbers.interface.filter(|_| !changes_no_interface);
        index.map(|it| it.0)
    }

    /// The number of the socket or bridge domain that this is, as far as it is known.
    pub(super) fn id(&self, numbers: &Numbers) -> Option<u32> {
        match self {
            Self::MemifSocket(socket) => numbers.socket_id.or(socket.id),
            Self::Bridge(bridge) => numbers.bridge_id.or(bridge.id),
            Self::Member(_) => numbers.bridge_id,
            _ => None,
        }
    }

    /// Whether doing it is one request, so that nothing of it is done when that is refused.
    pub(super) fn is_one_request(&self) -> bool {
        !matches!(
            self,
            Self::Table(_) | Self::Gateway(_) | Self::Unnumbered(_) | Self::PodRoute(_)
        )
    }

    /// The interface itself, which takes the steps that change it with it.
    pub(super) fn is_interface(&self) -> bool {
        matches!(self, Self::Memif(_) | Self::VhostUser(_))
    }

    /// Whether VPP keeps this when the interface is deleted, and applies it to the next one with
    /// the same number. Some of it cannot be removed any more then.
    pub(super) fn outlives_interface(&self) -> bool {
        matches!(
            self,
            Self::PodRoute(_) | Self::ProxyArp(_) | Self::Unnumbered(_)
        )
    }

    /// Whether deleting the interface undoes this as well.
    pub(super) fn goes_with_interface(&self) -> bool {
        matches!(
            self,
            Self::Tag(_)
                | Self::SocketAccess(_)
                | Self::Mtu(_)
                | Self::RxMode(_)
                | Self::AdminUp(_)
                | Self::Member(_)
        )
    }

    /// The file that VPP leaves when it exits.
    pub(super) fn listening_at(&self, numbers: &Numbers) -> Option<FileLocation> {
        match self {
            Self::MemifSocket(it) => it.listening_at(numbers),
            Self::VhostUser(it) => it.listening_at(),
            _ => None,
        }
    }
}
