use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::process::ExitCode;

use serde::Serialize;

use super::{CommandContext, orphans, table};
use crate::api::{self, infra, interface, memif, vhostuser};
use crate::attachment::{Record, State};
use crate::cni::Result;
use crate::engine::{Limits, chain};
use crate::localdb::boot_id;
use crate::plugin::context::connect;
use crate::plugin::node::StoredRecord;
use crate::plugin::{failure, sweep};

/// The outcome of one check.
#[derive(Debug, Serialize)]
struct Finding {
    /// Whether the check passed.
    ok: bool,
    what: String,
    /// What to do about it.
    advice: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn good(&mut self, what: impl Into<String>) {
        self.0.push(Finding {
            ok: true,
            what: what.into(),
            advice: String::new(),
        });
    }

    fn bad(&mut self, what: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding {
            ok: false,
            what: what.into(),
            advice: advice.into(),
        });
    }
}

/// Checks VPP and the records. Changes nothing: an unusable record is reported but not renamed.
pub(super) async fn doctor(context: &CommandContext) -> Result<ExitCode> {
    let mut findings = Findings::default();
    check_socket(context, &mut findings);
    let records = check_records(context, &mut findings)?;
    check_vpp(context, &records, &mut findings).await;
    let Findings(all) = findings;
    table::print(context.json, &all, &["", "FINDING", "WHAT TO DO"], |it| {
        let sign = if it.ok { "ok" } else { "!!" };
        vec![sign.to_owned(), it.what.clone(), it.advice.clone()]
    })?;
    Ok(table::status(all.iter().all(|it| it.ok)))
}

fn check_socket(context: &CommandContext, findings: &mut Findings) {
    let path = context.socket.display();
    match fs::symlink_metadata(&context.socket) {
        Ok(found) if found.file_type().is_socket() => {
            let mode = found.permissions().mode() & 0o7777;
            findings.good(format!("API socket {path} has mode {mode:o}"));
        }
        Ok(_) => findings.bad(
            format!("{path} is not a socket"),
            "set --socket to the socksvr socket-name of VPP",
        ),
        Err(error) => findings.bad(
            format!("API socket {path}: {}", error.kind()),
            "start VPP with `socksvr { default }`, or set --socket",
        ),
    }
}

fn check_records(context: &CommandContext, findings: &mut Findings) -> Result<Vec<Record>> {
    let boot_id = boot_id().map_err(failure::of_file)?;
    let (mut records, mut stale) = (Vec::new(), 0);
    for found in context.node.all_read_only()? {
        let record = match found {
            StoredRecord::Valid(record) => *record,
            StoredRecord::Unusable(why) => {
                findings.bad(why, "inspect the file; the plugin never deletes it");
                continue;
            }
        };
        if let Some(why) = sweep::stale_reason(&record, &boot_id) {
            stale += 1;
            findings.bad(
                format!("{} is stale: {why}", record.id),
                "`userspace gc` removes it",
            );
        } else if record.state == State::Adding {
            findings.bad(
                format!("ADD of {} did not finish", record.id),
                "if no ADD is running, the runtime's DEL removes it",
            );
        }
        records.push(record);
    }
    if stale == 0 {
        findings.good(format!("{} records, none stale", records.len()));
    }
    Ok(records)
}

async fn check_vpp(context: &CommandContext, records: &[Record], findings: &mut Findings) {
    let vpp = match connect(&context.socket, Limits::until(context.deadline)).await {
        Ok(vpp) => vpp,
        Err(error) => {
            findings.bad(error.to_string(), "start VPP, or set --socket");
            return;
        }
    };
    let client = vpp.link().client();
    match infra::vpp(&client).await {
        Ok(found) => findings.good(format!("VPP {} answers", found.version)),
        Err(error) => {
            findings.bad(chain(&error), "VPP is busy or hangs; see its log");
            return;
        }
    }
    for (source, needs) in [
        ("the memif plugin", memif::NEEDS),
        ("the vhost plugin", vhostuser::NEEDS),
    ] {
        check_needs(&client, source, needs, findings);
    }
    for (source, needs) in api::OPTIONAL {
        check_needs(&client, source, needs, findings);
    }
    match interface::dump(&client).await {
        Ok(all) => check_interfaces(&all, context, records, findings),
        Err(error) => findings.bad(chain(&error), "VPP is busy or hangs; see its log"),
    }
    vpp.close().await;
}

fn check_needs(
    client: &vpp_bindings::client::Client,
    source: &str,
    needs: &[infra::AnyOf],
    findings: &mut Findings,
) {
    let report = client.message_table().check_any(needs);
    let names: Vec<&str> = report.missing().map(|it| it.name.as_str()).collect();
    if names.is_empty() {
        findings.good(format!("VPP has the messages of {source}"));
    } else {
        let what = format!("VPP lacks {} of {source}", names.join(", "));
        findings.bad(what, "enable the plugin if a configuration uses it");
    }
}

fn check_interfaces(
    all: &[interface::Interface],
    context: &CommandContext,
    records: &[Record],
    findings: &mut Findings,
) {
    let tags: HashSet<&str> = all.iter().map(|it| it.tag.as_str()).collect();
    for record in records.iter().filter(|it| it.vpp_socket == context.socket) {
        if record.state == State::Ready && !tags.contains(record.tag.as_str()) {
            findings.bad(
                format!("VPP has no interface for {}", record.id),
                "`userspace restore` recreates it",
            );
        }
    }
    for orphan in orphans::find(all, records) {
        findings.bad(
            format!("{} has tag {} but no record", orphan.name, orphan.tag),
            "`userspace gc --orphans` removes it",
        );
    }
}
