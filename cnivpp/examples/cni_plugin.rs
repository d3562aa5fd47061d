//! A CNI plugin that allocates addresses with an IPAM plugin.
//!
//! It shows what a plugin has to implement. It reports an interface without creating it, and passes
//! on the results of previous plugins. Try it:
//!
//! ```sh
//! CNI_COMMAND=VERSION cargo run -p cnivpp --example cni_plugin </dev/null
//! ```

use std::io::{stdin, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cnivpp::cni::error::code;
use cnivpp::cni::result::{CniResult, Interface};
use cnivpp::cni::{Attachment, Call, Delegate, Environment, Error, Plugin, Result, run};

struct Example;

/// The IPAM plugin of the configuration, with a deadline of 30 s.
fn ipam(call: &Call) -> Option<Delegate> {
    Delegate::of_call(call, Instant::now() + Duration::from_secs(30))
}

impl Plugin for Example {
    fn about(&self) -> String {
        "example of a CNI plugin, for versions 0.3.0 to 1.1.0".into()
    }

    async fn add(&self, call: &Call, at: &Attachment, netns: &Path) -> Result<CniResult> {
        let mut result = call.conf.prev_result()?.unwrap_or_default();
        let requested = call.requested(at)?;
        let index = result.interfaces.len();
        result.interfaces.push(Interface {
            name: at.if_name.clone(),
            mac: requested.mac.map(|it| it.to_string()),
            mtu: Some(1500),
            sandbox: Some(netns.display().to_string()),
            ..Interface::default()
        });
        if let Some(ipam) = ipam(call) {
            let mut allocated = ipam.add().await?;
            for ip in &mut allocated.ips {
                ip.interface = Some(index);
            }
            result.ips.extend(allocated.ips);
            result.routes.extend(allocated.routes);
            result.dns = allocated.dns;
        }
        Ok(result)
    }

    async fn check(
        &self,
        call: &Call,
        at: &Attachment,
        netns: &Path,
        expected: &CniResult,
    ) -> Result<()> {
        let netns = netns.to_str();
        let mut interfaces = expected.interfaces.iter();
        if !interfaces.any(|it| it.name == at.if_name && it.sandbox.as_deref() == netns) {
            let why = format!("prevResult does not have the interface {}", at.if_name);
            return Err(Error::new(code::DIFFERENT, why));
        }
        match ipam(call) {
            Some(ipam) => ipam.check().await,
            None => Ok(()),
        }
    }

    async fn del(&self, call: &Call, _: &Attachment) -> Result<()> {
        match ipam(call) {
            Some(ipam) => ipam.del().await,
            None => Ok(()),
        }
    }

    async fn gc(&self, call: &Call) -> Result<()> {
        if call.conf.valid_attachments()?.is_none() {
            return Ok(());
        }
        match ipam(call) {
            Some(ipam) => ipam.gc().await.map(drop),
            None => Ok(()),
        }
    }

    async fn status(&self, call: &Call) -> Result<()> {
        match ipam(call) {
            Some(ipam) => ipam.status().await.map(drop),
            None => Ok(()),
        }
    }
}

fn main() -> ExitCode {
    run(&Example, stdin(), Environment::of_process(), stdout())
}
