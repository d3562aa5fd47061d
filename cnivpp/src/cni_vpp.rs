//! Adds, checks and removes one attachment on VPP.

use std::path::Path;
use std::time::{Duration, Instant};

use vpp_bindings::client::table::Presence;

use crate::api::{self, infra};
use crate::attachment::{Handover, Id, Want, plan};
use crate::engine::{self, Event, Limits, Link, Look, Numbers, Walk};
use crate::files::{self, Access, Dir};
use crate::handover::{self, Audience};
use crate::localdb;

/// A connection to the node's VPP for one attachment.
///
/// It has the four operations of the Go package's `CniVpp`.
///
/// ```
/// use std::time::{Duration, Instant};
/// use cnivpp::attachment::{Id, Network, Socket, Want, WantInterface, WantVhostUser};
/// use cnivpp::engine::{Limits, Numbers};
/// use cnivpp::CniVpp;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = vpp_sim::Sim::start_in_process().await?;
/// # let (socket, folder) = (sim.socket(), tempfile::tempdir()?);
/// let id = Id::new("box1", "net1");
/// let want = Want {
///     interface: WantInterface::VhostUser(WantVhostUser {
///         is_server: true,
///         gso: false,
///         packed: false,
///     }),
///     socket: Socket::file(folder.path().join("net1.sock"))?,
///     mac: Some(id.mac("host")),
///     pod_mac: None,
///     mtu: None,
///     rx_mode: None,
///     network: Network::Bridge { id: 7 },
/// };
/// let by = Instant::now() + Duration::from_secs(5);
/// let limits = Limits { add_by: Some(by), take_back_by: Some(by) };
/// let vpp = CniVpp::connect(socket, limits).await?;
/// let numbers = vpp.add_on_host(&id, &want, None).await?;
///
/// let vpp = CniVpp::connect(socket, limits).await?;
/// let remains = vpp.del_from_host(&id, &want, numbers).await;
/// assert!(remains.left.is_empty());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct CniVpp {
    link: Link,
    limits: Limits,
}

/// An attachment that was not added, and what is left of it.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct NotAdded {
    /// The first step that failed, and why.
    #[source]
    pub error: engine::Error,
    /// What could not be undone, in words. Empty if nothing is left.
    pub left: Vec<String>,
}

/// The outcome of restoring an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// VPP's numbers of the attachment.
    pub numbers: Numbers,
    /// The number of steps that were done, because VPP lacked them.
    pub changes: usize,
}

/// The objects that a removal leaves on VPP.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remains {
    /// What could not be removed, in words. Empty if nothing is left.
    pub left: Vec<String>,
    /// Whether VPP stopped answering, so that the rest was not tried.
    pub is_unanswered: bool,
}

/// Unregisters from VPP, and waits up to 200 ms for the reply.
async fn close(link: Link) {
    const TIMEOUT: Duration = Duration::from_millis(200);
    // If this fails, VPP has exited, or detects the closed socket.
    let _ = tokio::time::timeout(TIMEOUT, link.client().disconnect()).await;
}

impl CniVpp {
    /// Connects to VPP. Retries until `limits.add_by` while VPP is busy, and fails at once if VPP
    /// is not running.
    ///
    /// # Errors
    /// VPP cannot be reached.
    pub async fn connect(socket: &Path, limits: Limits) -> api::Result<Self> {
        let left = |by: Instant| by.saturating_duration_since(Instant::now());
        let timeout = limits.add_by.map_or(Duration::from_secs(5), left);
        let timeout = timeout.max(Duration::from_millis(1));
        let link = Link::connect(socket.to_owned(), "userspace".to_owned(), timeout).await?;
        Ok(Self { link, limits })
    }

    /// The messages that the attachment needs and VPP lacks, in words.
    #[must_use]
    pub fn missing(&self, want: &Want) -> Vec<String> {
        let table = self.link.client().message_table();
        let mut missing = Vec::new();
        for (user, needs) in want.needs() {
            missing.extend(table.check_any(needs).missing().map(|it| {
                let message = &it.name;
                match it.presence {
                    Presence::OtherCrc { vpp } => {
                        format!("{message} has another layout (CRC {vpp:08x}), needed for {user}")
                    }
                    _ => format!("{message} is missing, needed for {user}"),
                }
            }));
        }
        missing
    }

    /// Creates what is missing of the attachment, and keeps what is present. On failure it undoes
    /// everything that this call has done.
    ///
    /// `remembered` has the numbers of an earlier ADD. If it is `None`, the attachment's interface
    /// is not looked for.
    ///
    /// # Errors
    /// The step that failed, and what could not be undone.
    pub async fn add_on_host(
        self,
        id: &Id,
        want: &Want,
        remembered: Option<Numbers>,
    ) -> Result<Numbers, NotAdded> {
        let (vpp, added) = self.add(id, want, remembered).await;
        vpp.close().await;
        added.map(|it| it.numbers)
    }

    /// Does the same as [`add_on_host`](Self::add_on_host) for an attachment that may be present, and
    /// keeps the connection.
    pub async fn restore_on_host(
        self,
        id: &Id,
        want: &Want,
        remembered: Numbers,
    ) -> (Self, Result<Restored, NotAdded>) {
        self.add(id, want, Some(remembered)).await
    }

