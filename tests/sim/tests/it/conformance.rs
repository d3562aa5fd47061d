//! What a real VPP 26.06 answered, replayed.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value, json};
use vpp_bindings::REGISTRY;
use vpp_sim::Sim;
use vpp_wire::Header;

use crate::peer::{Answer, Peer};

const RECORDED: &str = include_str!("../recorded/vpp-26.06.jsonl");

/// The simulator's answer as bytes, and the recorded one with what is ignored taken
/// from the simulator's.
fn both(got: &Answer, want: &Value, ignored: &[Value]) -> (Vec<u8>, Vec<u8>) {
    let seen = got.json();
    let mut want: Map<String, Value> = want.as_object().unwrap().clone();
    let event = want.remove("event");
    if let Some(event) = event {
        assert_eq!(event, got.entry.name);
    }
    for field in ignored.iter().filter_map(Value::as_str) {
        if want.contains_key(field) {
            want.insert(field.to_owned(), seen[field].clone());
        }
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

/// Puts saved fields in the place of `$name.field`.
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
        _ => args.clone(),
    }
}

#[test]
fn every_recorded_answer_of_vpp_is_given() {
    let sim = Sim::builder().start_thread().unwrap();
    replay(sim.socket());
    assert!(sim.crashes().is_empty());
}

#[test]
#[ignore = "needs a VPP 26.06 that has just started, with its socket in VPP_SOCKET"]
fn a_real_vpp_gives_every_recorded_answer() {
    match std::env::var_os("VPP_SOCKET") {
        Some(socket) => replay(Path::new(&socket)),
        None => eprintln!("VPP_SOCKET is not set: nothing was replayed"),
    }
}

fn replay(socket: &Path) {
    let mut peer = Peer::connect(socket);
    let folder = tempfile::tempdir().unwrap();
    let recorded = RECORDED.replace("@DIR@", folder.path().to_str().unwrap());
    let mut saved = HashMap::new();
    let mut steps = 0;
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
        let want = match &step["want"] {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        };
        let seen: Vec<Value> = got.iter().map(Answer::json).collect();
        assert_eq!(got.len(), want.len(), "step {steps} {line}\ngot {seen:?}");
        let ignored = step["ignore"].as_array().cloned().unwrap_or_default();
        for (got, want) in got.iter().zip(&want) {
            let (got, want) = both(got, want, &ignored);
            assert_eq!(got, want, "step {steps} {line}\ngot {seen:?}");
        }
    }
    assert_eq!(steps, 87);
}
