//! One run of a job on one VPP.

use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::time::Duration;

use cnivpp::api::MacAddress;
use cnivpp::engine::{Link, Step, Walk, steps};
use vpp_bindings::client::Client;

use crate::failure::{Failure, Status};
use crate::objects::Objects;
use crate::report::{Moment, Report};
use crate::shutdown::Shutdown;

/// One run of a job on one VPP.
///
/// It does steps until the job is complete or a signal arrives, and removes what it has created.
#[derive(Debug)]
pub struct Run {
    walk: Walk<Report>,
    shutdown: Shutdown,
}

impl Run {
    /// A run that has done nothing yet. `name` becomes the tag of everything that it creates.
    #[must_use]
    pub fn new(link: Link, name: String, shutdown: Shutdown, report: Report) -> Self {
        // No other run has this name, so nothing of it exists.
        let walk = Walk::new(link, name, report).fresh(true);
        Self { walk, shutdown }
    }

    /// The client of the connection.
    #[must_use]
    pub fn client(&self) -> Client {
        self.walk.client()
    }

    /// VPP's API socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        self.walk.link().socket()
    }

    /// The name of this run: the tag of everything that it creates.
    #[must_use]
    pub fn name(&self) -> &str {
        self.walk.owner()
    }

    /// The ID of the memif socket, once it is added or found.
    #[must_use]
    pub fn socket_id(&self) -> Option<u32> {
        self.walk.numbers().socket_id
    }

    /// Prints a line that is not about a step.
    pub fn print_line(&mut self, text: &str) {
        self.walk.observer().print_line(text);
    }

    /// Does one step unless it is done already. A signal does not interrupt a pending request.
    ///
    /// # Errors
    /// A signal arrived before, or the step fails.
    pub async fn step(&mut self, step: Step) -> Result<(), Failure> {
        self.shutdown.check()?;
        Ok(self.walk.add(step).await?)
    }

    /// Creates the missing folders of a socket file. VPP does not create folders.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub(crate) async fn create_folders(&mut self, file: &Path) -> Result<(), Failure> {
        for folder in steps::Folder::missing_for(file) {
            self.step(Step::Folder(folder)).await?;
        }
        Ok(())
    }

    /// Tags the interface with the name of this run, and sets it up.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub(crate) async fn tag_and_set_up(&mut self) -> Result<(), Failure> {
        self.step(Step::Tag(steps::Tag)).await?;
        self.step(Step::AdminUp(steps::AdminUp)).await
    }

    /// Puts the interface into a bridge domain, which is created if it is missing. VPP chooses
    /// the ID if `id` is `None`.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub(crate) async fn join_bridge(&mut self, id: Option<u32>) -> Result<(), Failure> {
        let bridge = steps::Bridge {
            id,
            tag: self.name().to_owned(),
            is_shared: false,
        };
        self.step(Step::Bridge(bridge)).await?;
        self.step(Step::Member(steps::Member)).await
    }

    /// The objects on VPP now.
    ///
    /// # Errors
    /// VPP does not answer, or a signal arrived.
    pub async fn objects(&self) -> Result<Objects, Failure> {
        self.shutdown.check()?;
        Ok(Objects::fetch(&self.client()).await?)
    }

    /// Prints the objects on VPP now.
    ///
    /// # Errors
    /// As [`objects`](Self::objects).
    pub async fn show(&mut self, moment: Moment) -> Result<(), Failure> {
        let objects = self.objects().await?;
        self.walk.observer().show(moment, objects);
        Ok(())
    }

    /// Waits before everything is removed.
    ///
    /// # Errors
    /// A signal arrives or the connection is lost before.
    pub async fn hold(&mut self, seconds: u32) -> Result<(), Failure> {
        self.shutdown.check()?;
        if seconds == 0 {
            return Ok(());
        }
        self.print_line(&format!("holding for {seconds} s; Ctrl-C ends it"));
        let time = Duration::from_secs(seconds.into());
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.walk.link().lost() => Err(self.lost()),
            failure = self.shutdown.requested() => Err(failure),
        }
    }

    fn lost(&self) -> Failure {
        let text = format!("lost the connection to VPP at {}", self.socket().display());
        Failure::new(Status::Disconnected, text)
    }

    /// Removes everything, and prints the objects on VPP then.
    pub async fn end(mut self) -> Report {
        if !self.walk.has_done_nothing() {
            let shutdown = self.shutdown.clone();
            tokio::select! {
                () = self.walk.take_back() => {}
                () = shutdown.repeated() => {
                    self.walk.give_up("a second signal arrived");
                    return self.walk.finish().1;
                }
            }
        }
        // If VPP does not answer, that was reported during the removal.
        if let Ok(objects) = Objects::fetch(&self.client()).await {
            self.walk.observer().show(Moment::After, objects);
        }
        let (link, report) = self.walk.finish();
        link.client().disconnect().await;
        report
    }
}

/// A unique name for a run.
#[must_use]
pub fn run_name(program: &str) -> String {
    let [a, b, ..] = random();
    format!("{program}-{}-{a:02x}{b:02x}", std::process::id())
}

/// A random MAC address in the form that VPP chooses.
///
/// The program sets it so that it can identify its memif before the memif has a tag.
pub(crate) fn random_mac() -> MacAddress {
    let [a, b, c, d, ..] = random();
    MacAddress([0x02, 0xfe, a, b, c, d])
}

fn random() -> [u8; 8] {
    RandomState::new()
        .hash_one(std::process::id())
        .to_ne_bytes()
}
