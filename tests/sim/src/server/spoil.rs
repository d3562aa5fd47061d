//! What faults do to answers.

use std::sync::Arc;

use vpp_wire::frame::HEADER;

use super::core::Flow;
use super::{Core, Outbox};
use crate::fault::Fault;
use crate::state::Lcg;

/// An answer that a fault keeps back.
#[derive(Debug)]
pub(super) struct Held {
    outbox: Arc<Outbox>,
    bytes: Vec<u8>,
}

impl Core {
    /// Sends the answers that [`Fault::Hold`] has kept.
    pub(crate) fn release_held(&mut self) {
        for held in self.held.drain(..) {
            held.outbox.send(&held.bytes);
        }
    }

    /// Does to an answer what a fault wants.
    pub(super) fn spoil(
        &mut self,
        fault: Fault,
        to: Option<Arc<Outbox>>,
        own: &Arc<Outbox>,
        out: &mut Vec<u8>,
    ) -> Flow {
        let to = to.unwrap_or_else(|| own.clone());
        match fault {
            Fault::Hold => self.held.push(Held {
                outbox: to,
                bytes: std::mem::take(out),
            }),
            Fault::Late(pause) => {
                let bytes = std::mem::take(out);
                tokio::spawn(async move {
                    tokio::time::sleep(pause).await;
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
                out.truncate(HEADER + out.len().saturating_sub(HEADER).min(8) / 2);
                to.send(out);
                own.close(false);
                return Flow::StopReading;
            }
            Fault::Garbage(0) => to.send(&[0xff; HEADER]),
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
        Flow::Go
    }
}
