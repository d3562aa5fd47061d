//! Conversions between addresses of the API and those of `std::net` and `ipnet`.
//!
//! The API types are generated. The macros in this module implement their conversions.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// The error for a value or text that is not an address or prefix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The address family is neither 0 (IPv4) nor 1 (IPv6).
    #[error("address family {0} is neither 0 (IPv4) nor 1 (IPv6)")]
    Family(u8),
    /// The prefix is longer than the address.
    #[error("prefix length {0} is longer than the address")]
    PrefixLength(u8),
    /// The text is not an address or prefix of the expected type.
    #[error("{found:?} is not {expected}")]
    Text {
        /// What was expected, with an example.
        expected: &'static str,
        /// What was found.
        found: String,
    },
}

/// Splits an address into `af` and the bytes of the union.
#[doc(hidden)]
#[must_use]
pub fn split(address: IpAddr) -> (u8, [u8; 16]) {
    let mut bytes = [0; 16];
    match address {
        IpAddr::V4(v4) => {
            bytes[..4].copy_from_slice(&v4.octets());
            (0, bytes)
        }
        IpAddr::V6(v6) => (1, v6.octets()),
    }
}

/// Joins `af` and the bytes of the union to an address. IPv4 uses the first four bytes.
#[doc(hidden)]
pub fn join(family: u8, bytes: [u8; 16]) -> Result<IpAddr, AddressError> {
    match family {
        0 => {
            let [a, b, c, d, ..] = bytes;
            Ok(Ipv4Addr::new(a, b, c, d).into())
        }
        1 => Ok(Ipv6Addr::from(bytes).into()),
        other => Err(AddressError::Family(other)),
    }
}

/// Makes a prefix from an address and a length. Host bits are kept, as in VPP.
#[doc(hidden)]
pub fn prefix(address: IpAddr, len: u8) -> Result<IpNet, AddressError> {
    IpNet::new(address, len).map_err(|_| AddressError::PrefixLength(len))
}

#[doc(hidden)]
pub fn prefix4(address: Ipv4Addr, len: u8) -> Result<Ipv4Net, AddressError> {
    Ipv4Net::new(address, len).map_err(|_| AddressError::PrefixLength(len))
}

#[doc(hidden)]
pub fn prefix6(address: Ipv6Addr, len: u8) -> Result<Ipv6Net, AddressError> {
    Ipv6Net::new(address, len).map_err(|_| AddressError::PrefixLength(len))
}

#[doc(hidden)]
pub fn parse<T: std::str::FromStr>(text: &str, expected: &'static str) -> Result<T, AddressError> {
    text.parse().map_err(|_| AddressError::Text {
        expected,
        found: text.to_owned(),
    })
}

/// Prints a MAC address in the form `02:00:00:00:00:01`.
#[doc(hidden)]
pub fn write_mac(mac: [u8; 6], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let [a, b, c, d, e, g] = mac;
    f.pad(&format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}"))
}

/// Parses a MAC address: six groups of two hex digits, separated by `:` or `-`.
#[doc(hidden)]
pub fn parse_mac(text: &str) -> Result<[u8; 6], AddressError> {
    let error = || AddressError::Text {
        expected: "a MAC address such as 02:fe:00:00:00:01",
        found: text.to_owned(),
    };
    let separator = if text.contains('-') { '-' } else { ':' };
    let mut groups = text.split(separator);
    let mut mac = [0; 6];
    for byte in &mut mac {
        let group = groups.next().ok_or_else(error)?;
        let digits = group.len() == 2 && group.bytes().all(|b| b.is_ascii_hexdigit());
        *byte = u8::from_str_radix(group, 16)
            .ok()
            .filter(|_| digits)
            .ok_or_else(error)?;
    }
    match groups.next() {
        None => Ok(mac),
        Some(_) => Err(error()),
    }
}

/// Implements the conversions of a generated newtype over the bytes of one address family.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_ip_octets {
    ($name:ident, $std:ty, $expected:literal) => {
        impl ::core::convert::From<$std> for $name {
            fn from(address: $std) -> Self {
                Self(address.octets())
            }
        }

        impl ::core::convert::From<$name> for $std {
            fn from(address: $name) -> Self {
                Self::from(address.0)
            }
        }

        $crate::impl_text!($name, |text| {
            $crate::net::parse::<$std>(text, $expected).map(Self::from)
        });

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&<$std>::from(self.0), f)
            }
        }
    };
}

/// Implements `FromStr` with an expression, and `Debug` like `Display`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_text {
    ($name:ident, |$text:ident| $parse:expr) => {
        impl ::core::str::FromStr for $name {
            type Err = $crate::net::AddressError;
            fn from_str($text: &str) -> ::core::result::Result<Self, Self::Err> {
                $parse
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    };
}

/// Implements the conversions of the generated `ip4_address`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_ip4_address {
    ($name:ident) => {
        $crate::impl_ip_octets!(
            $name,
            ::std::net::Ipv4Addr,
            "an IPv4 address such as 10.0.0.1"
        );
    };
}

