//! Steps, and what they leave behind if they are not taken back.

mod created;
mod link;
mod name;
mod remove;
mod undo;

use std::future::Future;

use cnivpp::api;
use vpp_bindings::client::Client;

use crate::failure::{Failure, chain};
use crate::report::{Moment, Report, Step};
use crate::show::Holdings;
use crate::stop::Stop;

pub use created::Created;
pub use link::Link;
pub(crate) use name::random_mac;
pub use name::run_name;

/// One run of a job on one VPP.
#[derive(Debug)]
pub struct Session {
    link: Link,
    run: String,
    stop: Stop,
    report: Report,
    /// What has come to be, or may have, the oldest first.
    created: Vec<Created>,
    /// What could not be taken back at the first attempt.
    stuck: Vec<Created>,
}

impl Session {
    /// A session in which nothing was done yet.
    #[must_use]
    pub fn new(link: Link, run: String, stop: Stop, report: Report) -> Self {
        Self {
            link,
            run,
            stop,
            report,
            created: Vec::new(),
            stuck: Vec::new(),
        }
    }

    /// The client that the steps go through.
    #[must_use]
    pub fn client(&self) -> Client {
        self.link.client()
    }

    /// VPP's API socket.
    #[must_use]
    pub fn socket(&self) -> &std::path::Path {
        self.link.socket()
    }

    /// The name of this run: the tag of all that it creates.
    #[must_use]
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Says something that is no step.
    pub fn say(&self, text: &str) {
        self.report.say(text);
    }

    /// Does one step.
    ///
    /// `made` is noted before VPP is asked, so that it is found and removed also if no
    /// answer comes; `done` completes it with what VPP answered, and describes the step.
    /// The answer is waited for even if the program is told to end meanwhile.
    ///
    /// # Errors
    /// When the program was told to end before, and when VPP does not do as asked.
    pub async fn step<T>(
        &mut self,
        what: &str,
        made: Option<Created>,
        asked: impl Future<Output = api::Result<T>>,
        done: impl FnOnce(&T, Option<&mut Created>) -> Step,
    ) -> Result<T, Failure> {
        self.stop.check()?;
        let is_noted = made.is_some();
        self.created.extend(made);
        match asked.await {
            Ok(answer) => {
                let noted = self.created.last_mut().filter(|_| is_noted);
                let step = done(&answer, noted);
                self.report.step(step);
                Ok(answer)
            }
            Err(error) => {
                if is_noted && error.is_known_not_applied() {
                    self.created.pop();
                }
                let failed = Step {
                    text: what.to_owned(),
                    error: Some(chain(&error)),
                    ..Step::default()
                };
                self.report.step(failed);
                Err(error.into())
            }
        }
    }

    /// Notes what was made without VPP.
    pub fn made(&mut self, created: Created, step: Step) {
        self.created.push(created);
        self.report.step(step);
    }

    /// What VPP holds now.
    ///
    /// # Errors
    /// When VPP does not answer, or the program was told to end.
    pub async fn holdings(&self) -> Result<Holdings, Failure> {
        self.stop.check()?;
        Ok(Holdings::fetch(&self.link.client()).await?)
    }

    /// Shows what VPP holds now.
    ///
    /// # Errors
    /// As [`holdings`](Self::holdings).
    pub async fn show(&mut self, moment: Moment) -> Result<(), Failure> {
        let holdings = self.holdings().await?;
        self.report.show(moment, holdings);
        Ok(())
    }

    /// Leaves everything as it is for that long.
    ///
    /// # Errors
    /// When the program is told to end before.
    pub async fn hold(&self, seconds: u32) -> Result<(), Failure> {
        self.stop.check()?;
        if seconds == 0 {
            return Ok(());
        }
        self.report
            .say(&format!("holding for {seconds} s; Ctrl-C ends it"));
        let time = std::time::Duration::from_secs(seconds.into());
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.link.lost() => Err(self.link.failure()),
            told = self.stop.told() => Err(told),
        }
    }

    /// Takes everything back, and shows what VPP holds then.
    pub async fn end(mut self) -> Report {
        if !self.created.is_empty() {
            let stop = self.stop.clone();
            tokio::select! {
                () = self.take_back() => {}
                () = stop.told_again() => {
                    self.give_up("told to end once more");
                    return self.report;
                }
            }
        }
        // What cannot be shown was said to be missing when it was taken back.
        if let Ok(holdings) = Holdings::fetch(&self.link.client()).await {
            self.report.show(Moment::After, holdings);
        }
        self.link.client().disconnect().await;
        self.report
    }
}
