//! Addresses and devices that the runtime requests for an attachment.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use ipnet::IpNet;

use super::env::{ARGS, Args};
use super::error::code;
use super::fields::{Fields, Problems};
use super::{Conf, Error, Mac, Result};

/// Requested addresses and devices.
///
/// Each value is taken from the first of these sources that has it: `runtimeConfig`, `args.cni`,
/// `CNI_ARGS`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requested {
    /// The interface's MAC address: key `mac`, or `MAC` in `CNI_ARGS`.
    pub mac: Option<Mac>,
    /// The interface's IP addresses: key `ips`, or `IP` in `CNI_ARGS` separated by commas. The IPAM
    /// plugin reads them from the same places.
    pub ips: Vec<RequestedIp>,
    /// The file in which the plugin describes its device: key `CNIDeviceInfoFile`.
    pub device_info_file: Option<PathBuf>,
    /// The device that the runtime allocated: key `deviceID`. Multus puts it at the top level of
    /// the configuration.
    pub device_id: Option<String>,
}

/// A requested address, with or without a prefix length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestedIp {
    /// Without a prefix length, which the IPAM plugin knows.
    Address(IpAddr),
    /// With a prefix length.
    Net(IpNet),
}

impl RequestedIp {
    fn parse(text: &str) -> std::result::Result<Self, &'static str> {
        let net = text.parse().map(Self::Net);
        net.or_else(|_| text.parse().map(Self::Address))
            .map_err(|_| "is not an IP address")
    }
}

impl fmt::Display for RequestedIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Net(net) => net.fmt(f),
        }
    }
}

impl Requested {
    /// Reads the requests in a configuration and in `CNI_ARGS`.
    ///
    /// # Errors
    /// Code 7 with every invalid value in the configuration, or code 4 for one in `CNI_ARGS`.
    /// Values that another source overrides are not read.
    pub fn of(conf: &Conf, args: &Args) -> Result<Self> {
        let mut problems = Problems::default();
        let runtime = Fields::new(&conf.runtime_config, "runtimeConfig");
        let cni = Fields::new(&conf.args, "args.cni");
        let top = Fields::new(&conf.object, "");
        let mut requested = Self::default();
        for source in [&runtime, &cni] {
            if requested.mac.is_none() {
                requested.mac = source.parsed("mac", Mac::parse_unicast, &mut problems);
            }
            if requested.ips.is_empty() {
                requested.ips = ips(source, &mut problems);
            }
            if requested.device_info_file.is_none() {
                let file = source.parsed("CNIDeviceInfoFile", absolute, &mut problems);
                requested.device_info_file = file;
            }
        }
        for source in [&runtime, &cni, &top] {
            if requested.device_id.is_none() {
                let id = source.non_empty("deviceID", &mut problems);
                requested.device_id = id.map(str::to_owned);
            }
        }
        problems.into_result("the network configuration", code::CONFIG)?;
        requested.complete(args).map_err(Error::environment)?;
        Ok(requested)
    }

    /// Reads the missing values from `CNI_ARGS`.
    fn complete(&mut self, args: &Args) -> std::result::Result<(), String> {
        if self.mac.is_none()
            && let Some(text) = args.get("MAC")
        {
            let mac = Mac::parse_unicast(text);
            self.mac = Some(mac.map_err(|why| format!("MAC {text:?} in {ARGS} {why}"))?);
        }
        if self.ips.is_empty()
            && let Some(text) = args.get("IP")
        {
            let all = text.split(',').map(str::trim).map(RequestedIp::parse);
            let all: std::result::Result<_, _> = all.collect();
            self.ips = all.map_err(|why| format!("IP {text:?} in {ARGS} {why}"))?;
        }
        Ok(())
    }
}

fn ips(fields: &Fields<'_>, problems: &mut Problems) -> Vec<RequestedIp> {
    let mut all = Vec::new();
    for text in fields.texts("ips", problems) {
        match RequestedIp::parse(text) {
            Ok(ip) => all.push(ip),
            Err(why) => problems.invalid(format!("{} {text:?} {why}", fields.name("ips"))),
        }
    }
    all
}

fn absolute(text: &str) -> std::result::Result<PathBuf, &'static str> {
    if text.contains('\0') {
        return Err("contains NUL");
    }
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err("is not an absolute path")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    fn requested(rest: &str, args: &str) -> Result<Requested> {
        let text = format!(r#"{{"cniVersion":"1.0.0","name":"n"{rest}}}"#);
        let conf = Conf::parse(text.into_bytes())?;
        let args = Args::parse(Some(OsStr::new(args))).unwrap();
        Requested::of(&conf, &args)
    }

    const RUNTIME: &str = r#","runtimeConfig":{"mac":"02:00:00:00:00:01","ips":["10.0.0.1/8"],
        "CNIDeviceInfoFile":"/run/d","deviceID":"r"}"#;
    const CNI: &str =
        r#","args":{"cni":{"mac":"02:00:00:00:00:02","ips":["10.0.0.2","fd00::2/64"]}}"#;
    const ENV: &str = "MAC=02:00:00:00:00:03;IP=10.0.0.3, fd00::3/64;K8S_POD_NAME=p";

    #[test]
    fn runtime_config_overrides_args_and_args_override_the_environment() {
        for (rest, args, last) in [
            (format!("{RUNTIME}{CNI}"), ENV, 1),
            (CNI.to_owned(), ENV, 2),
            (String::new(), ENV, 3),
        ] {
            let requested = requested(&rest, args).unwrap();
            assert_eq!(requested.mac, Some(Mac([2, 0, 0, 0, 0, last])));
            let first = requested.ips.first().unwrap().to_string();
            assert!(first.starts_with(&format!("10.0.0.{last}")), "{first}");
        }
        assert_eq!(requested("", "").unwrap(), Requested::default());
    }

    #[test]
    fn each_value_has_its_own_precedence() {
        let rest = r#","runtimeConfig":{"mac":"02:00:00:00:00:01","ips":[]},"deviceID":"t""#;
        let requested = requested(rest, ENV).unwrap();
        assert_eq!(requested.mac.unwrap().to_string(), "02:00:00:00:00:01");
        let ips: Vec<String> = requested.ips.iter().map(ToString::to_string).collect();
        assert_eq!(ips, ["10.0.0.3", "fd00::3/64"]);
        assert_eq!(requested.device_id.as_deref(), Some("t"));
    }

    #[test]
    fn invalid_values_are_errors_with_key_and_value() {
        for (rest, args, code, part) in [
            (
                r#","runtimeConfig":{"mac":"x"}"#,
                "",
                7,
                "runtimeConfig.mac \"x\"",
            ),
            (
                r#","runtimeConfig":{"mac":1}"#,
                "",
                7,
                "runtimeConfig.mac is 1",
            ),
            (
                r#","args":{"cni":{"ips":["x"]}}"#,
                "",
                7,
                "args.cni.ips \"x\"",
            ),
            (
                r#","runtimeConfig":{"CNIDeviceInfoFile":"d"}"#,
                "",
                7,
                "not an absolute path",
            ),
            ("", "MAC=01:00:00:00:00:00", 4, "multicast"),
            ("", "IP=10.0.0.1/33", 4, "IP \"10.0.0.1/33\""),
        ] {
            let error = requested(rest, args).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert!(error.msg().contains(part), "{part:?} is not in {error}");
        }
    }
}
