//! Applies faults to replies.

use std::sync::Arc;

use vpp_wire::frame::HEADER_SIZE;

use super::core::{Core, Flow, HeldReply};
use crate::fault::Fault;
use crate::run::Outbox;
use crate::state::Lcg;

impl Core {
    /// Sends the replies that [`Fault::Hold`] holds back.
    pub(crate) fn send_held_replies(&mut self) {
        for held in self.held.drain(..) {
            held.outbox.send(&held.bytes);
        }
    }

    /// Sends a reply as the fault requires.
    pub(super) fn apply_fault(
        &mut self,
        fault: Fault,
        to: Option<Arc<Outbox>>,
        own: &Arc<Outbox>,
        out: &mut Vec<u8>,
    ) -> Flow {
        let to = to.unwrap_or_else(|| own.clone());
        match fault {
            Fault::Hold => self.held.push(HeldReply {
                outbox: to,
                bytes: std::mem::take(out),
            }),
            Fault::Late(delay) => {
                let bytes = std::mem::take(out);
                tokio::spawn(async move {
                    tokio::time::sleep(delay).await;
                    to.send(&bytes);
                });
            }
            Fault::Drop => {}
            Fault::CloseAfter => {
                own.close(true);
                return Flow::StopReading;
            }
            Fault::CloseAfterReply => {
                to.send(out);
                own.close(false);
                return Flow::StopReading;
            }
            Fault::Truncate => {
                out.truncate(HEADER_SIZE + out.len().saturating_sub(HEADER_SIZE).min(8) / 2);
                to.send(out);
                own.close(false);
                return Flow::StopReading;
            }
            Fault::Garbage(0) => to.send(&[0xff; HEADER_SIZE]),
            Fault::Garbage(count) => {
                let mut noise = Lcg::new(self.settings.seed);
                let bytes = (0..count).map(|_| noise.next().to_be_bytes()[0]);
                to.send(&bytes.collect::<Vec<u8>>());
            }
            Fault::StopReading => {
                to.send(out);
                return Flow::StopReading;
            }
            _ => to.send(out),
        }
        Flow::Continue
    }
}
