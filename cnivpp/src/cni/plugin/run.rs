use std::any::Any;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use tokio::runtime::Builder;

use super::Plugin;
use super::call::{Call, Input};
use crate::cni::env::Target;
use crate::cni::{Environment, Error, Result, Verb, Version};

/// Runs a plugin as a program: reads the call, executes it and prints the outcome.
///
/// Prints one JSON document to stdout: the result of ADD, the reply to VERSION, or an error. The
/// other verbs print nothing on success. Without `CNI_COMMAND`, prints [`Plugin::about`] to stderr
/// and succeeds. A panic is reported as an error; its message is also printed to stderr.
///
/// The exit status is 0 on success and 1 after an error.
pub fn run<P: Plugin>(
    plugin: &P,
    stdin: impl Read,
    environment: Environment,
    mut stdout: impl Write,
) -> ExitCode {
    let outcome = outcome(plugin, stdin, environment);
    let (document, code) = match outcome {
        Outcome::About(text) => {
            eprintln!("{}", text.trim_end());
            (None, ExitCode::SUCCESS)
        }
        Outcome::Done(document) => (document, ExitCode::SUCCESS),
        Outcome::Failed(document) => (Some(document), ExitCode::FAILURE),
    };
    let Some(document) = document else {
        return code;
    };
    let written = writeln!(stdout, "{document}").and_then(|()| stdout.flush());
    match written {
        Ok(()) => code,
        Err(error) => {
            eprintln!("cannot write to stdout: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The outcome of a call.
#[derive(Debug)]
pub(super) enum Outcome {
    /// There was no call. The text is for the user.
    About(String),
    /// It succeeded with this document, if any.
    Done(Option<Value>),
    /// It failed with this error document.
    Failed(Value),
}

pub(super) fn outcome<P: Plugin>(
    plugin: &P,
    stdin: impl Read,
    environment: Environment,
) -> Outcome {
    let Some(verb) = Verb::of(&environment).transpose() else {
        return Outcome::About(plugin.about());
    };
    let mut input = Input::read(stdin);
    let checked = match verb {
        Ok(Verb::Version) => return Outcome::Done(Some(versions(&input.version_for_error()))),
        Ok(verb) => input.check(verb, environment),
        Err(error) => Err(error),
    };
    let (call, target) = match checked {
        Ok(checked) => checked,
        Err(error) => return Outcome::Failed(error.to_json(&input.version_for_error())),
    };
    match execute(plugin, &call, &target) {
        Ok(document) => Outcome::Done(document),
        Err(error) => Outcome::Failed(error.to_json(call.conf.version.as_str())),
    }
}

/// Returns the reply to VERSION, in the version of the request.
fn versions(version: &str) -> Value {
    let supported = Version::ALL.map(Version::as_str);
    json!({"cniVersion": version, "supportedVersions": supported})
}

/// Executes the verb. Converts a panic to an error.
fn execute<P: Plugin>(plugin: &P, call: &Call, target: &Target) -> Result<Option<Value>> {
    let run = AssertUnwindSafe(|| {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Error::io(format!("cannot start the runtime: {error}")))?;
        let done = runtime.block_on(dispatch(plugin, call, target));
        // Remaining tasks do not affect the outcome.
        runtime.shutdown_background();
        done
    });
    catch_unwind(run).unwrap_or_else(|panic| Err(panicked(call.verb, &*panic)))
}

async fn dispatch<P: Plugin>(plugin: &P, call: &Call, target: &Target) -> Result<Option<Value>> {
    let attachment = match target {
        Target::Attachment(attachment) => attachment,
        Target::Node if call.verb == Verb::Gc => return plugin.gc(call).await.map(|()| None),
        Target::Node => return plugin.status(call).await.map(|()| None),
    };
    let netns = attachment.netns.as_deref().unwrap_or(Path::new(""));
    match call.verb {
        Verb::Add => {
            let result = plugin.add(call, attachment, netns).await?;
            Ok(Some(result.to_json(call.conf.version)))
        }
        Verb::Check => {
            let expected = call.conf.prev_result()?.ok_or_else(|| {
                Error::config("prevResult is missing in the network configuration of CHECK")
            })?;
            let checked = plugin.check(call, attachment, netns, &expected).await;
            checked.map(|()| None)
        }
        _ => plugin.del(call, attachment).await.map(|()| None),
    }
}

fn panicked(verb: Verb, panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    let error = Error::internal(format!("{verb} failed because of a bug in this plugin"));
    error.with_details(text.unwrap_or("the panic has no message"))
}
