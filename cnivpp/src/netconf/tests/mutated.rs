use serde_json::{Value, json};

use super::example;
use crate::cni::{Conf, Result};
use crate::netconf::*;

/// Changes a random value inside `value`.
fn mutate(value: &mut Value, random: &mut fastrand::Rng) {
    let inner = match value {
        Value::Object(object) if random.bool() && !object.is_empty() => {
            let at = random.usize(0..object.len());
            object.values_mut().nth(at)
        }
        Value::Array(array) if random.bool() && !array.is_empty() => {
            let at = random.usize(0..array.len());
            array.get_mut(at)
        }
        _ => None,
    };
    if let Some(inner) = inner {
        return mutate(inner, random);
    }
    let words = [
        "",
        "..",
        "a/b",
        "vhostuser",
        "ip",
        "bridge",
        "\u{0}",
        "é",
        "4",
        "slave",
    ];
    *value = match random.u8(0..7) {
        0 => Value::Null,
        1 => random.bool().into(),
        2 => random.i64(..).into(),
        3 => random.f64().into(),
        4 => json!([random.u8(..), "x"]),
        5 => json!({"role": "slave", "x": {}, "bridgeId": 0, "host": "/a"}),
        _ => words[random.usize(0..words.len())].into(),
    };
}

#[test]
fn mutated_configurations_never_panic_and_fail_with_one_error() {
    let mut random = fastrand::Rng::with_seed(26);
    let mut base = example();
    base["paths"] = json!({"host": "/a", "vpp": "/b"});
    base["host"]["memif"]["socketMode"] = "0770".into();
    base["host"]["mtu"] = 9000.into();
    let mut failed = 0;
    for _ in 0..1_000 {
        let mut value = base.clone();
        for _ in 0..random.usize(1..4) {
            mutate(&mut value, &mut random);
        }
        let conf = Conf::parse(value.to_string().into_bytes());
        let parsed: Result<NetConf> = conf.and_then(|conf| NetConf::parse(&conf.object));
        if let Err(error) = parsed {
            failed += 1;
            assert!([1, 2, 6, 7].contains(&error.code()), "{error}");
            assert!(
                error.to_json("1.0.0")["msg"]
                    .as_str()
                    .is_some_and(|it| it.len() > 20)
            );
        }
    }
    assert!(
        (200..1_000).contains(&failed),
        "{failed} configurations failed"
    );
}
