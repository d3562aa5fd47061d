//! Types whose JSON is the text of an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::value::Value;
use vpp_definitions::model::Special;

/// Returns the text of an address. Returns `None` if the text would lose information: the
/// address family is unknown, or unused bytes are not zero.
pub fn text(special: Special, bytes: &[u8]) -> Option<String> {
    let text = match special {
        Special::None => return None,
        Special::Ip4Address => Ipv4Addr::from(octets::<4>(bytes)?).to_string(),
        Special::Ip6Address => Ipv6Addr::from(octets::<16>(bytes)?).to_string(),
        Special::MacAddress => {
            let [a, b, c, d, e, f] = octets(bytes)?;
            format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}")
        }
        Special::Address => ip(bytes)?.to_string(),
        Special::Prefix => {
            let (len, address) = bytes.split_last()?;
            IpNet::new(ip(address)?, *len).ok()?.to_string()
        }
        Special::Ip4Prefix => {
            let (len, address) = bytes.split_last()?;
            let address = octets::<4>(address)?.into();
            Ipv4Net::new(address, *len).ok()?.to_string()
        }
        Special::Ip6Prefix => {
            let (len, address) = bytes.split_last()?;
            let address = octets::<16>(address)?.into();
            Ipv6Net::new(address, *len).ok()?.to_string()
        }
    };
    Some(text)
}

/// Parses the text of an address. The error is what was expected.
pub fn parse(special: Special, text: &str) -> Result<Value, &'static str> {
    let parsed = match special {
        Special::None => None,
        Special::Ip4Address => text.parse::<Ipv4Addr>().ok().map(|a| bytes(&a.octets())),
        Special::Ip6Address => text.parse::<Ipv6Addr>().ok().map(|a| bytes(&a.octets())),
        Special::MacAddress => mac(text).map(|mac| bytes(&mac)),
        Special::Address => text.parse().ok().map(of_ip),
        Special::Prefix => {
            let net = text.parse::<IpNet>().ok();
            net.map(|net| with_length(of_ip(net.addr()), net.prefix_len()))
        }
        Special::Ip4Prefix => {
            let net = text.parse::<Ipv4Net>().ok();
            net.map(|net| with_length(bytes(&net.addr().octets()), net.prefix_len()))
        }
        Special::Ip6Prefix => {
            let net = text.parse::<Ipv6Net>().ok();
            net.map(|net| with_length(bytes(&net.addr().octets()), net.prefix_len()))
        }
    };
    parsed.ok_or(example(special))
}

fn example(special: Special) -> &'static str {
    match special {
        Special::None => "text",
        Special::Ip4Address => "an IPv4 address such as 10.0.0.1",
        Special::Ip6Address => "an IPv6 address such as 2001:db8::1",
        Special::MacAddress => "a MAC address such as 02:fe:00:00:00:01",
        Special::Address => "an IP address such as 10.0.0.1 or 2001:db8::1",
        Special::Prefix => "an address with prefix length such as 10.0.0.1/24 or 2001:db8::1/64",
        Special::Ip4Prefix => "an IPv4 address with prefix length such as 10.0.0.1/24",
        Special::Ip6Prefix => "an IPv6 address with prefix length such as 2001:db8::1/64",
    }
}

fn octets<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

/// Parses the address family in one byte and the union of both addresses.
fn ip(bytes: &[u8]) -> Option<IpAddr> {
    let (family, union) = bytes.split_first()?;
    match (family, octets::<16>(union)?) {
        (0, [a, b, c, d, rest @ ..]) if rest == [0; 12] => Some(Ipv4Addr::new(a, b, c, d).into()),
        (1, bytes) => Some(Ipv6Addr::from(bytes).into()),
        _ => None,
    }
}

fn of_ip(address: IpAddr) -> Value {
    let mut octets = [0; 16];
    let family = match address {
        IpAddr::V4(address) => {
            octets[..4].copy_from_slice(&address.octets());
            0
        }
        IpAddr::V6(address) => {
            octets = address.octets();
            1
        }
    };
    Value::Fields(vec![Value::Integer(family), bytes(&octets)])
}

fn with_length(address: Value, len: u8) -> Value {
    Value::Fields(vec![address, Value::Integer(len.into())])
}

fn bytes(octets: &[u8]) -> Value {
    Value::Bytes(octets.to_vec())
}

/// Parses six groups of two hex digits separated by `:` or `-`.
fn mac(text: &str) -> Option<[u8; 6]> {
    let separator = if text.contains('-') { '-' } else { ':' };
    let group = |group: &str| {
        let is_byte = group.len() == 2 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
        u8::from_str_radix(group, 16).ok().filter(|_| is_byte)
    };
    let groups: Option<Vec<u8>> = text.split(separator).map(group).collect();
    groups?.try_into().ok()
}
