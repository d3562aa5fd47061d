use serde_json::Value;

use crate::support::{command, run, sim};

#[test]
fn client_bench_measures_everything_on_its_own_simulator() {
    let options = [
        "--rounds",
        "1",
        "--seconds",
        "0.02",
        "--interfaces",
        "50",
        "--json",
    ];
    let ended = run(command("client-bench", &options));
    assert_eq!(ended.status, 0, "{ended:?}");
    let told: Value = serde_json::from_str(&ended.out).expect("one document");
    let figures = told["figures"].as_array().expect("figures");
    assert_eq!(figures.len(), 6);
    for figure in figures {
        for rate in ["client_per_second", "raw_socket_per_second", "ratio"] {
            assert!(figure[rate].as_f64().expect("a number") > 0.0, "{figure}");
        }
    }
    assert_eq!(figures[5]["items_per_call"], 51.0);
}

#[test]
fn client_bench_removes_the_loopbacks_that_it_creates() {
    let sim = sim();
    let mut command = command("client-bench", &["--rounds", "1", "--seconds", "0.01"]);
    command
        .arg("--socket")
        .arg(sim.socket())
        .args(["--create", "100"]);
    let ended = run(command);
    assert_eq!(ended.status, 0, "{ended:?}");
    assert!(
        ended.out.contains("a dump has 101 details"),
        "{}",
        ended.out
    );
    assert_eq!(sim.state().interfaces().count(), 1);
}
