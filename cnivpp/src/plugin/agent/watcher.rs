use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::Shared;
use super::boot::{Boot, SocketFile};
use super::metrics::Counts;
use crate::api::{self, infra};
use crate::attachment::Id;
use crate::cni::Result;
use crate::cni_vpp::CniVpp;
use crate::engine::{Limits, chain};
use crate::plugin::restore::{Outcome, restore_one};

/// The time limit for connecting, and for one attachment.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest pause between two attempts to connect.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause before failed attachments are tried again.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// Pauses that double up to a limit.
struct Backoff {
    next: Duration,
    first: Duration,
    longest: Duration,
}

impl Backoff {
    fn new(first: Duration, longest: Duration) -> Self {
        Self {
            next: first,
            first,
            longest,
        }
    }

    fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        pause
    }

    fn reset(&mut self) {
        self.next = self.first;
    }
}

/// Waits for VPP, and restores its attachments after each connect, until all are present. Never ends.
///
/// It also looks after a reconnect to the same run, which changes nothing: a run that is taken for the
/// same by mistake would leave pods without an interface.
pub(super) async fn watch(shared: Arc<Shared>, socket: PathBuf) {
    let mut last: Option<Boot> = None;
    let mut pauses = Backoff::new(Duration::from_millis(50), LONGEST_PAUSE);
    shared.status.disconnected(&socket, "not connected yet");
    loop {
        let (mut vpp, boot) = match connect(&socket).await {
            Ok(connected) => connected,
            Err(error) => {
                shared.status.disconnected(&socket, &chain(&error));
                sleep(pauses.pause()).await;
                continue;
            }
        };
        let is_new = boot.is_none() || last != boot;
        last = boot;
        shared.status.connected(&socket, is_new);
        let mut retries = Backoff::new(Duration::from_secs(1), LONGEST_RETRY);
        loop {
            let (used, counts) = restore_all(&shared, &socket, vpp).await;
            vpp = used;
            if !vpp.link().is_up() {
                break;
            }
            pauses.reset();
            if counts.failed == 0 {
                vpp.link().lost().await;
                break;
            }
            tokio::select! {
                () = sleep(retries.pause()) => {}
                () = vpp.link().lost() => break,
            }
        }
        vpp.close().await;
        shared
            .status
            .disconnected(&socket, "the connection was lost");
        tracing::warn!("the connection to VPP at {} was lost", socket.display());
        // A VPP that exits in a loop is not asked in a loop.
        sleep(pauses.pause()).await;
    }
}

/// Connects, and identifies the run of VPP.
async fn connect(socket: &Path) -> api::Result<(CniVpp, Option<Boot>)> {
    let file = SocketFile::of(socket);
    let limits = Limits::until(Instant::now() + TIMEOUT);
    let vpp = CniVpp::connect(socket, limits).await?;
    match infra::vpp(&vpp.link().client()).await {
        Ok(found) => {
            let process_id = found.process_id;
            Ok((vpp, file.map(|file| Boot { file, process_id })))
        }
        Err(error) => {
            vpp.close().await;
            Err(error)
        }
    }
}

/// Restores the attachments of a VPP one after the other. Several at a time would save round trips, but
/// those of one bridge domain or table share a lock.
async fn restore_all(shared: &Shared, socket: &Path, mut vpp: CniVpp) -> (CniVpp, Counts) {
    let start = Instant::now();
    let mut counts = Counts::default();
    let ids = match ids_on(shared, socket) {
        Ok(ids) => ids,
        Err(error) => {
            tracing::error!("cannot read the records: {error}");
            counts.failed = 1;
            Vec::new()
        }
    };
    for id in ids {
        let deadline = Instant::now() + TIMEOUT;
        let (used, outcome) = restore_one(&shared.node, vpp, &id, &shared.boot_id, deadline).await;
        vpp = used;
        report(&id, &outcome);
        counts.add(&outcome);
        shared.status.attachment(&id, &outcome);
        if !vpp.link().is_up() {
            // VPP has exited; its next run needs all of them.
            break;
        }
    }
    let took = start.elapsed();
    let is_complete = vpp.link().is_up();
    shared.status.restored(socket, counts, took, is_complete);
    tracing::info!(
        "VPP at {}: {} attachments restored, {} kept, {} skipped, {} failed in {took:?}",
        socket.display(),
        counts.restored,
        counts.kept,
        counts.skipped,
        counts.failed,
    );
    (vpp, counts)
}

/// Returns the attachments on a VPP.
fn ids_on(shared: &Shared, socket: &Path) -> Result<Vec<Id>> {
    let records = shared.node.valid()?.into_iter();
    let on_this = records.filter(|it| it.vpp_socket == socket);
    Ok(on_this.map(|it| it.id).collect())
}

fn report(id: &Id, outcome: &Outcome) {
    match outcome {
        Outcome::Restored(Some(index)) => tracing::info!("{id}: restored, interface {index}"),
        Outcome::Restored(None) => tracing::info!("{id}: restored"),
        Outcome::Kept(_) | Outcome::Gone => tracing::debug!("{id}: {outcome:?}"),
        Outcome::Skipped(why) => tracing::info!("{id}: skipped: {why}"),
        Outcome::Failed(error) => tracing::error!("{id}: not restored: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_limit_and_start_again() {
        let second = Duration::from_secs(1);
        let mut pauses = Backoff::new(second, second * 5);
        let all: Vec<_> = (0..5).map(|_| pauses.pause().as_secs()).collect();
        assert_eq!(all, [1, 2, 4, 5, 5]);
        pauses.reset();
        assert_eq!(pauses.pause(), second);
    }
}
