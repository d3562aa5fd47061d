use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, chown};

use fastrand::Rng;
use serde_json::{Value, json};

use crate::call::Call;
use crate::node::{Node, memif, with};

/// An unprivileged user, so that mutated paths do no harm.
const NOBODY: u32 = 65534;

/// Creates a node. Also returns whether the plugin must run as an unprivileged user.
fn node() -> (Node, bool) {
    let node = Node::new();
    let is_root = rustix::process::getuid().is_root();
    if is_root {
        for name in ["", "bin", "ns", "ipam"] {
            chown(node.path(name), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let everybody = fs::Permissions::from_mode(0o777);
        fs::set_permissions(node.path("vpp/api.sock"), everybody).unwrap();
    }
    (node, is_root)
}

fn configurations(node: &Node) -> Vec<Value> {
    let previous = json!({
        "cniVersion": "1.0.0",
        "interfaces": [{"name": "eth0", "sandbox": "/run/netns/x"}],
        "ips": [{"address": "192.168.1.5/24", "interface": 0}],
    });
    let secret = json!({"memif": {"secret": "hunter2", "socketfile": "x.sock"}});
    let vhost =
        json!({"engine": "vpp", "iftype": "vhostuser", "vhost": {"mode": "server"}, "mtu": 1500});
    let mut requested = node.routed();
    requested["runtimeConfig"] = json!({"mac": "02:00:00:00:00:01", "ips": ["10.9.0.9"]});
    requested["args"] = json!({"cni": {"mac": "02:00:00:00:00:02"}});
    let mut listed = with(&node.bridged(), "cniVersion", &json!("1.1.0"));
    listed["cni.dev/valid-attachments"] = json!([{"containerID": "box1", "ifname": "net1"}]);
    vec![
        node.bridged(),
        with(&node.routed(), "prevResult", &previous),
        with(
            &node.conf(&memif(&secret)),
            "sharedDir",
            &json!(node.path("sh")),
        ),
        node.conf(&vhost),
        requested,
        listed,
    ]
}

fn random_value(rng: &mut Rng) -> Value {
    match rng.u8(0..22) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(1e308),
        5 => json!(0.5),
        6 => json!(""),
        7 => json!("\0"),
        8 => json!("../.."),
        9 => json!("a/b"),
        10 => json!("x".repeat(5000)),
        11 => json!("é\u{202e}\n\u{1b}[31m"),
        12 => json!([]),
        13 => json!({}),
        14 => json!([{"a": [null]}]),
        15 => json!("%s%n${HOME}"),
        16 => json!("vpp"),
        17 => json!("bridge"),
        18 => json!("slave"),
        19 => json!("1.1.0"),
        20 => json!("no such file or directory"),
        _ => json!(rng.u32(..)),
    }
}

/// Chooses a random value inside `at`, except keys that determine which folders are written.
fn choose<'a>(rng: &mut Rng, mut at: &'a mut Value) -> &'a mut Value {
    const FIXED: [&str; 4] = ["stateDir", "sharedDir", "vppSocket", "logFile"];
    loop {
        let count = match &*at {
            Value::Object(all) => all
                .keys()
                .filter(|it| !FIXED.contains(&it.as_str()))
                .count(),
            Value::Array(all) => all.len(),
            _ => 0,
        };
        if count == 0 || rng.u8(..) < 40 {
            return at;
        }
        let index = rng.usize(..count);
        at = match at {
            Value::Object(all) => {
                let free = all
                    .iter_mut()
                    .filter(|(key, _)| !FIXED.contains(&key.as_str()));
                free.map(|(_, value)| value).nth(index).unwrap()
            }
            Value::Array(all) => &mut all[index],
            other => return other,
        };
    }
}

fn mutate_tree(rng: &mut Rng, conf: &mut Value) {
    let at = choose(rng, conf);
    match at {
        // The configuration must stay an object with its folders.
        Value::Object(all) => {
            let key = match rng.u8(0..4) {
                0 => "secret".to_owned(),
                1 => "x".repeat(rng.usize(0..300)),
                2 => "\0".to_owned(),
                _ => "Host".to_owned(),
            };
            all.insert(key, random_value(rng));
        }
        other => *other = random_value(rng),
    }
}

