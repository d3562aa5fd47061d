use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cnivpp::api::route;
use cnivpp::attachment::MemifConfig;
use cnivpp::files::Dir;
use cnivpp::handover::{Address, Attachment, Audience, Interface, Route, RxMode, write_pair};
use serde_json::Value;
use vpp_bindings::client::Client;
use vpp_sim::{Sim, SimThread};

/// A container ID in the format of most runtimes.
pub(crate) const ID: &str = "0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d0958c8871b32f00d";

/// A container with its VPP and the folder of its files.
pub(crate) struct Container {
    pub(crate) sim: SimThread,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) dir: Dir,
}

impl Container {
    pub(crate) fn new() -> Self {
        let sim = Sim::builder().start_thread().expect("the simulator starts");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let dir = Dir::open(folder.path()).expect("it opens");
        Self { sim, folder, dir }
    }

    /// Restarts the container with an empty VPP.
    pub(crate) fn restarted(self) -> Self {
        let sim = Sim::builder().start_thread().expect("the simulator starts");
        Self { sim, ..self }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Creates an attachment with a socket in the folder.
    pub(crate) fn attachment(&self, if_name: &str) -> Attachment {
        let socket = self.path(&format!("{if_name}.sock"));
        attachment(if_name, &socket)
    }

    pub(crate) fn write(&self, attachment: &Attachment) {
        write_pair(&self.dir, attachment, Audience::default()).expect("it can be written");
    }

    pub(crate) fn command(&self) -> Command {
        command(self.sim.socket(), self.folder.path())
    }

    /// Runs the program once without waiting.
    pub(crate) fn run(&self) -> Exited {
        run(self.command().args(["--wait", "0"]))
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let state = self.sim.state();
        state.interfaces().map(|it| it.name.clone()).collect()
    }

    /// Asserts that VPP has exactly these interfaces, completely configured, and did not crash.
    pub(crate) fn assert_has(&self, attachments: &[Attachment]) {
        assert_eq!(self.sim.crashes(), Vec::<String>::new());
        assert_eq!(
            self.names().len(),
            1 + attachments.len(),
            "{:?}",
            self.names()
        );
        for attachment in attachments {
            self.assert_complete(attachment);
        }
    }

    fn assert_complete(&self, attachment: &Attachment) {
        let tag = cnivpp::attachment::Id::new(ID, &attachment.if_name).tag();
        let (index, mac) = {
            let state = self.sim.state();
            let mut all = state.interfaces();
            let interface = all.find(|it| it.tag == tag).expect("it has its tag");
            assert!(interface.admin_up);
            assert_eq!(interface.mtu[0], attachment.mtu.expect("an MTU"));
            let mut addresses: Vec<_> = [false, true]
                .iter()
                .flat_map(|is_ipv6| state.addresses(interface.sw_if_index, *is_ipv6))
                .map(|it| format!("{}/{}", it.address, it.len))
                .collect();
            addresses.sort();
            let mut expected: Vec<_> = attachment
                .addresses
                .iter()
                .map(|it| it.address.to_string())
                .collect();
            expected.sort();
            assert_eq!(addresses, expected);
            (interface.sw_if_index, interface.mac)
        };
        assert_eq!(mac, attachment.mac.map(|it| it.0));
        let index = cnivpp::api::InterfaceIndex(index);
        let found = with_client(&self.sim, async |client| {
            let mut found = Vec::new();
            for wanted in &attachment.routes {
                found.push(route::lookup(client, 0, wanted.dst, true).await);
            }
            found
        });
        for (found, wanted) in found.into_iter().zip(&attachment.routes) {
            let found = found.expect("VPP answers").expect("the route exists");
            let paths = [route::Path {
                sw_if_index: Some(index),
                next_hop: wanted.gw,
            }];
            assert_eq!(found.paths, paths);
        }
    }
}

pub(crate) fn command(socket: &Path, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usrsp-app"));
    command.arg("--socket").arg(socket).arg("--dir").arg(folder);
    command.arg("--annotations").arg(folder.join("annotations"));
    command.args(["--json", "--verbose"]).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Exit status and output of the program.
#[derive(Debug)]
pub(crate) struct Exited {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Exited {
    /// Parses the one JSON document on stdout.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).expect("JSON")
    }

    /// Returns the state of each interface.
    pub(crate) fn states(&self) -> Vec<(String, String)> {
        states(&self.json())
    }
}

pub(crate) fn states(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let all = report["interfaces"].as_array().expect("a list");
    all.iter()
        .map(|it| (text(&it["ifName"]), text(&it["state"])))
        .collect()
}

pub(crate) fn run(command: &mut Command) -> Exited {
    let output = command.output().expect("the program starts");
    Exited {
        status: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Creates an attachment in which every field is set.
pub(crate) fn attachment(if_name: &str, socket: &Path) -> Attachment {
    // The number in the name makes the subnets different, as VPP requires.
    let number: u8 = if_name.trim_start_matches("net").parse().expect("netN");
    let address = |text: String| text.parse().expect("an address");
    Attachment {
        container_id: ID.to_owned(),
        if_name: if_name.to_owned(),
        network: "net".to_owned(),
        interface: Interface::Memif(MemifConfig {
            is_master: false,
            is_ip: false,
            id: 0,
            ring_size: Some(2048),
            buffer_size: Some(4096),
            rx_queues: Some(2),
            tx_queues: Some(1),
            secret: "s3cret".to_owned(),
        }),
        socket: socket.to_str().expect("text").to_owned(),
        mac: Some(
            format!("02:00:00:00:00:{number:02x}")
                .parse()
                .expect("a MAC"),
        ),
        mtu: Some(1400),
        rx_mode: Some(RxMode::Polling),
        bridge: None,
        addresses: vec![
            Address {
                address: format!("10.{number}.0.5/24").parse().expect("an address"),
                gateway: Some(address(format!("10.{number}.0.1"))),
            },
            Address {
                address: format!("fd00:{number}::5/64").parse().expect("an address"),
                gateway: Some(address(format!("fd00:{number}::1"))),
            },
        ],
        routes: vec![
            Route {
                dst: format!("192.168.{number}.0/24").parse().expect("a prefix"),
                gw: Some(address(format!("10.{number}.0.1"))),
            },
            Route {
                dst: format!("fd01:{number}::/64").parse().expect("a prefix"),
                gw: Some(address(format!("fd00:{number}::1"))),
            },
        ],
    }
}

pub(crate) fn with_client<T>(sim: &Sim, act: impl AsyncFnOnce(&Client) -> T) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let builder = Client::builder().socket(sim.socket()).name("test");
        let client = cnivpp::api::infra::connect(builder)
            .await
            .expect("it connects");
        let result = act(&client).await;
        client.disconnect().await;
        result
    })
}
