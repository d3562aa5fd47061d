//! Injected faults.

mod parse;
mod plan;

use std::time::Duration;

pub use parse::ParseFaultError;
pub(crate) use plan::FaultPlan;

/// What the simulator does wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Delays the message, and all that follow it on the connection.
    Delay(Duration),
    /// Handles the message at once, but sends the reply late. Other replies overtake it.
    Late(Duration),
    /// Handles the message, but holds the reply back until
    /// [`Sim::send_held_replies`](crate::Sim::send_held_replies).
    Hold,
    /// Handles the message, but drops the reply.
    Drop,
    /// Drops the message without handling it.
    Lose,
    /// Replies with this `retval` without handling the message. A dump is empty.
    Retval(i32),
    /// Closes the connection before the message is handled.
    CloseBefore,
    /// Handles the message and closes the connection without a reply.
    CloseAfter,
    /// Handles the message, replies and closes the connection.
    CloseAfterReply,
    /// Restarts VPP before the message is handled.
    Restart,
    /// Handles the message and restarts VPP without a reply.
    RestartAfter,
    /// Makes VPP hang: it handles no message and accepts no connection until
    /// [`Sim::resume`](crate::Sim::resume). Then it handles everything that is queued,
    /// including this message.
    Pause,
    /// Kills the process that sent the message. The connection closes, and neither this nor
    /// any further message of it is handled.
    ///
    /// The process is the one that connected (`SO_PEERCRED`). If it is the simulator's own
    /// process, the connection closes, nothing is killed, and
    /// [`Sim::crashes`](crate::Sim::crashes) reports it.
    KillBefore,
    /// Handles the message and kills the process that sent it without a reply. Otherwise as
    /// [`KillBefore`](Self::KillBefore).
    KillAfter,
    /// Replies with this many bytes that are not a frame. 0 sends a header with an impossible
    /// length.
    Garbage(usize),
    /// Cuts the reply in the middle of its first frame and closes the connection.
    Truncate,
    /// Handles the message, replies and reads nothing more from the connection.
    StopReading,
    /// Removes the message and its reply from the message table.
    Hide,
    /// Shows the message with another CRC in the message table.
    Crc(u32),
}

/// A fault and the messages that it applies to.
///
/// ```
/// use vpp_sim::{Fault, FaultRule};
///
/// let rule: FaultRule = "memif_create_v2@2#1=retval:-12".parse()?;
/// assert_eq!(rule, FaultRule::new("memif_create_v2", Fault::Retval(-12)).after(2).times(1));
/// # Ok::<(), vpp_sim::fault::ParseFaultError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    /// The name of the message, or `*` for all messages.
    pub message: String,
    /// What the simulator does wrong.
    pub fault: Fault,
    /// The number of messages that pass before the fault applies.
    pub after: u32,
    /// The number of messages that the fault applies to, or `None` for all.
    pub times: Option<u32>,
}

impl FaultRule {
    /// A rule for every message of this name, or for all messages if the name is `*`.
    pub fn new(message: impl Into<String>, fault: Fault) -> Self {
        Self {
            message: message.into(),
            fault,
            after: 0,
            times: None,
        }
    }

    /// Lets this many messages pass before the fault applies.
    #[must_use]
    pub fn after(self, after: u32) -> Self {
        Self { after, ..self }
    }

    /// Limits the fault to this many messages.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    fn matches(&self, message: &str) -> bool {
        self.message == "*" || self.message == message
    }
}
