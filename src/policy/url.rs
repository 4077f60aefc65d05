//! A server's URL, read once: scheme, host, port and base path. Its shape only; whether it may be dialled is [`super::Policy`]'s.

use std::fmt;

use super::host::Host;
use super::path;
use crate::error::{Error, Kind, Result};

/// Where a server is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    tls: bool,
    host: Host,
    host_text: String,
    port: u16,
    path: String,
}

impl Endpoint {
    /// Reads `http://` and `https://` URLs. Whatever two parsers may read as two places is refused: user information,
    /// white space, control characters, backslashes, missing slashes, encoded hosts, dot segments.
    pub fn parse(url: &str) -> Result<Self> {
        if url.is_empty() {
            return Err(Error::new(Kind::Argument, "The URL is empty"));
        }
        let (tls, rest) = split_scheme(url)?;
        if rest.bytes().any(|b| b.is_ascii_control() || b" \\<>\"".contains(&b)) {
            return Err(invalid());
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = split_port(authority)?;
        let (host, port) = (Host::parse(host)?, parse_port(port, tls)?);
        Ok(Self { tls, host_text: bare(&host), host, port, path: path::parse(path)?.to_owned() })
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// Whether it is `https`.
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The host as a resolver takes it: IPv6 without brackets, a name with its root dot if it has one.
    pub fn host_str(&self) -> &str {
        &self.host_text
    }

    /// The host as certificates and SNI have it: without the root dot (RFC 6066 §3).
    pub fn server_name(&self) -> &str {
        self.host.name().unwrap_or(&self.host_text)
    }

    /// The port, written or the scheme's.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The base path as it was written, without trailing slashes; empty or beginning with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Host and port for the `Host` field: the scheme's own port is left out (RFC 9110 §7.2).
    pub fn authority(&self) -> String {
        if self.port == default_port(self.tls) { self.host.to_string() } else { format!("{}:{}", self.host, self.port) }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme(), self.authority(), self.path)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn split_scheme(url: &str) -> Result<(bool, &str)> {
    let (scheme, rest) = url.split_once("://").ok_or_else(invalid)?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok((false, rest)),
        "https" => Ok((true, rest)),
        _ => Err(Error::new(Kind::BlockedUrl, "Only allowed schemes are http, https")),
    }
}

/// The host and the port behind it. User information makes the host look like another one, so there is none.
fn split_port(authority: &str) -> Result<(&str, Option<&str>)> {
    if authority.contains('@') {
        return Err(Error::new(Kind::BlockedUrl, "The URL of a server has no user information"));
    }
    let end = authority.find(']').map_or(0, |at| at + 1);
    let (host, port) = match authority[end..].find(':') {
        Some(at) => (&authority[..end + at], Some(&authority[end + at + 1..])),
        None => (authority, None),
    };
    Ok((host, port))
}

/// Digits as people write them: no sign, no leading zero, 1 to 65535.
fn parse_port(text: Option<&str>, tls: bool) -> Result<u16> {
    let Some(text) = text else { return Ok(default_port(tls)) };
    if text.starts_with('0') || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(invalid());
    }
    text.parse().map_err(|_| invalid())
}

const fn default_port(tls: bool) -> u16 {
    if tls { 443 } else { 80 }
}

fn bare(host: &Host) -> String {
    match host {
        Host::V6(ip) => ip.to_string(),
        other => other.to_string(),
    }
}

fn invalid() -> Error {
    Error::new(Kind::BlockedUrl, "URI is invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_parts() {
        let url = Endpoint::parse("HTTPS://Kubernetes.Example.COM:6443/k8s/clusters/c-1//").unwrap();
        assert_eq!((url.scheme(), url.host_str(), url.port()), ("https", "kubernetes.example.com", 6443));
        assert_eq!((url.path(), url.authority().as_str()), ("/k8s/clusters/c-1", "kubernetes.example.com:6443"));
        assert_eq!(url.to_string(), "https://kubernetes.example.com:6443/k8s/clusters/c-1");
    }

    #[test]
    fn leaves_the_schemes_own_port_out_of_the_authority() {
        for (url, authority, host) in [
            ("https://[::1]:443/", "[::1]", "::1"),
            ("http://[::1]:443/", "[::1]:443", "::1"),
            ("http://a.test:80", "a.test", "a.test"),
            ("https://a.test.", "a.test.", "a.test."),
        ] {
            let url = Endpoint::parse(url).unwrap();
            assert_eq!((url.authority().as_str(), url.host_str()), (authority, host));
        }
        assert_eq!(Endpoint::parse("https://a.test.").unwrap().server_name(), "a.test");
    }

    #[test]
    fn an_error_shows_nothing_of_the_url() {
        let error = Endpoint::parse("https://user:hunter2@example.com/").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
