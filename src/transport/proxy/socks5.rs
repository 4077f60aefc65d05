//! SOCKS5 (RFC 1928) with user and password (RFC 1929).

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Beyond, Login, broken};
use crate::error::{Error, Kind, Result};

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;

pub(super) async fn ask(tcp: &mut TcpStream, beyond: &Beyond, login: Option<&Login>) -> Result<()> {
    greet(tcp, login).await?;
    tcp.write_all(&request(beyond)?).await.map_err(broken)?;
    let [version, reply, _, kind] = read(tcp).await?;
    if version != VERSION {
        return Err(proxy("the proxy does not speak SOCKS5"));
    }
    refusal(reply).map_or(Ok(()), Err)?;
    skip_bound_address(tcp, kind).await
}

async fn greet(tcp: &mut TcpStream, login: Option<&Login>) -> Result<()> {
    let method = if login.is_some() { USER_AND_PASSWORD } else { NO_LOGIN };
    tcp.write_all(&[VERSION, 1, method]).await.map_err(broken)?;
    let [version, chosen] = read(tcp).await?;
    match login {
        _ if version != VERSION => Err(proxy("the proxy does not speak SOCKS5")),
        _ if chosen != method => Err(proxy("the proxy asks for another kind of login")),
        Some(login) => log_in(tcp, login).await,
        None => Ok(()),
    }
}

async fn log_in(tcp: &mut TcpStream, login: &Login) -> Result<()> {
    let mut message = vec![1];
    for part in [login.user.as_bytes(), login.password.expose().as_bytes()] {
        let length = u8::try_from(part.len())
            .map_err(|_| proxy("the proxy's user or password is longer than SOCKS5 can say"))?;
        message.push(length);
        message.extend_from_slice(part);
    }
    tcp.write_all(&message).await.map_err(broken)?;
    let [_, status] = read(tcp).await?;
    match status {
        0 => Ok(()),
        _ => Err(proxy("the proxy refuses the user and the password")),
    }
}

fn request(beyond: &Beyond) -> Result<Vec<u8>> {
    let mut message = vec![VERSION, 1, 0];
    let port = match beyond {
        Beyond::Address(SocketAddr::V4(address)) => {
            message.push(1);
            message.extend_from_slice(&address.ip().octets());
            address.port()
        }
        Beyond::Address(SocketAddr::V6(address)) => {
            message.push(4);
            message.extend_from_slice(&address.ip().octets());
            address.port()
        }
        Beyond::Name(name, port) => {
            let length =
                u8::try_from(name.len()).map_err(|_| proxy("the server's name is longer than SOCKS5 can say"))?;
            message.extend_from_slice(&[3, length]);
            message.extend_from_slice(name.as_bytes());
            *port
        }
    };
    message.extend_from_slice(&port.to_be_bytes());
    Ok(message)
}

fn refusal(reply: u8) -> Option<Error> {
    Some(match reply {
        0 => return None,
        2 => proxy("the proxy forbids the connection"),
        3 | 4 => Error::new(Kind::Unreachable, "the proxy has no route to the server"),
        5 => Error::new(Kind::Refused, "the server refused the proxy's connection: nothing listens there"),
        6 => proxy("the proxy cannot reach the server"),
        _ => proxy("the proxy refuses the tunnel"),
    })
}

async fn skip_bound_address(tcp: &mut TcpStream, kind: u8) -> Result<()> {
    let length = match kind {
        1 => 4,
        3 => usize::from(read::<1>(tcp).await?[0]),
        4 => 16,
        _ => return Err(proxy("the proxy does not speak SOCKS5")),
    };
    let mut rest = [0; 255 + 2];
    tcp.read_exact(&mut rest[..length + 2]).await.map(drop).map_err(broken)
}

async fn read<const N: usize>(tcp: &mut TcpStream) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    tcp.read_exact(&mut bytes).await.map_err(broken)?;
    Ok(bytes)
}

fn proxy(words: &'static str) -> Error {
    Error::new(Kind::Proxy, words)
}
