//! Whom a URL names: a name or an address, however it is spelled.

use std::net::IpAddr;

use http::Uri;
use url::Host;

use crate::error::{Error, Kind, Result};

/// Host, port and whether TLS is spoken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) host: Host<String>,
    pub(crate) port: u16,
    pub(crate) tls: bool,
}

impl Target {
    /// Reads the host as browsers do: `0x7f.1`, `2130706433` and full-width digits are addresses and are checked as such.
    pub(crate) fn of(uri: &Uri) -> Result<Self> {
        let bad = || Error::new(Kind::Argument, "the URL of the request has no usable host");
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(Error::new(Kind::Argument, "the URL of the request is neither http nor https")),
        };
        let host = Host::parse(uri.host().ok_or_else(bad)?).map_err(|_| bad())?;
        Ok(Self { host, port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }), tls })
    }

    /// The address, where the host is one.
    pub(crate) fn literal(&self) -> Option<IpAddr> {
        match &self.host {
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
        }
    }

    /// The name, or the address without brackets.
    pub(crate) fn name(&self) -> String {
        match self.literal() {
            Some(ip) => ip.to_string(),
            None => self.host.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(uri: &str) -> Target {
        Target::of(&uri.parse().unwrap()).unwrap()
    }

    #[test]
    fn knows_an_address_in_every_spelling() {
        for host in ["127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "127.0.0.1."] {
            assert_eq!(target(&format!("https://{host}/")).literal(), Some([127, 0, 0, 1].into()), "{host}");
        }
        assert_eq!(target("http://[::1]:8080/").literal(), Some(IpAddr::V6(1.into())));
        assert_eq!(target("https://api.test/").literal(), None);
    }

    #[test]
    fn knows_the_port_of_a_scheme_and_no_other_scheme() {
        assert_eq!((target("https://a/").port, target("http://a/").port, target("http://a:81/").port), (443, 80, 81));
        assert!(Target::of(&"ftp://a/".parse().unwrap()).is_err());
        assert!(Target::of(&"/path".parse().unwrap()).is_err());
    }
}
