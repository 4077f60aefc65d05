//! HTTP CONNECT (RFC 9110 §9.3.6).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Beyond, Login, broken};
use crate::error::{Error, Kind, Result};

/// A proxy that says more than this before it opens the tunnel is no proxy.
const HEAD: usize = 8 << 10;

pub(super) async fn ask(tcp: &mut TcpStream, beyond: &Beyond, login: Option<&Login>) -> Result<()> {
    tcp.write_all(request(beyond, login).as_bytes()).await.map_err(broken)?;
    let head = head(tcp).await?;
    match status(&head) {
        Some(200..=299) => Ok(()),
        Some(407) => Err(proxy("the proxy asks for a user and a password, or refuses the ones it got")),
        Some(403) => Err(proxy("the proxy forbids the connection")),
        Some(502..=504) => Err(proxy("the proxy cannot reach the server")),
        Some(_) => Err(proxy("the proxy refuses the tunnel")),
        None => Err(proxy("the proxy's answer is not HTTP")),
    }
}

fn request(beyond: &Beyond, login: Option<&Login>) -> String {
    let authority = match beyond {
        Beyond::Address(address) => address.to_string(),
        Beyond::Name(name, port) => format!("{name}:{port}"),
    };
    let login = login.map_or_else(String::new, |login| {
        let pair = STANDARD.encode(format!("{}:{}", login.user, login.password.expose()));
        format!("Proxy-Authorization: Basic {pair}\r\n")
    });
    format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{login}\r\n")
}

/// Reads to the end of the head. What follows it would be the server's; but the server speaks second.
async fn head(tcp: &mut TcpStream) -> Result<Vec<u8>> {
    let mut head = Vec::with_capacity(512);
    while !head.ends_with(b"\r\n\r\n") {
        if memchr::memmem::find(&head, b"\r\n\r\n").is_some() || head.len() >= HEAD {
            return Err(proxy("the proxy says more than an answer to CONNECT"));
        }
        if tcp.read_buf(&mut head).await.map_err(broken)? == 0 {
            return Err(proxy("the proxy closed the connection while it was asked for a tunnel"));
        }
    }
    Ok(head)
}

fn status(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(b"HTTP/1.1 ").or_else(|| head.strip_prefix(b"HTTP/1.0 "))?;
    std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()
}

fn proxy(words: &'static str) -> Error {
    Error::new(Kind::Proxy, words)
}
