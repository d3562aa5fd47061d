use super::context::StepContext;
use super::steps::*;
use super::{FileLocation, Look, Numbers, Result, Undone};

/// One object or setting of an interface on VPP.
///
/// Each step relies on the previous ones in its list.
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
    /// The receive mode of the interface.
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

/// Calls a method of the variant's value.
macro_rules! with_inner {
    ($step:expr, $inner:ident => $call:expr) => {
        match $step {
            Step::Folder($inner) => $call,
            Step::MemifSocket($inner) => $call,
            Step::Memif($inner) => $call,
            Step::VhostUser($inner) => $call,
            Step::Tag($inner) => $call,
            Step::SocketAccess($inner) => $call,
            Step::Mtu($inner) => $call,
            Step::RxMode($inner) => $call,
            Step::Table($inner) => $call,
            Step::Gateway($inner) => $call,
            Step::Unnumbered($inner) => $call,
            Step::ProxyArp($inner) => $call,
            Step::PodRoute($inner) => $call,
            Step::AdminUp($inner) => $call,
            Step::Bridge($inner) => $call,
            Step::Member($inner) => $call,
            Step::Address($inner) => $call,
        }
    };
}

impl Step {
    pub(super) async fn look(&self, context: &mut StepContext<'_>) -> Result<Look> {
        with_inner!(self, it => it.look(context).await)
    }

    pub(super) async fn apply(&self, context: &mut StepContext<'_>) -> Result<String> {
        with_inner!(self, it => it.apply(context).await)
    }

    pub(super) async fn undo(&self, context: &mut StepContext<'_>) -> Result<Undone> {
        with_inner!(self, it => it.undo(context).await)
    }

    /// The operation that does the step, for texts such as `cannot OPERATION`.
    #[must_use]
    pub fn operation(&self) -> String {
        with_inner!(self, it => it.operation())
    }

    /// The object of the step, with its known numbers.
    pub(super) fn describe(&self, numbers: &Numbers) -> String {
        with_inner!(self, it => it.describe(numbers))
    }

    /// The interface that this step creates or changes, if it is known.
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

    /// The ID of the socket or bridge domain that this step creates or changes, if it is known.
    pub(super) fn id(&self, numbers: &Numbers) -> Option<u32> {
        match self {
            Self::MemifSocket(socket) => numbers.socket_id.or(socket.id),
            Self::Bridge(bridge) => numbers.bridge_id.or(bridge.id),
            Self::Member(_) => numbers.bridge_id,
            _ => None,
        }
    }

    /// Whether the step is one request, so that a refusal means that nothing was done.
    pub(super) fn is_one_request(&self) -> bool {
        !matches!(
            self,
            Self::Table(_) | Self::Gateway(_) | Self::Unnumbered(_) | Self::PodRoute(_)
        )
    }

    /// Whether the step creates the interface. Deleting the interface undoes other steps.
    pub(super) fn is_interface(&self) -> bool {
        matches!(self, Self::Memif(_) | Self::VhostUser(_))
    }

    /// Whether VPP keeps this when the interface is deleted, and applies it to the next one with
    /// the same index. Some of these settings cannot be removed afterwards.
    pub(super) fn outlives_interface(&self) -> bool {
        matches!(
            self,
            Self::PodRoute(_) | Self::ProxyArp(_) | Self::Unnumbered(_)
        )
    }

    /// Whether deleting the interface undoes this step.
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
