//! The host of a URL, as the address or the one name it means.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::error::{Error, Kind, Result};

/// A host. Every spelling of an IPv4 address is that address; a name is lower-case ASCII (IDNA), its root dot kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name to resolve.
    Name(String),
    /// An IPv4 literal.
    V4(Ipv4Addr),
    /// An IPv6 literal, written in brackets.
    V6(Ipv6Addr),
}

impl Host {
    /// Reads a host as browsers do (WHATWG URL §3.5), so that `0x7f.1` and `１２７.0.0.1` are 127.0.0.1 here and in no
    /// other parser something else. Percent signs are refused: half of the parsers decode them.
    pub fn parse(written: &str) -> Result<Self> {
        if written.contains('%') {
            return Err(invalid());
        }
        match url::Host::parse(written) {
            Ok(url::Host::Domain(name)) if is_name(&name) => Ok(Self::Name(name)),
            Ok(url::Host::Ipv4(ip)) => Ok(Self::V4(ip)),
            Ok(url::Host::Ipv6(ip)) => Ok(Self::V6(ip)),
            _ => Err(invalid()),
        }
    }

    /// The address of a literal, an IPv4-mapped one as the IPv4 address it means.
    pub fn literal(&self) -> Option<IpAddr> {
        match self {
            Self::Name(_) => None,
            Self::V4(ip) => Some(IpAddr::V4(*ip)),
            Self::V6(ip) => Some(IpAddr::V6(*ip).to_canonical()),
        }
    }

    /// The name without its root dot, as certificates and SNI have it (RFC 6066 §3).
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name.strip_suffix('.').unwrap_or(name)),
            _ => None,
        }
    }
}

impl fmt::Display for Host {
    /// As a URL has it: IPv6 in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(ip) => ip.fmt(f),
            Self::V6(ip) => write!(f, "[{ip}]"),
        }
    }
}

/// RFC 1123 §2.1 with the underscore that real zones have; 253 bytes in all, 63 in a label (RFC 1035 §2.3.4).
fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.len() <= 253 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn invalid() -> Error {
    Error::new(Kind::BlockedUrl, "Hostname or IP address invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_the_address_it_means() {
        let loopback = Host::V4(Ipv4Addr::LOCALHOST);
        for written in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "１２７.0.0.1",
            "127。0。0。1",
            "127.0.0.1.",
            "0x7F000001",
        ] {
            assert_eq!(Host::parse(written).unwrap(), loopback, "{written}");
        }
        assert_eq!(Host::parse("[::ffff:127.0.0.1]").unwrap().literal(), loopback.literal());
    }

    #[test]
    fn names_are_lower_case_ascii_with_their_root_dot() {
        assert_eq!(Host::parse("ĞITLAB.com").unwrap(), Host::Name("xn--itlab-j1a.com".into()));
        let rooted = Host::parse("Example.COM.").unwrap();
        assert_eq!((rooted.to_string().as_str(), rooted.name()), ("example.com.", Some("example.com")));
    }

    #[test]
    fn refuses_what_is_neither_name_nor_address() {
        let long = format!("example{}.com", "a".repeat(1024));
        for written in [
            "",
            ".",
            "a..b",
            "-a.com",
            "1.1.1.1.1",
            "256.1.1.1.",
            "%31",
            "[fe80::1%25eth0]",
            "[::1",
            "::1",
            "a b",
            "a!b",
            "a@b",
            &long,
        ] {
            assert_eq!(Host::parse(written).unwrap_err().kind(), Kind::BlockedUrl, "{written}");
        }
    }
}