/// Changes bytes, except those of the node's paths.
fn mutate_text(rng: &mut Rng, text: &mut Vec<u8>, folder: &str) {
    let fixed = ["stateDir", "sharedDir", "vppSocket", "logFile", folder];
    let end = rng.usize(..text.len());
    let is_fixed = |text: &[u8], at: usize| {
        fixed.iter().any(|it| {
            let from = at.saturating_sub(it.len() + 40);
            let to = (at + it.len() + 40).min(text.len());
            text[from..to]
                .windows(it.len())
                .any(|part| part == it.as_bytes())
        })
    };
    match rng.u8(0..4) {
        0 => text.truncate(end),
        1 => text.extend_from_slice(b" {}"),
        _ if is_fixed(text, end) => text.insert(0, rng.u8(..)),
        2 => text[end] = rng.u8(..),
        _ => {
            text.remove(end);
        }
    }
}

fn mutate_environment(rng: &mut Rng, call: Call) -> Call {
    const NAMES: [&str; 6] = [
        "CNI_COMMAND",
        "CNI_CONTAINERID",
        "CNI_NETNS",
        "CNI_IFNAME",
        "CNI_ARGS",
        "CNI_PATH",
    ];
    let name = NAMES[rng.usize(..NAMES.len())];
    let value = match rng.u8(0..10) {
        0 => return call.without(name),
        1 => OsString::new(),
        2 => OsString::from_vec(vec![b'a', 0xff, 0xfe]),
        3 => "../../x".into(),
        4 => "x".repeat(rng.usize(1..5000)).into(),
        5 => "a b\n\u{1b}[2J".into(),
        6 => "MAC=zz;IP=1;;=;K8S_POD_NAME=x".into(),
        7 => "/proc/self/ns/net".into(),
        8 => "-".into(),
        _ => ":::/:.".into(),
    };
    call.with(name, value)
}

/// Lets the user check whether sockets are in use. VPP's sockets have mode 0775, those of the
/// simulator do not.
fn open_sockets(node: &Node) {
    let state = node.sim.state();
    let memifs = state.memif_sockets().map(|it| it.filename.clone());
    let vhosts = state.vhosts().map(|it| it.request.sock_filename.clone());
    for path in memifs.chain(vhosts) {
        // A socket without a listener has no file.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o777));
    }
}

#[test]
fn check_38_a_thousand_mutated_calls_direct() {
    let (node, is_root) = node();
    let folder = node.text("");
    let mut rng = Rng::with_seed(38);
    let (mut rejected, mut accepted) = (0, 0);
    for _ in 0..1000 {
        let bases = configurations(&node);
        let mut conf = bases[rng.usize(..bases.len())].clone();
        let verb = [
            "ADD", "ADD", "ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION",
        ][rng.usize(..8)];
        for _ in 0..rng.u8(0..3) {
            mutate_tree(&mut rng, &mut conf);
        }
        let mut text = conf.to_string().into_bytes();
        if rng.u8(..) < 60 {
            mutate_text(&mut rng, &mut text, &folder);
        }
        let call = |verb: &str| {
            let call = node.call(verb, &Value::Null, "box1", "net1");
            let call = call.stdin(text.clone());
            if is_root {
                call.user(NOBODY, NOBODY)
            } else {
                call
            }
        };
        let seed = rng.fork();
        let is_mutated = rng.u8(..) < 80;
        let build = |verb: &str, seed: &Rng| match is_mutated {
            true => mutate_environment(&mut seed.clone(), call(verb)),
            false => call(verb),
        };
        let reply = build(verb, &seed).run();
        if reply.is_success() {
            accepted += 1;
            match verb {
                // Runs DEL with the same mutated environment.
                "ADD" if !reply.stdout().is_empty() => {
                    reply.result();
                    open_sockets(&node);
                    build("DEL", &seed).with("CNI_COMMAND", "DEL").run();
                }
                _ if reply.stdout().is_empty() => {}
                _ => drop(reply.result()),
            }
        } else {
            rejected += 1;
            let error = reply.error();
            let parsed: Option<Value> = serde_json::from_slice(&text).ok();
            let version = parsed.as_ref().and_then(|it| it["cniVersion"].as_str());
            if let Some(version) = version.filter(|it| matches!(*it, "1.0.0" | "1.1.0")) {
                assert_eq!(error["cniVersion"], version, "{reply}");
            }
            assert!(!reply.to_string().contains("hunter2"), "{reply}");
            let lower = error.to_string().to_lowercase();
            assert!(!lower.contains("no such file or directory"), "{reply}");
        }
        assert_eq!(
            node.left(),
            Vec::<String>::new(),
            "{verb} {}: {reply}",
            String::from_utf8_lossy(&text)
        );
        node.assert_clean();
    }
    assert!(
        rejected > 300 && accepted > 100,
        "{rejected} and {accepted}"
    );
}
