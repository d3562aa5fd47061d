use super::*;

fn parse(text: &str) -> Result<Conf> {
    Conf::parse(text.as_bytes().to_vec())
}

#[test]
fn standard_keys_are_read_and_the_bytes_are_kept() {
    let text = r#" {"cniVersion": "1.1.0", "name": "net", "type": "userspace",
        "ipam": {"type": "host-local", "x": 1.10}, "dns": {"domain": "example"},
        "capabilities": {"mac": true, "ips": false}, "runtimeConfig": {"mac": "m"},
        "args": {"cni": {"ips": ["i"]}, "other": 1}, "disableCheck": true, "y": null}"#;
    let conf = parse(text).unwrap();
    assert_eq!(conf.raw, text.as_bytes());
    assert_eq!(conf.version, Version::V1_1_0);
    assert_eq!(conf.name, "net");
    assert_eq!(conf.plugin.as_deref(), Some("userspace"));
    assert_eq!(conf.ipam.as_deref(), Some("host-local"));
    assert_eq!(conf.dns.domain.as_deref(), Some("example"));
    assert_eq!(conf.capabilities, ["mac"]);
    assert_eq!(conf.runtime_config["mac"], "m");
    assert_eq!(conf.args["ips"][0], "i");
    assert!(conf.disable_check);
    assert_eq!(conf.prev_result().unwrap(), None);
}

#[test]
fn an_empty_ipam_is_none() {
    for ipam in [
        r#""ipam":{}"#,
        r#""ipam":{"type":""}"#,
        r#""ipam":null"#,
        r#""x":1"#,
    ] {
        let text = format!(r#"{{"cniVersion":"1.0.0","name":"n",{ipam}}}"#);
        assert_eq!(parse(&text).unwrap().ipam, None, "{ipam}");
    }
}

#[test]
fn each_kind_of_invalid_input_has_its_code() {
    let deep = format!(r#"{{"cniVersion":"1.0.0","a":{}"#, "[".repeat(10_000));
    for (text, code, part) in [
        ("", 6, "stdin is empty"),
        ("[]", 6, "not a JSON object"),
        ("{", 6, "EOF"),
        (deep.as_str(), 6, "recursion limit"),
        (
            r#"{"cniVersion":"1.0.0","name":"n","name":"m"}"#,
            6,
            "duplicate key \"name\"",
        ),
        (r#"{"name":"n"}"#, 1, "\"0.1.0\""),
        (r#"{"cniVersion":"9","name":"n"}"#, 1, "\"9\""),
        (r#"{"cniVersion":1,"name":"n"}"#, 7, "cniVersion is 1"),
        (r#"{"cniVersion":"1.0.0"}"#, 7, "name is missing"),
        (r#"{"cniVersion":"1.0.0","name":"a/b"}"#, 7, "name \"a/b\""),
        (
            r#"{"cniVersion":"1.0.0","name":"n","ipam":7}"#,
            7,
            "ipam is 7",
        ),
        (
            r#"{"cniVersion":"1.0.0","name":"n","args":{"cni":1}}"#,
            7,
            "args.cni is 1",
        ),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.msg().contains(part), "{part:?} is not in {error}");
    }
    let error = Conf::parse(b"{\"name\":\"\xff\"}".to_vec()).unwrap_err();
    assert_eq!(error.code(), 6);
}

#[test]
fn valid_attachments_are_read_from_both_keys() {
    let with = |rest: &str| {
        let text = format!(r#"{{"cniVersion":"1.1.0","name":"n"{rest}}}"#);
        parse(&text).unwrap().valid_attachments()
    };
    let [a, b] = ["a", "b"].map(|id| format!(r#"[{{"containerID":"{id}","ifname":"e"}}]"#));
    let new = format!(r#","cni.dev/valid-attachments":{a}"#);
    let old = format!(r#","cni.dev/attachments":{b}"#);
    let ids = |rest: &str| {
        let all = with(rest).unwrap()?;
        Some(
            all.iter()
                .map(|it| it.container_id.clone())
                .collect::<Vec<_>>()
                .concat(),
        )
    };
    assert_eq!(ids(""), None);
    assert_eq!(ids(r#","cni.dev/attachments":null"#), None);
    assert_eq!(ids(r#","cni.dev/attachments":[]"#).as_deref(), Some(""));
    assert_eq!(ids(&new).as_deref(), Some("a"));
    assert_eq!(ids(&old).as_deref(), Some("b"));
    assert_eq!(ids(&format!("{new}{old}")).as_deref(), Some("ab"));
    for entries in [
        r#"[{"containerID":"a"}]"#,
        r#"[{"containerID":"/","ifname":"e"}]"#,
        "{}",
    ] {
        let error = with(&format!(r#","cni.dev/attachments":{entries}"#)).unwrap_err();
        assert_eq!(error.code(), 7, "{error}");
    }
}

#[test]
fn an_error_has_the_version_found_in_the_text() {
    for (text, expected) in [
        (r#"{"cniVersion":"0.4.0"}"#, "0.4.0"),
        (r#"{"cniVersion":"0.1.0"}"#, "0.1.0"),
        (r#"{"x":{"cniVersion":"0.4.0"}}"#, "1.1.0"),
        (r#"{"cniVersion" : "1.0.0", "#, "1.0.0"),
        (r#"{"cniVersion":"0.3.1","cniVersion":"0.4.0"}"#, "0.3.1"),
        (r#"{"cniVersion":"<b>"}"#, "1.1.0"),
        (r#"{"cniVersion":7}"#, "1.1.0"),
        ("{\"cniVersion\":\"0.4.0\",\"\u{0}", "0.4.0"),
        ("", "1.1.0"),
    ] {
        assert_eq!(version_for_error(text.as_bytes()), expected, "{text}");
    }
}
