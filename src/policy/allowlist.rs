//! The administrators' exceptions, written as GitLab writes them: address, range, name, `host:port`, `[v6]:port`.

use std::net::IpAddr;
use std::sync::Arc;

use super::address::Key;
use super::host::Host;
use super::prefix::Prefix;

/// A parsed allowlist; cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Allowlist(Arc<[Entry]>);

/// One exception; without a port it holds for every port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    target: Target,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Target {
    Range(Prefix),
    Name(String),
}

impl Allowlist {
    /// Reads the entries. What is neither address nor range is a name, so garbage matches nothing.
    pub fn parse(entries: &[impl AsRef<str>]) -> Self {
        Self(
            entries
                .iter()
                .map(|entry| entry.as_ref().trim())
                .filter(|entry| !entry.is_empty())
                .map(Entry::parse)
                .collect(),
        )
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an entry is this very name; subdomains are other names.
    pub(super) fn holds_name(&self, host: &Host, port: u16) -> bool {
        let Some(name) = host.name() else { return false };
        self.at(port).any(|target| matches!(target, Target::Name(listed) if listed == name))
    }

    /// The strongest key an entry gives for this canonical address.
    pub(super) fn key_for(&self, address: IpAddr, port: u16) -> Option<Key> {
        self.at(port)
            .filter_map(|target| match target {
                Target::Range(range) if range.contains(address) => Some(range),
                _ => None,
            })
            .map(|range| if range.is_single() { Key::Named } else { Key::Listed })
            .max()
    }

    fn at(&self, port: u16) -> impl Iterator<Item = &Target> {
        self.0.iter().filter(move |entry| entry.port.is_none_or(|listed| listed == port)).map(|entry| &entry.target)
    }
}

impl Entry {
    fn parse(text: &str) -> Self {
        let (host, port) = split_port(text);
        let target = match host.parse() {
            Ok(range) => Target::Range(range),
            Err(_) => Target::Name(normal_name(host)),
        };
        Self { target, port }
    }
}

/// `[v6]:port`, `[v6]` and `host:port`; a bare IPv6 address has more than one colon and no port.
fn split_port(text: &str) -> (&str, Option<u16>) {
    let inside = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match inside {
        Some((host, "")) => (host, None),
        Some((host, rest)) => rest.strip_prefix(':').and_then(port).map_or((text, None), |port| (host, Some(port))),
        None if text.matches(':').count() == 1 => {
            text.split_once(':').and_then(|(host, tail)| Some((host, Some(port(tail)?)))).unwrap_or((text, None))
        }
        None => (text, None),
    }
}

fn port(text: &str) -> Option<u16> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The name as hosts of URLs are kept; what cannot be one is kept as it is, and never equals one.
fn normal_name(text: &str) -> String {
    Host::parse(text).ok().and_then(|host| host.name().map(str::to_owned)).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(entry: &str, address: &str, port: u16) -> Option<Key> {
        Allowlist::parse(&[entry]).key_for(address.parse().unwrap(), port)
    }

    fn names(entry: &str, host: &str, port: u16) -> bool {
        Allowlist::parse(&[entry]).holds_name(&Host::parse(host).unwrap(), port)
    }

    #[test]
    fn opens_addresses_and_ranges_on_their_port() {
        for (entry, address, port, expected) in [
            ("192.168.1.1", "192.168.1.1", 1, Some(Key::Named)),
            ("192.168.1.1/32", "192.168.1.1", 1, Some(Key::Named)),
            (" 192.168.1.1 ", "192.168.1.1", 1, Some(Key::Named)),
            ("192.168.1.1", "192.168.1.2", 1, None),
            ("192.168.0.0/16", "192.168.9.9", 1, Some(Key::Listed)),
            ("127.0.0.1:2000", "127.0.0.1", 2000, Some(Key::Named)),
            ("127.0.0.1:2000", "127.0.0.1", 2001, None),
            ("10.0.0.0/8:443", "10.1.1.1", 443, Some(Key::Listed)),
            ("10.0.0.0/8:443", "10.1.1.1", 80, None),
            ("[fd00::1]:6443", "fd00::1", 6443, Some(Key::Named)),
            ("[fd00::1]:6443", "fd00::1", 6444, None),
            ("[fd00::1]", "fd00::1", 6444, Some(Key::Named)),
            ("fd00::/8", "fd12::1", 1, Some(Key::Listed)),
            ("::ffff:10.0.0.1", "10.0.0.1", 1, Some(Key::Named)),
            ("0177.0.0.1", "127.0.0.1", 1, None),
            ("2130706433", "127.0.0.1", 1, None),
            ("127.1", "127.0.0.1", 1, None),
        ] {
            assert_eq!(key(entry, address, port), expected, "{entry} {address}:{port}");
        }
    }

    #[test]
    fn the_strongest_entry_counts() {
        let both = Allowlist::parse(&["10.0.0.0/8", "10.0.0.1"]);
        assert_eq!(both.key_for("10.0.0.1".parse().unwrap(), 1), Some(Key::Named));
        assert_eq!(both.key_for("10.0.0.2".parse().unwrap(), 1), Some(Key::Listed));
    }

    #[test]
    fn names_match_exactly_once_normalised() {
        for (entry, host, port, expected) in [
            ("example.com", "example.com", 443, true),
            ("EXAMPLE.com.", "example.COM", 443, true),
            ("example.com", "example.com.", 443, true),
            ("example.com", "subdomain.example.com", 443, false),
            ("example.com:8080", "example.com", 8080, true),
            ("example.com:8080", "example.com", 443, false),
            ("xn--itlab-j1a.com", "ğitlab.com", 443, true),
            ("ğitlab.com", "xn--itlab-j1a.com", 443, true),
            ("*.example.com", "a.example.com", 443, false),
            ("example.com:99999", "example.com", 443, false),
            ("example.com:", "example.com", 443, false),
            ("", "example.com", 443, false),
        ] {
            assert_eq!(names(entry, host, port), expected, "{entry} {host}:{port}");
        }
    }
}
