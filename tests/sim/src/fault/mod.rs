//! What goes wrong, on demand.

mod parse;
mod plan;

use std::time::Duration;

pub use parse::BadFault;
pub(crate) use plan::Plan;

/// What goes wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The message waits, and all that follows it on the connection.
    Delay(Duration),
    /// It is handled at once, but its answer comes late; others overtake it.
    Late(Duration),
    /// It is handled, and its answer is kept until [`Sim::release_held`](crate::Sim::release_held).
    Hold,
    /// It is handled, and its answer is lost.
    Drop,
    /// It is lost before it is handled.
    Lose,
    /// It is not handled; its reply has this `retval`, and a dump is empty.
    Retval(i32),
    /// The connection closes before it is handled.
    CloseBefore,
    /// It is handled; the connection closes without the answer.
    CloseAfter,
    /// It is handled and answered; then the connection closes.
    CloseAfterReply,
    /// VPP dies before it is handled, and is started again.
    Restart,
    /// It is handled; VPP dies without the answer, and is started again.
    RestartAfter,
    /// VPP hangs: neither this nor any other message is handled, and no connection accepted,
    /// until [`Sim::resume`](crate::Sim::resume). Then all that has queued is handled, this
    /// message included.
    Pause,
    /// The process that sent it is killed before it is handled; it is not handled, nor is
    /// anything else on the connection, which closes.
    ///
    /// The process is the one that connected (`SO_PEERCRED`). The simulator's own process is
    /// never killed: the connection closes, and [`Sim::crashes`](crate::Sim::crashes) says so.
    KillBefore,
    /// It is handled, and the process that sent it is killed without the answer; else as
    /// [`KillBefore`](Self::KillBefore).
    KillAfter,
    /// The answer is this many bytes that are no frame; 0 is a header with an impossible length.
    Garbage(usize),
    /// The answer is cut in the middle of its first frame, and the connection closes.
    Truncate,
    /// It is handled and answered; after it nothing is read from the connection.
    StopReading,
    /// The message and its reply are missing in the message table.
    Hide,
    /// The message has another CRC in the message table.
    Crc(u32),
}

/// A fault, and which messages it meets.
///
/// ```
/// use vpp_sim::{Fault, FaultRule};
///
/// let rule: FaultRule = "memif_create_v2@2#1=retval:-12".parse()?;
/// assert_eq!(rule, FaultRule::new("memif_create_v2", Fault::Retval(-12)).after(2).times(1));
/// # Ok::<(), vpp_sim::BadFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// The message's name, or `*` for all.
    pub message: String,
    /// What goes wrong.
    pub fault: Fault,
    /// How many messages pass before it.
    pub after: u32,
    /// How many messages it meets; all, if not set.
    pub times: Option<u32>,
}

impl FaultRule {
    /// A fault that meets every message of this name; `*` is every message.
    pub fn new(message: impl Into<String>, fault: Fault) -> Self {
        Self {
            message: message.into(),
            fault,
            after: 0,
            times: None,
        }
    }

    /// Lets this many messages pass first.
    #[must_use]
    pub fn after(self, after: u32) -> Self {
        Self { after, ..self }
    }

    /// Ends after this many messages.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    fn is_for(&self, message: &str) -> bool {
        self.message == "*" || self.message == message
    }
}
