//! One run of a job on one VPP: steps through the engine, until it is done or a signal arrives.

mod name;

use cnivpp::engine::{Link, Step, Walk};
use vpp_bindings::client::Client;

use crate::failure::Failure;
use crate::report::{Moment, Report};
use crate::show::Holdings;
use crate::status::Status;
use crate::stop::Stop;

pub(crate) use name::random_mac;
pub use name::run_name;

/// One run of a job on one VPP.
#[derive(Debug)]
pub struct Session {
    walk: Walk<Report>,
    stop: Stop,
}

impl Session {
    /// A session in which nothing was done yet. `run` becomes the tag of all that it creates.
    #[must_use]
    pub fn new(link: Link, run: String, stop: Stop, report: Report) -> Self {
        // No other run has this name, so that nothing of it exists.
        let walk = Walk::new(link, run, report).fresh(true);
        Self { walk, stop }
    }

    /// The client that the steps go through.
    #[must_use]
    pub fn client(&self) -> Client {
        self.walk.client()
    }

    /// VPP's API socket.
    #[must_use]
    pub fn socket(&self) -> &std::path::Path {
        self.walk.link().socket()
    }

    /// The name of this run: the tag of all that it creates.
    #[must_use]
    pub fn run(&self) -> &str {
        self.walk.owner()
    }

    /// The number of the memif socket, once it is added or found.
    #[must_use]
    pub fn socket_id(&self) -> Option<u32> {
        self.walk.numbers().socket_id
    }

    /// Prints something that is not a step.
    pub fn say(&mut self, text: &str) {
        self.walk.observer().say(text);
    }

    /// Does one step, unless it is done already. The answer is waited for even if a signal
    /// arrives meanwhile.
    ///
    /// # Errors
    /// When a signal arrived before, and when VPP does not do as requested.
    pub async fn step(&mut self, step: Step) -> Result<(), Failure> {
        self.stop.check()?;
        Ok(self.walk.add(step).await?)
    }

    /// What VPP holds now.
    ///
    /// # Errors
    /// When VPP does not answer, or a signal arrived.
    pub async fn holdings(&self) -> Result<Holdings, Failure> {
        self.stop.check()?;
        Ok(Holdings::fetch(&self.client()).await?)
    }

    /// Shows what VPP holds now.
    ///
    /// # Errors
    /// As [`holdings`](Self::holdings).
    pub async fn show(&mut self, moment: Moment) -> Result<(), Failure> {
        let holdings = self.holdings().await?;
        self.walk.observer().show(moment, holdings);
        Ok(())
    }

    /// Leaves everything as it is for that long.
    ///
    /// # Errors
    /// When a signal arrives or the connection is lost before.
    pub async fn hold(&mut self, seconds: u32) -> Result<(), Failure> {
        self.stop.check()?;
        if seconds == 0 {
            return Ok(());
        }
        self.say(&format!("holding for {seconds} s; Ctrl-C ends it"));
        let time = std::time::Duration::from_secs(seconds.into());
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.walk.link().lost() => Err(self.lost()),
            told = self.stop.told() => Err(told),
        }
    }

    fn lost(&self) -> Failure {
        let text = format!("the connection to VPP at {} broke", self.socket().display());
        Failure::new(Status::Disconnected, text)
    }

    /// Takes everything back, and shows what VPP holds then.
    pub async fn end(mut self) -> Report {
        if !self.walk.has_done_nothing() {
            let stop = self.stop.clone();
            tokio::select! {
                () = self.walk.take_back() => {}
                () = stop.told_again() => {
                    self.walk.give_up("a second signal arrived");
                    return self.walk.finish().1;
                }
            }
        }
        // What cannot be shown was reported when it was taken back.
        if let Ok(holdings) = Holdings::fetch(&self.client()).await {
            self.walk.observer().show(Moment::After, holdings);
        }
        let (link, report) = self.walk.finish();
        link.client().disconnect().await;
        report
    }
}
