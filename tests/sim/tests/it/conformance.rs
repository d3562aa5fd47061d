//! Replays recordings of real VPPs of three releases.

use std::collections::HashMap;
use std::path::Path;

use ipnet::IpNet;
use serde_json::{Map, Value, json};
use vpp_bindings::REGISTRY;
use vpp_sim::{Release, Sim};
use vpp_wire::Header;

use crate::peer::{Answer, Peer};

/// Release, recording and number of steps. `-cni` are requests of the CNI layer: limits of
/// names, unnumbered interfaces, routes, proxy ARP, tables, IPv6, implicit bridge domains.
pub const RECORDINGS: [(Release, &str, usize); 7] = [
    (Release::V22_10, "vpp-22.10.jsonl", 86),
    (Release::V22_10, "vpp-22.10-cni.jsonl", 55),
    // Without vhost-user, because that VPP had not loaded the plugin.
    (Release::V24_06, "vpp-24.06.jsonl", 66),
    (Release::V24_06, "vpp-24.06-cni.jsonl", 55),
    (Release::V26_06, "vpp-26.06.jsonl", 87),
    (Release::V26_06, "vpp-26.06-cni.jsonl", 55),
    // Routes from all sources and their order, ND proxies, and what VPP keeps of a deleted
    // interface or table.
    (Release::V26_06, "vpp-26.06-l3.jsonl", 346),
];

/// The folder with the recordings.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorded");

/// Encodes the received and the recorded reply. Ignored fields of the recorded one get the
/// received values.
fn encode_both(got: &Answer, want: &Value, ignored: &[Value]) -> (Vec<u8>, Vec<u8>) {
    let mut seen = got.json();
    truncate_prefix(&mut seen);
    let mut want: Map<String, Value> = want.as_object().unwrap().clone();
    let event = want.remove("event");
    if let Some(event) = event {
        assert_eq!(event, got.entry.name);
    }
    for field in ignored.iter().filter_map(Value::as_str) {
        copy_field(field, &mut want, &seen);
    }
    let encode = |json: &str| {
        let entry = REGISTRY.get(got.entry.key).unwrap();
        let message = (entry.json.as_ref().unwrap().to_message)(json).unwrap();
        let mut bytes = Vec::new();
        message
            .encode_payload(0, Header::default(), &mut bytes)
            .unwrap();
        bytes
    };
    (
        encode(&seen.to_string()),
        encode(&Value::Object(want).to_string()),
    )
}

/// Clears the host bits of a route's prefix, because the recordings come from vpp_papi, which
/// hides them.
fn truncate_prefix(seen: &mut Value) {
    if let Some(prefix) = seen.pointer_mut("/route/prefix") {
        let net: Result<IpNet, _> = prefix.as_str().unwrap().parse();
        *prefix = net.unwrap().trunc().to_string().into();
    }
}

/// Copies the received value of a field at any depth.
fn copy_field(field: &str, want: &mut Map<String, Value>, seen: &Value) {
    for (name, value) in want {
        if name == field {
            *value = seen[name].clone();
        } else if let Value::Object(fields) = value {
            copy_field(field, fields, &seen[name]);
        }
    }
}

/// Replaces `$name.field` with the saved field.
fn fill(args: &Value, saved: &HashMap<String, Value>) -> Value {
    match args {
        Value::String(text) => match text.strip_prefix('$').and_then(|it| it.split_once('.')) {
            Some((name, field)) => saved[name][field].clone(),
            None => args.clone(),
        },
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), fill(value, saved)))
            .collect(),
        Value::Array(all) => all.iter().map(|value| fill(value, saved)).collect(),
        _ => args.clone(),
    }
}

#[test]
fn the_simulator_gives_every_recorded_answer() {
    for (release, recording, steps) in RECORDINGS {
        let sim = Sim::builder().release(release).start_thread().unwrap();
        assert_eq!(replay(sim.socket(), recording), steps, "{recording}");
        assert!(sim.crashes().is_empty(), "{recording}");
    }
}

/// The script is from an API trace of VPP, by `vpp-bindgen trace-to-sim`. VPP's traces have no
/// answers, so that only success is checked.
#[test]
fn requests_of_a_trace_succeed() {
    let release = Release::V26_06;
    let sim = Sim::builder().release(release).start_thread().unwrap();
    assert_eq!(replay(sim.socket(), "vpp-26.06-trace.jsonl"), 17);
}

#[test]
#[ignore = "needs a VPP that has just started, with its socket in VPP_SOCKET and the name of a \
            recording in VPP_RECORDING"]
fn a_real_vpp_gives_every_recorded_answer() {
    let recording = std::env::var("VPP_RECORDING").unwrap_or("vpp-26.06.jsonl".to_owned());
    match std::env::var_os("VPP_SOCKET") {
        Some(socket) => drop(replay(Path::new(&socket), &recording)),
        None => eprintln!("VPP_SOCKET is not set: nothing was replayed"),
    }
}

/// Whether an answer has an error number.
fn refuses(answer: &Answer) -> bool {
    let retval = answer.json().get("retval").and_then(Value::as_i64);
    retval.is_some_and(|retval| retval != 0)
}

/// Compares every step and returns the number of steps.
fn replay(socket: &Path, recording: &str) -> usize {
    let mut peer = Peer::connect(socket);
    let folder = tempfile::tempdir().unwrap();
    let recorded = std::fs::read_to_string(format!("{FOLDER}/{recording}")).unwrap();
    let recorded = recorded.replace("@DIR@", folder.path().to_str().unwrap());
    let mut saved = HashMap::new();
    let (mut steps, mut different) = (0, Vec::new());
    for line in recorded.lines() {
        steps += 1;
        let step: Value = serde_json::from_str(line).unwrap();
        let args = fill(step.get("args").unwrap_or(&json!({})), &saved);
        let got = if let Some(name) = step["call"].as_str() {
            let reply = peer.call(name, args);
            if let Some(name) = step["save"].as_str() {
                saved.insert(name.to_owned(), reply.json());
            }
            vec![reply]
        } else if let Some(name) = step["dump"].as_str() {
            peer.dump(name, args)
        } else {
            peer.take_events()
        };
        if step.get("want").is_none() {
            let refused = got.iter().find(|got| refuses(got));
            if let Some(refused) = refused {
                different.push(format!(
                    "{recording} step {steps} {line}\ngot {}",
                    refused.json()
                ));
            }
            continue;
        }
        let want = match &step["want"] {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        };
        let seen: Vec<Value> = got.iter().map(Answer::json).collect();
        let step_text = format!("{recording} step {steps} {line}\ngot {seen:?}");
        assert_eq!(got.len(), want.len(), "{step_text}");
        let ignored = step["ignore"].as_array().cloned().unwrap_or_default();
        let mut pairs = got.iter().zip(&want);
        if !pairs.all(|(got, want)| {
            let (got, want) = encode_both(got, want, &ignored);
            got == want
        }) {
            different.push(step_text);
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    steps
}
