use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::process::ExitCode;

use serde::Serialize;

use super::gc::Row;
use super::{Shell, table};
use crate::api::{self, infra, interface, memif, proxy_arp, vhostuser};
use crate::attachment::{Record, State, TAG_PREFIX};
use crate::cni::{Error, Result};
use crate::engine::{Limits, chain};
use crate::localdb::boot_id;
use crate::plugin::context::connect;
use crate::plugin::node::{Found, file_failed};
use crate::plugin::{failure, sweep};

/// One thing that was examined.
#[derive(Debug, Serialize)]
struct Finding {
    /// Whether it is as it should be.
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

/// Examines VPP and the records. Changes nothing; a record that cannot be read is reported and
/// stays where it is.
pub(super) async fn doctor(shell: &Shell) -> Result<ExitCode> {
    let mut findings = Findings::default();
    examine_socket(shell, &mut findings);
    let records = examine_records(shell, &mut findings)?;
    examine_vpp(shell, &records, &mut findings).await;
    let Findings(all) = findings;
    table::print(shell.json, &all, &["", "FINDING", "WHAT TO DO"], |it| {
        let sign = if it.ok { "ok" } else { "!!" };
        vec![sign.to_owned(), it.what.clone(), it.advice.clone()]
    })?;
    Ok(table::status(all.iter().all(|it| it.ok)))
}

fn examine_socket(shell: &Shell, findings: &mut Findings) {
    let path = shell.socket.display();
    match fs::symlink_metadata(&shell.socket) {
        Ok(found) if found.file_type().is_socket() => {
            let mode = found.permissions().mode() & 0o7777;
            findings.good(format!("API socket {path} has mode {mode:o}"));
        }
        Ok(_) => findings.bad(
            format!("{path} is not a socket"),
            "set --socket to VPP's socksvr socket-name",
        ),
        Err(error) => findings.bad(
            format!("API socket {path}: {}", error.kind()),
            "start VPP with `socksvr { default }`, or set --socket",
        ),
    }
}

fn examine_records(shell: &Shell, findings: &mut Findings) -> Result<Vec<Record>> {
    let boot_id = boot_id().map_err(file_failed)?;
    let (mut records, mut stale) = (Vec::new(), 0);
    for found in shell.node.all_as_they_are()? {
        let record = match found {
            Found::Record(record) => *record,
            Found::SetAside(why) => {
                findings.bad(why, "look into the file; it is never deleted");
                continue;
            }
        };
        if let Some(why) = sweep::is_dead(&record, &boot_id) {
            stale += 1;
            findings.bad(
                format!("{} is stale: {why}", record.id),
                "`userspace gc` removes it",
            );
        } else if record.state == State::Adding {
            findings.bad(
                format!("ADD of {} has not finished", record.id),
                "if no ADD is running, the runtime's DEL removes it",
            );
        }
        records.push(record);
    }
    if stale == 0 {
        findings.good(format!("{} records, none is stale", records.len()));
    }
    Ok(records)
}

async fn examine_vpp(shell: &Shell, records: &[Record], findings: &mut Findings) {
    let vpp = match connect(&shell.socket, Limits::until(shell.by)).await {
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
            findings.bad(chain(&error), "VPP is busy or hangs: look at its log");
            return;
        }
    }
    for (whence, needs) in [
        ("the memif plugin", memif::NEEDS),
        ("the vhost plugin", vhostuser::NEEDS),
    ] {
        examine_needs(&client, whence, needs, findings);
    }
    for (whence, needs) in api::OPTIONAL {
        examine_needs(&client, whence, needs, findings);
    }
    match interface::dump(&client).await {
        Ok(all) => examine_interfaces(&all, shell, records, findings),
        Err(error) => findings.bad(chain(&error), "VPP is busy or hangs: look at its log"),
    }
    vpp.close().await;
}

fn examine_needs(
    client: &vpp_bindings::client::Client,
    whence: &str,
    needs: &[infra::AnyOf],
    findings: &mut Findings,
) {
    let report = client.message_table().check_any(needs);
    let names: Vec<&str> = report.missing().map(|it| it.name.as_str()).collect();
    if names.is_empty() {
        findings.good(format!("VPP has the messages of {whence}"));
    } else {
        let what = format!("VPP lacks {} of {whence}", names.join(", "));
        findings.bad(
            what,
            "needed only by configurations that use it; enable the plugin",
        );
    }
}

fn examine_interfaces(
    all: &[interface::Interface],
    shell: &Shell,
    records: &[Record],
    findings: &mut Findings,
) {
    let tags: HashSet<&str> = all.iter().map(|it| it.tag.as_str()).collect();
    for record in records.iter().filter(|it| it.vpp_socket == shell.socket) {
        if record.state == State::Ready && !tags.contains(record.tag.as_str()) {
            findings.bad(
                format!("VPP has no interface for {}", record.id),
                "`userspace restore` builds it again",
            );
        }
    }
    for orphan in orphans(all, records) {
        findings.bad(
            format!("{} has tag {} and no record", orphan.name, orphan.tag),
            "`userspace gc --orphans` removes it",
        );
    }
}

/// Interfaces with this plugin's tag and without a record.
fn orphans<'a>(
    all: &'a [interface::Interface],
    records: &[Record],
) -> Vec<&'a interface::Interface> {
    let known: HashSet<&str> = records.iter().map(|it| it.tag.as_str()).collect();
    let is_ours = |tag: &str| is_tag(tag);
    let all = all.iter();
    all.filter(|it| is_ours(&it.tag) && !known.contains(it.tag.as_str()))
        .collect()
}

/// Whether a tag has the form of an attachment's: prefix, 22 characters of a hash, interface
/// name, start of the container's ID.
fn is_tag(tag: &str) -> bool {
    let Some(rest) = tag.strip_prefix(TAG_PREFIX) else {
        return false;
    };
    let parts: Vec<&str> = rest.split(':').collect();
    matches!(parts.as_slice(), [hash, name, _] if hash.len() == 22 && !name.is_empty())
}

/// Removes interfaces with this plugin's tag and without a record, and the settings that VPP
/// would keep for the next interface with their number.
///
/// # Errors
/// When records are set aside: an interface of theirs is not an orphan.
pub(super) async fn remove_orphans(shell: &Shell) -> Result<Vec<Row>> {
    if let Some(name) = shell.node.set_aside_file()? {
        let why = format!("the record {name} is set aside, and its interface may be in use");
        let details = "look into the file, and remove it if its container is gone";
        return Err(Error::config(why).with_details(details));
    }
    let vpp = connect(&shell.socket, Limits::until(shell.by)).await?;
    let client = vpp.link().client();
    let failed = |error: api::Error| failure::of_vpp(&error, &shell.socket);
    let all = interface::dump(&client).await.map_err(failed)?;
    let records: Vec<Record> = shell.node.records()?;
    let mut rows = Vec::new();
    for orphan in orphans(&all, &records) {
        let index = orphan.sw_if_index;
        // A VPP that lacks these has nothing to forget.
        let _ = proxy_arp::set_enabled(&client, index, false).await;
        let _ = interface::set_unnumbered(&client, index, None).await;
        let deleted = match orphan.device.as_str() {
            "memif" => memif::delete(&client, index).await,
            _ => vhostuser::delete(&client, index).await,
        };
        rows.push(Row {
            what: format!("{} ({})", orphan.name, orphan.tag),
            reason: "it has no record".to_owned(),
            outcome: match deleted {
                Ok(()) => "removed".to_owned(),
                Err(error) => format!("failed: {}", chain(&error)),
            },
        });
    }
    vpp.close().await;
    Ok(rows)
}
