//! Writes definitions as a source, for tests that have only JSON. It contains only data that
//! CRCs depend on.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

/// Returns a source with the messages and types of a file. The source imports the types in
/// `imported` and marks the enumerators in `marked` (as `enum.enumerator`) as
/// `backwards_compatible`.
pub fn source(json: &Value, imported: &BTreeSet<String>, marked: &BTreeSet<String>) -> String {
    let mut text = "/* A file is not empty. */\n".to_owned();
    for import in list(json, "imports") {
        writeln!(text, "import {import};").unwrap();
    }
    let own = |one: &&Value| !imported.contains(one[0].as_str().unwrap());
    for (key, word) in [("enums", "enum"), ("enumflags", "enumflag")] {
        for of in list(json, key).iter().filter(own) {
            text.push_str(&enumeration(word, of, marked));
        }
    }
    // JSON groups types by kind, but a source defines a type before it uses it.
    let mut waiting: Vec<(String, Vec<String>, String)> = Vec::new();
    for (key, word) in [("types", "typedef"), ("unions", "union")] {
        let own = list(json, key).iter().filter(own);
        waiting.extend(own.map(|one| (name(one), uses(one), block(word, one))));
    }
    for (alias, of) in json["aliases"].as_object().into_iter().flatten() {
        if !imported.contains(alias) {
            let ty = of["type"].as_str().unwrap();
            let length = of
                .get("length")
                .map_or(String::new(), |length| format!("[{length}]"));
            let text = format!("typedef {ty} {alias}{length};\n");
            waiting.push((format!("vl_api_{alias}_t"), vec![ty.to_owned()], text));
        }
    }
    while !waiting.is_empty() {
        let names: BTreeSet<String> = waiting.iter().map(|(name, ..)| name.clone()).collect();
        let is_next = |uses: &[String]| uses.iter().all(|ty| !names.contains(ty));
        let at = waiting
            .iter()
            .position(|(_, uses, _)| is_next(uses))
            .unwrap();
        text.push_str(&waiting.remove(at).2);
    }
    for message in list(json, "messages") {
        text.push_str(&block("define", message));
    }
    for (caller, of) in json["services"].as_object().into_iter().flatten() {
        text.push_str(&service(caller, of));
    }
    text
}

fn list<'a>(json: &'a Value, key: &str) -> &'a [Value] {
    json[key].as_array().map_or(&[], Vec::as_slice)
}

fn name(definition: &Value) -> String {
    format!("vl_api_{}_t", definition[0].as_str().unwrap())
}

fn fields(definition: &Value) -> impl Iterator<Item = &Value> {
    let all = definition.as_array().unwrap().iter().skip(1);
    all.filter(|one| one.is_array() && one[1] != "_vl_msg_id")
}

fn uses(definition: &Value) -> Vec<String> {
    let fields = fields(definition);
    fields
        .map(|one| one[0].as_str().unwrap().to_owned())
        .collect()
}

fn block(word: &str, definition: &Value) -> String {
    let fields = fields(definition).map(|field| {
        let (ty, name) = (field[0].as_str().unwrap(), field[1].as_str().unwrap());
        let array = match (&field[2], &field[3]) {
            (_, Value::String(count)) => format!("[{count}]"),
            (Value::Number(length), _) if length.as_u64() == Some(0) => "[]".to_owned(),
            (Value::Number(length), _) => format!("[{length}]"),
            _ => String::new(),
        };
        format!("{ty} {name}{array}; ")
    });
    let name = definition[0].as_str().unwrap();
    format!("{word} {name} {{ {}}};\n", fields.collect::<String>())
}

fn enumeration(word: &str, of: &Value, marked: &BTreeSet<String>) -> String {
    let name = of[0].as_str().unwrap();
    let all = of.as_array().unwrap();
    let wire = all.last().unwrap()["enumtype"].as_str().unwrap();
    let values = all.iter().skip(1).filter(|one| one.is_array()).map(|one| {
        let (id, value) = (one[0].as_str().unwrap(), &one[1]);
        let is_marked = marked.contains(&format!("{name}.{id}"));
        let mark = if is_marked {
            " [backwards_compatible]"
        } else {
            ""
        };
        format!("{id} = {value}{mark}, ")
    });
    format!(
        "{word} {name} : {wire} {{ {}}};\n",
        values.collect::<String>()
    )
}

fn service(caller: &str, of: &Value) -> String {
    let reply = of["reply"].as_str().unwrap();
    let answer = match (&of["stream"], &of["stream_msg"]) {
        (Value::Bool(true), Value::String(message)) => format!("{reply} stream {message}"),
        (Value::Bool(true), _) => format!("stream {reply}"),
        _ => reply.to_owned(),
    };
    let events = list(of, "events").iter().map(|one| one.as_str().unwrap());
    let events = match events.collect::<Vec<_>>().join(" ") {
        events if events.is_empty() => events,
        events => format!(" events {events}"),
    };
    format!("service {{ rpc {caller} returns {answer}{events}; }};\n")
}
