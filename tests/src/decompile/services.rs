//! Services that differ from those that the names of messages imply.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{list, name, text};

pub fn services(file: &Value) -> Result<String, String> {
    let messages = list(&file["messages"]).iter().map(name);
    let messages: BTreeSet<&str> = messages.collect::<Result<_, _>>()?;
    let mut rpcs = String::new();
    for (caller, service) in file["services"].as_object().into_iter().flatten() {
        if implied(caller, &messages).as_ref() != Some(service) {
            rpcs += &rpc(caller, service)?;
        }
    }
    Ok(match rpcs.as_str() {
        "" => rpcs,
        _ => format!("service\n{{\n{rpcs}}};\n"),
    })
}

/// The service that the name of a message implies.
fn implied(caller: &str, messages: &BTreeSet<&str>) -> Option<Value> {
    let has = |base: &str, suffix| {
        let name = format!("{base}{suffix}");
        messages.contains(name.as_str()).then_some(name)
    };
    if let Some(base) = caller.strip_suffix("_dump") {
        let details = has(base, "_details")?;
        return Some(json!({"reply": details, "stream": true}));
    }
    // A service with details has to be written out.
    if let Some(base) = caller.strip_suffix("_get")
        && has(base, "_details").is_some()
    {
        return None;
    }
    let reply = has(caller, "_reply")?;
    Some(json!({"reply": reply}))
}

fn rpc(caller: &str, service: &Value) -> Result<String, String> {
    let reply = text(&service["reply"])?;
    let details = service["stream_msg"].as_str();
    let events: Result<Vec<&str>, String> = list(&service["events"]).iter().map(text).collect();
    let events = events?.join(", ");
    let returned = match (service["stream"] == true, details) {
        (true, Some(details)) => format!("{reply} stream {details}"),
        (true, None) => format!("stream {reply}"),
        (false, _) if events.is_empty() => reply.to_owned(),
        (false, _) => format!("{reply} events {events}"),
    };
    Ok(format!("  rpc {caller} returns {returned};\n"))
}
