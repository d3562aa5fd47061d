use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use vpp_sim::Sim;

use crate::program::{command, run};
use crate::running::simulate;

pub struct Exporter {
    child: Child,
    address: String,
}

impl Exporter {
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        errors.read_line(&mut line).unwrap();
        // The program must not block on its errors.
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        let address = line.trim_end().strip_prefix("vpp-stats: serving http://");
        let address = address.and_then(|it| it.strip_suffix("/metrics"));
        Self {
            child,
            address: address.unwrap_or_else(|| panic!("{line}")).to_owned(),
        }
    }

    pub fn get(&self, path: &str, accept: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    fn scrape(&self) -> String {
        self.get("/metrics", "text/plain")
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|it| it == line)
}

#[test]
fn counters_have_labels_and_types() {
    let (_folder, sim, socket) = simulate();
    let stats = sim.stats().unwrap();
    let rx = vpp_sim::stats::InterfaceCounter::Rx;
    stats.set_interface_counter(0, rx, 5, 500).unwrap();
    let exporter = Exporter::start(&["--socket", socket.to_str().unwrap(), "serve"]);
    let text = exporter.scrape();
    for line in [
        "# TYPE vpp_interface_rx_packets_total counter",
        "vpp_interface_rx_packets_total{interface=\"local0\"} 5",
        "vpp_interface_rx_bytes_total{interface=\"local0\"} 500",
        "# TYPE vpp_heartbeat_total counter",
        "# TYPE vpp_num_worker_threads gauge",
        "vpp_up 1",
        "vpp_exporter_dropped_series 0",
    ] {
        assert!(has_line(&text, line), "{line} is missing in {text}");
    }
    assert!(
        text.contains("Content-Type: text/plain; version=0.0.4")
            || text.contains("content-type: text/plain; version=0.0.4")
    );
    assert!(!text.contains("# EOF"));
}

#[test]
fn each_series_appears_once_and_each_family_in_one_piece() {
    let (_folder, _sim, socket) = simulate();
    let exporter = Exporter::start(&["--socket", socket.to_str().unwrap(), "serve"]);
    let response = exporter.get("/metrics", "application/openmetrics-text; version=1.0.0");
    let text = response.split_once("\r\n\r\n").unwrap().1;
    assert!(text.ends_with("# EOF\n") || text.contains("# EOF\n"));
    let mut families = HashSet::new();
    let mut series = HashSet::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert!(families.insert(rest.split(' ').next().unwrap()), "{line}");
        } else if !line.starts_with('#')
            && let Some((name, value)) = line.rsplit_once(' ')
        {
            assert!(series.insert(name), "{line}");
            value.parse::<f64>().unwrap();
        }
    }
    assert!(series.len() > 50, "{text}");
}

#[test]
fn a_vpp_that_is_down_is_not_up() {
    let (_folder, sim, socket) = simulate();
    let exporter = Exporter::start(&["--socket", socket.to_str().unwrap(), "serve"]);
    assert!(has_line(&exporter.scrape(), "vpp_up 1"));
    drop(sim);
    // The socket is looked at every 100 ms.
    let down = loop {
        let text = exporter.get("/metrics", "*/*");
        if !has_line(&text, "vpp_up 1") {
            break text;
        }
    };
    assert!(down.starts_with("HTTP/1.1 200"), "{down}");
    assert!(has_line(&down, "vpp_up 0"), "{down}");
    assert!(!down.contains("vpp_interface"), "{down}");
    let sim = Sim::builder().stats_socket(&socket).start_thread().unwrap();
    assert!(has_line(&exporter.scrape(), "vpp_up 1"));
    drop(sim);
}

#[test]
fn the_number_of_series_is_limited() {
    let (_folder, _sim, socket) = simulate();
    let socket = socket.to_str().unwrap();
    let exporter = Exporter::start(&["--socket", socket, "serve"]);
    let all = exporter.scrape();
    let nodes = all
        .lines()
        .filter(|it| it.starts_with("vpp_node_calls_total{"))
        .count();
    assert!(nodes > 2);
    drop(exporter);
    let pattern = "^/sys/node/calls$";
    let exporter = Exporter::start(&["--socket", socket, "serve", "--max-series", "2", pattern]);
    let text = exporter.scrape();
    assert_eq!(
        text.lines()
            .filter(|it| it.starts_with("vpp_node_calls_total{"))
            .count(),
        2
    );
    assert!(
        has_line(&text, &format!("vpp_exporter_dropped_series {}", nodes - 2)),
        "{text}"
    );
}

#[test]
fn other_paths_and_addresses_are_refused() {
    let (_folder, _sim, socket) = simulate();
    let exporter = Exporter::start(&["--socket", socket.to_str().unwrap(), "serve"]);
    assert!(exporter.get("/", "*/*").starts_with("HTTP/1.1 404"));
    let output = run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("not a loopback address"), "{error}");
}