    async fn add(
        self,
        id: &Id,
        want: &Want,
        remembered: Option<Numbers>,
    ) -> (Self, Result<Restored, NotAdded>) {
        let limits = self.limits;
        let is_fresh = remembered.is_none();
        let mut walk = Walk::new(self.link, id.tag(), Events::default())
            .with_numbers(remembered.unwrap_or_default())
            .with_limits(limits)
            .fresh(is_fresh)
            .skip_implied(true);
        let mut failed = None;
        for step in plan(want) {
            if let Err(error) = walk.add(step).await {
                walk.take_back().await;
                failed = Some(error);
                break;
            }
        }
        let numbers = walk.numbers().clone();
        let (link, events) = walk.finish();
        let result = match failed {
            None => Ok(Restored {
                numbers,
                changes: events.done,
            }),
            Some(error) => {
                let left = events.left;
                Err(NotAdded { error, left })
            }
        };
        (Self { link, limits }, result)
    }

    /// Compares VPP with the desired state, and returns the differences in words.
    ///
    /// # Errors
    /// VPP does not answer.
    pub async fn check_on_host(
        self,
        id: &Id,
        want: &Want,
        remembered: Numbers,
    ) -> engine::Result<Vec<String>> {
        let mut walk = Walk::new(self.link, id.tag(), ())
            .with_numbers(remembered)
            .with_limits(self.limits);
        let mut differences = Vec::new();
        let mut done = Ok(());
        for step in plan(want) {
            match walk.look(&step).await {
                Ok(Look::Present | Look::Unknown) => {}
                Ok(Look::Missing) => {
                    differences.push(format!("{} is missing", walk.describe(&step)));
                }
                Ok(Look::Differs(how)) => differences.push(how),
                Err(error) => {
                    done = Err(error);
                    break;
                }
            }
        }
        let (link, ()) = walk.finish();
        close(link).await;
        done.map(|()| differences)
    }

    /// Removes the attachment. Carries on over errors, and returns what is left. It is not an
    /// error if an object does not exist or belongs to another owner by now.
    pub async fn del_from_host(self, id: &Id, want: &Want, remembered: Numbers) -> Remains {
        let mut walk = Walk::new(self.link, id.tag(), Events::default())
            .with_numbers(remembered)
            .with_limits(self.limits)
            .skip_implied(true);
        for step in plan(want) {
            walk.note(step);
        }
        walk.take_back().await;
        let is_unanswered = walk.is_unreachable();
        let (link, events) = walk.finish();
        close(link).await;
        Remains {
            left: events.left,
            is_unanswered,
        }
    }

    /// Closes the connection.
    pub async fn close(self) {
        close(self.link).await;
    }

    /// Removes the files of an attachment whose VPP has exited. The other objects no longer exist.
    ///
    /// # Errors
    /// The system refuses.
    pub async fn del_files(want: &Want) -> engine::Result<()> {
        engine::remove_files(&plan(want)).await
    }

    /// Writes the files from which the container's program configures its end. Creates the folder
    /// if it is missing. No symbolic link in the folder's path is followed.
    ///
    /// # Errors
    /// A folder or a file cannot be written.
    pub fn add_on_container(place: &Handover, end: &handover::Attachment) -> localdb::Result<()> {
        let audience = Audience { gid: place.gid };
        let base = Dir::create(&place.base, Access::mode(0o755))?;
        let dir = base.create_beneath(&place.folder, audience.folder())?;
        if place.is_shared {
            handover::write_config_data(&dir, end, audience)
        } else {
            handover::write_pair(&dir, end, audience)
        }
    }

    /// Removes these files, and those that the container's program has written beside them. Keeps
    /// the folder. Missing files are not an error.
    ///
    /// # Errors
    /// All errors, after everything was tried.
    pub fn del_from_container(place: &Handover, id: &Id) -> Result<(), Vec<files::Error>> {
        let dir = Dir::open(&place.base).and_then(|base| base.open_beneath(&place.folder));
        let dir = dir.map_err(|error| vec![error])?;
        let removed = handover::remove(&dir, &id.container_id, &id.if_name);
        removed.map(drop).map_err(|(_, errors)| errors)
    }

    /// Sets the limits of the following operations.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Checks that VPP answers a request.
    ///
    /// # Errors
    /// VPP does not answer.
    pub async fn check_alive(&self) -> api::Result<()> {
        infra::vpp(&self.link.client()).await.map(drop)
    }

    /// Whether connecting failed because VPP is not running.
    #[must_use]
    pub fn has_exited(error: &api::Error) -> bool {
        engine::has_exited(error)
    }

    /// The connection.
    #[must_use]
    pub fn link(&self) -> &Link {
        &self.link
    }
}

/// Logs the events of a walk, and keeps what could not be undone.
#[derive(Debug, Default)]
struct Events {
    /// Why steps could not be undone, the newest last.
    reasons: Vec<String>,
    left: Vec<String>,
    /// The number of steps that were done.
    done: usize,
}

impl engine::Observer for Events {
    fn event(&mut self, event: Event) {
        match event {
            Event::Done(it) => {
                tracing::info!("done: {}", it.text);
                self.done += 1;
            }
            Event::Kept(it) => tracing::info!("present: {}", it.text),
            Event::Failed(it) => {
                tracing::warn!("failed: {}: {}", it.text, it.error.unwrap_or_default());
            }
            Event::Undone(it) => tracing::info!("undone: {}", it.text),
            Event::UndoFailed(it) => {
                let error = it.error.unwrap_or_default();
                tracing::warn!("{}: {error}", it.text);
                self.reasons.push(error);
            }
            Event::LeftBehind(text) => {
                tracing::warn!("left behind: {text}");
                let reason = self.reasons.pop();
                self.left.push(match reason {
                    Some(reason) => format!("{text}: {reason}"),
                    None => text,
                });
            }
        }
    }
}