/// Implements the conversions of the generated `ip6_address`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_ip6_address {
    ($name:ident) => {
        $crate::impl_ip_octets!(
            $name,
            ::std::net::Ipv6Addr,
            "an IPv6 address such as 2001:db8::1"
        );
    };
}

/// Implements the conversions of the generated `mac_address`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_mac_address {
    ($name:ident) => {
        $crate::impl_text!($name, |text| $crate::net::parse_mac(text).map(Self));

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::net::write_mac(self.0, f)
            }
        }
    };
}

/// Implements the conversions of the generated `address`: a family and a union of the two addresses.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_address {
    ($name:ident) => {
        impl ::core::convert::From<::std::net::IpAddr> for $name {
            fn from(address: ::std::net::IpAddr) -> Self {
                let (af, un) = $crate::net::split(address);
                Self {
                    af: af.into(),
                    un: un.into(),
                }
            }
        }

        impl ::core::convert::TryFrom<$name> for ::std::net::IpAddr {
            type Error = $crate::net::AddressError;
            fn try_from(address: $name) -> ::core::result::Result<Self, Self::Error> {
                $crate::net::join(address.af.into(), address.un.into())
            }
        }

        $crate::impl_text!($name, |text| {
            let expected = "an IP address such as 10.0.0.1 or 2001:db8::1";
            $crate::net::parse::<::std::net::IpAddr>(text, expected).map(Self::from)
        });
        $crate::impl_display_as!($name, ::std::net::IpAddr);
    };
}

/// Implements the conversions of the generated `prefix`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_prefix {
    ($name:ident) => {
        $crate::impl_net_prefix!(
            $name,
            ::std::net::IpAddr,
            $crate::ipnet::IpNet,
            prefix,
            "an address with prefix length such as 10.0.0.1/24 or 2001:db8::1/64"
        );
    };
}

/// Implements the conversions of the generated `ip4_prefix`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_ip4_prefix {
    ($name:ident) => {
        $crate::impl_net_prefix!(
            $name,
            ::std::net::Ipv4Addr,
            $crate::ipnet::Ipv4Net,
            prefix4,
            "an IPv4 address with prefix length such as 10.0.0.1/24"
        );
    };
}

/// Implements the conversions of the generated `ip6_prefix`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_ip6_prefix {
    ($name:ident) => {
        $crate::impl_net_prefix!(
            $name,
            ::std::net::Ipv6Addr,
            $crate::ipnet::Ipv6Net,
            prefix6,
            "an IPv6 address with prefix length such as 2001:db8::1/64"
        );
    };
}

/// Implements the conversions of a generated struct of `address` and `len`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_net_prefix {
    ($name:ident, $address:ty, $net:ty, $new:ident, $expected:literal) => {
        impl ::core::convert::From<$net> for $name {
            fn from(net: $net) -> Self {
                Self {
                    address: net.addr().into(),
                    len: net.prefix_len(),
                }
            }
        }

        impl ::core::convert::TryFrom<$name> for $net {
            type Error = $crate::net::AddressError;
            fn try_from(prefix: $name) -> ::core::result::Result<Self, Self::Error> {
                let address = <$address>::try_from(prefix.address)
                    .map_err($crate::net::AddressError::from)?;
                $crate::net::$new(address, prefix.len)
            }
        }

        $crate::impl_text!($name, |text| {
            $crate::net::parse::<$net>(text, $expected).map(Self::from)
        });
        $crate::impl_display_as!($name, $net);
    };
}

/// Implements the conversions of a newtype over a generated prefix, such as `address_with_prefix`.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_prefix_alias {
    ($name:ident, $net:ty) => {
        impl ::core::convert::From<$net> for $name {
            fn from(net: $net) -> Self {
                Self(net.into())
            }
        }

        impl ::core::convert::TryFrom<$name> for $net {
            type Error = $crate::net::AddressError;
            fn try_from(alias: $name) -> ::core::result::Result<Self, Self::Error> {
                alias.0.try_into()
            }
        }

        $crate::impl_text!($name, |text| text.parse().map(Self));

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

/// Implements `Display` through another type. If the value does not convert, the error is printed.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_display_as {
    ($name:ident, $shown:ty) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match <$shown>::try_from(*self) {
                    Ok(shown) => ::core::fmt::Display::fmt(&shown, f),
                    Err(error) => ::core::write!(f, "({error})"),
                }
            }
        }
    };
}

impl From<std::convert::Infallible> for AddressError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mac_addresses_accept_only_two_separators() {
        let mac = Ok([2, 0xfe, 0, 0, 0, 1]);
        assert_eq!(parse_mac("02:fe:00:00:00:01"), mac);
        assert_eq!(parse_mac("02-FE-00-00-00-01"), mac);
        for bad in [
            "",
            "02:fe",
            "02:fe:00:00:00:01:02",
            "2:fe:0:0:0:1",
            "+2:fe:00:00:00:01",
        ] {
            assert!(parse_mac(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_join_and_split() {
        for text in ["10.0.0.1", "2001:db8::1"] {
            let address: IpAddr = text.parse().unwrap();
            let (family, bytes) = split(address);
            assert_eq!(join(family, bytes), Ok(address));
        }
        assert_eq!(join(2, [0; 16]), Err(AddressError::Family(2)));
    }
}
