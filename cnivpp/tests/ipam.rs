//! Tests of the delegation to `host-local`, with every installed release.
//!
//! Releases are searched in the folders of `CNI_TEST_BIN`, of `PATH` and in `/usr/lib/cni`. Each is
//! tested with the versions that it reports.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::env;
use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use cnivpp::cni::ipam::Forwarded;
use cnivpp::cni::{CniResult, Delegate, Environment, Verb, Version};
use tempfile::TempDir;

/// One release of `host-local` with its own data folder.
struct HostLocal {
    folder: PathBuf,
    data: TempDir,
}

impl HostLocal {
    /// Finds every release.
    fn all() -> Vec<Self> {
        let lists = ["CNI_TEST_BIN", "PATH"].map(|name| env::var_os(name).unwrap_or_default());
        let folders = lists.iter().flat_map(env::split_paths);
        let folders: BTreeSet<PathBuf> = folders.chain(["/usr/lib/cni".into()]).collect();
        let found = folders
            .into_iter()
            .filter(|it| it.join("host-local").is_file());
        let all: Vec<_> = found
            .map(|folder| Self {
                folder,
                data: tempfile::tempdir().unwrap(),
            })
            .collect();
        assert!(
            !all.is_empty(),
            "host-local is not installed; set CNI_TEST_BIN to its folder"
        );
        all
    }

    fn delegate(&self, version: Version, container: &str, rest: &str) -> Delegate {
        let data = self.data.path().display();
        let config = format!(
            r#"{{"cniVersion": "{version}", "name": "net", "type": "userspace", {rest}
                "ipam": {{"type": "host-local", "dataDir": "{data}",
                    "ranges": [[{{"subnet": "10.9.0.0/24", "gateway": "10.9.0.254"}}],
                        [{{"subnet": "fd09::/64"}}]],
                    "routes": [{{"dst": "0.0.0.0/0"}}, {{"dst": "::/0", "gw": "fd09::ff"}}]}}}}"#
        );
        let environment = Environment::of_process()
            .with("CNI_PATH", &self.folder)
            .with("CNI_CONTAINERID", container)
            .with("CNI_IFNAME", "net1")
            .with("CNI_NETNS", "/run/netns/absent");
        let deadline = Instant::now() + Duration::from_secs(60);
        Delegate::new(
            "host-local",
            config.into_bytes(),
            version,
            environment,
            deadline,
        )
    }

    /// Counts the allocated addresses.
    fn allocated(&self) -> usize {
        let Ok(files) = self.data.path().join("net").read_dir() else {
            return 0;
        };
        let names = files.map(|it| it.unwrap().file_name());
        names
            .filter(|it| !it.to_string_lossy().starts_with("l"))
            .count()
    }

    fn supports(&self, version: Version) -> bool {
        let versions = block_on(self.delegate(Version::V1_0_0, "a", "").versions());
        versions.unwrap().iter().any(|it| it == version.as_str())
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

fn addresses(result: &CniResult) -> Vec<String> {
    result.ips.iter().map(|it| it.address.to_string()).collect()
}

#[test]
#[ignore = "needs host-local"]
fn addresses_are_allocated_checked_and_released_in_every_version() {
    for host_local in HostLocal::all() {
        for version in Version::ALL {
            if !host_local.supports(version) {
                continue;
            }
            let delegate = host_local.delegate(version, "a", "");
            let result = block_on(delegate.add()).unwrap();
            assert_eq!(addresses(&result).len(), 2, "{version}: {result:?}");
            assert_eq!(result.ips[0].gateway.unwrap().to_string(), "10.9.0.254");
            assert_eq!(result.routes[1].gw.unwrap().to_string(), "fd09::ff");
            assert_eq!(host_local.allocated(), 2);
            let has_check = version.has_verb(Verb::Check);
            assert_eq!(block_on(delegate.check()).is_ok(), has_check, "{version}");
            block_on(delegate.del()).unwrap();
            assert_eq!(host_local.allocated(), 0);
            block_on(delegate.del()).unwrap();
            assert!(block_on(delegate.check()).is_err(), "{version}");
        }
    }
}

#[test]
#[ignore = "needs host-local"]
fn a_requested_address_is_allocated() {
    for host_local in HostLocal::all() {
        let rest = r#""args": {"cni": {"ips": ["10.9.0.77"]}},"#;
        let delegate = host_local.delegate(Version::V1_0_0, "a", rest);
        let result = block_on(delegate.add()).unwrap();
        assert_eq!(addresses(&result)[0], "10.9.0.77/24");
        let second = host_local.delegate(Version::V1_0_0, "b", rest);
        let error = block_on(second.add()).unwrap_err();
        assert!(
            error.msg().starts_with("ipam plugin host-local: "),
            "{error}"
        );
        assert!(error.msg().contains("10.9.0.77"), "{error}");
        assert_eq!(
            host_local.allocated(),
            2,
            "what the failed ADD allocated is released"
        );
    }
}

#[test]
#[ignore = "needs host-local"]
fn gc_and_status_are_forwarded_only_to_releases_with_1_1_0() {
    for host_local in HostLocal::all() {
        block_on(host_local.delegate(Version::V1_0_0, "a", "").add()).unwrap();
        let rest = r#""cni.dev/valid-attachments": [],"#;
        let delegate = host_local.delegate(Version::V1_1_0, "", rest);
        for forwarded in [block_on(delegate.gc()), block_on(delegate.status())] {
            let is_new = host_local.supports(Version::V1_1_0);
            assert_eq!(forwarded.unwrap() == Forwarded::Yes, is_new);
        }
        // `host-local` up to 1.9.1 accepts GC but does nothing, so GC of this crate must run DEL.
        assert_eq!(host_local.allocated(), 2);
    }
}

#[test]
#[ignore = "needs host-local"]
fn a_release_without_1_1_0_rejects_add_but_executes_del() {
    for host_local in HostLocal::all() {
        let delegate = host_local.delegate(Version::V1_1_0, "a", "");
        if host_local.supports(Version::V1_1_0) {
            continue;
        }
        let error = block_on(delegate.add()).unwrap_err();
        assert_eq!(error.code(), 1, "{error}");
        assert!(error.details().contains("0.4.0, 1.0.0"), "{error}");
        block_on(host_local.delegate(Version::V1_0_0, "a", "").add()).unwrap();
        block_on(delegate.del()).unwrap();
        assert_eq!(host_local.allocated(), 0);
    }
}
