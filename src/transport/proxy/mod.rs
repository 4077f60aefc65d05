//! The proxy to go through. It is told addresses that were checked here, so it cannot be made to look a name up again.

mod connect;
mod socks5;

use std::net::SocketAddr;

use tokio::net::TcpStream;
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::policy::{Endpoint, Policy};
use crate::secret::Secret;

/// A proxy, with its user and password if it wants one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proxy {
    protocol: Protocol,
    endpoint: Endpoint,
    login: Option<Login>,
    operators: bool,
    resolves: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Protocol {
    Http,
    Socks5,
}

/// User and password.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Login {
    user: String,
    password: Secret,
}

impl Proxy {
    /// Reads `http://user:password@host:port` or `socks5://…`. Also with `socks5h` the address is sent, unless
    /// [`Proxy::resolving`] says otherwise.
    pub fn parse(text: &str) -> Result<Self> {
        let url = Url::parse(text).map_err(|_| bad("the proxy's URL cannot be read"))?;
        let (protocol, port) = match url.scheme() {
            "http" => (Protocol::Http, 80),
            "socks5" | "socks5h" => (Protocol::Socks5, 1080),
            _ => return Err(bad("the proxy's URL is neither http nor socks5")),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| bad("the proxy's URL has no host"))?;
        let endpoint = Endpoint::parse(&format!("http://{host}:{}", url.port().unwrap_or(port)))
            .map_err(|_| bad("the proxy's URL has no usable host"))?;
        Ok(Self { protocol, endpoint, login: Login::of(&url)?, operators: false, resolves: false })
    }

    /// The proxy of whoever runs the application: it may have a private address, whatever the policy says of users' URLs.
    /// Only code says so.
    #[must_use]
    pub fn operators(mut self) -> Self {
        self.operators = true;
        self
    }

    /// Sends names instead of addresses: for networks where only the proxy can resolve. Then nobody checks what they
    /// resolve to, so this is for the application's own configuration only.
    #[must_use]
    pub fn resolving(mut self, resolves: bool) -> Self {
        self.resolves = resolves;
        self
    }

    pub(crate) fn resolves(&self) -> bool {
        self.resolves
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The policy the proxy itself is dialled under, where it is not the server's.
    pub(crate) fn policy(&self) -> Option<Policy> {
        self.operators.then(|| Policy::operator(&self.endpoint))
    }

    /// Asks for a tunnel to `address`, or to the target's name where there is none.
    pub(crate) async fn ask(&self, tcp: &mut TcpStream, target: &Endpoint, address: Option<SocketAddr>) -> Result<()> {
        let beyond = match address {
            Some(address) => Beyond::Address(address),
            None => Beyond::Name(target.server_name().to_owned(), target.port()),
        };
        match self.protocol {
            Protocol::Http => connect::ask(tcp, &beyond, self.login.as_ref()).await,
            Protocol::Socks5 => socks5::ask(tcp, &beyond, self.login.as_ref()).await,
        }
    }
}

/// Where the tunnel ends.
#[derive(Debug)]
enum Beyond {
    Address(SocketAddr),
    Name(String, u16),
}

impl Login {
    fn of(url: &Url) -> Result<Option<Self>> {
        let user = decoded(url.username())?;
        let password = decoded(url.password().unwrap_or_default())?;
        let any = !user.is_empty() || url.password().is_some();
        Ok(any.then(|| Self { user, password: Secret::new(password) }))
    }
}

fn decoded(text: &str) -> Result<String> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map(String::from).map_err(|_| bad("the proxy's user or password is not UTF-8"))
}

fn bad(words: &'static str) -> Error {
    Error::new(Kind::Argument, words)
}

fn broken(_: std::io::Error) -> Error {
    Error::new(Kind::Proxy, "the proxy closed the connection while it was asked for a tunnel")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_host_port_user_and_password() {
        let proxy = Proxy::parse("http://us%40er:p%3Ass@proxy.test:3128").unwrap();
        assert_eq!((proxy.endpoint.host_str(), proxy.endpoint.port()), ("proxy.test", 3128));
        let login = proxy.login.as_ref().unwrap();
        assert_eq!((login.user.as_str(), login.password.expose().as_str()), ("us@er", "p:ss"));
        assert!(!format!("{proxy:?}").contains("p:ss"));
    }

    #[test]
    fn knows_the_usual_ports() {
        assert_eq!(Proxy::parse("socks5://10.0.0.1").unwrap().endpoint.port(), 1080);
        assert_eq!(Proxy::parse("http://10.0.0.1").unwrap().endpoint.port(), 80);
    }

    #[test]
    fn reads_an_address_of_a_socks_proxy_in_every_spelling() {
        assert_eq!(
            Proxy::parse("socks5://0x7f.1:1080").unwrap().endpoint.host().literal(),
            Some([127, 0, 0, 1].into())
        );
    }

    #[test]
    fn refuses_what_it_cannot_speak() {
        for url in ["https://proxy.test", "ftp://proxy.test", "proxy.test:80", "", "socks5://"] {
            assert_eq!(Proxy::parse(url).unwrap_err().kind(), Kind::Argument, "{url}");
        }
    }
}
