//! Proxies, honest and hostile, that tell what they were asked for.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::server::{Server, drain, request};

/// User and password that a proxy wants.
pub const LOGIN: (&str, &str) = ("us@er", "p:ss");

pub struct Proxy {
    pub server: Server,
    asked: Mutex<UnboundedReceiver<String>>,
}

impl Proxy {
    /// HTTP CONNECT. Whatever it is asked for, it leads to `to`; without one, to whatever it is asked for.
    pub async fn http(to: impl Into<Option<SocketAddr>>, login: bool) -> Self {
        let to = to.into();
        Self::new(move |io, asked| http(io, to, login, asked)).await
    }

    /// SOCKS5.
    pub async fn socks5(to: impl Into<Option<SocketAddr>>, login: bool) -> Self {
        let to = to.into();
        Self::new(move |io, asked| socks5(io, to, login, asked)).await
    }

    async fn new<F, Fut>(serve: F) -> Self
    where
        F: Fn(TcpStream, UnboundedSender<String>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let (tell, asked) = unbounded_channel();
        let serve = Arc::new(serve);
        let server = Server::tcp(move |io, _| serve(io, tell.clone())).await;
        Self { server, asked: Mutex::new(asked) }
    }

    /// What it was asked for since the last time.
    pub async fn asked_so_far(&self) -> Vec<String> {
        let mut asked = self.asked.lock().await;
        std::iter::from_fn(|| asked.try_recv().ok()).collect()
    }

    /// What it was asked for next.
    pub async fn asked(&self) -> String {
        super::soon(self.asked.lock().await.recv()).await.unwrap()
    }

    /// `scheme://us%40er:p%3Ass@127.0.0.1:port`
    pub fn url(&self, scheme: &str, login: bool) -> String {
        let login = if login { "us%40er:p%3Ass@" } else { "" };
        format!("{scheme}://{login}{}", self.server.address)
    }
}

async fn http(mut io: TcpStream, to: Option<SocketAddr>, login: bool, asked: UnboundedSender<String>) {
    let Some(head) = request(&mut io).await else { return };
    let wish = head.split(' ').nth(1).unwrap().to_owned();
    asked.send(wish.clone()).unwrap();
    let wanted = format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(format!("{}:{}", LOGIN.0, LOGIN.1)));
    if head.contains("Proxy-Authorization") != login || login && !head.contains(&wanted) {
        io.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await.unwrap();
        return drain(&mut io).await;
    }
    let Some(beyond) = reach(to, &wish).await else { return io.write_all(b"HTTP/1.1 502 x\r\n\r\n").await.unwrap() };
    io.write_all(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n").await.unwrap();
    lead(io, beyond).await;
}

async fn socks5(mut io: TcpStream, to: Option<SocketAddr>, login: bool, asked: UnboundedSender<String>) {
    let [version, methods] = read(&mut io).await;
    assert_eq!((version, methods), (5, 1));
    let [method] = read(&mut io).await;
    io.write_all(&[5, if login { 2 } else { 0 }]).await.unwrap();
    if method != u8::from(login) * 2 {
        return drain(&mut io).await;
    }
    if login {
        let [1] = read(&mut io).await else { panic!("not RFC 1929") };
        let pair = (string(&mut io).await, string(&mut io).await);
        let right = (pair.0.as_str(), pair.1.as_str()) == LOGIN;
        io.write_all(&[1, u8::from(!right)]).await.unwrap();
        if !right {
            return drain(&mut io).await;
        }
    }
    let [5, 1, 0, kind] = read(&mut io).await else { panic!("not a CONNECT of RFC 1928") };
    let host = match kind {
        1 => Ipv4Addr::from(read::<4>(&mut io).await).to_string(),
        4 => Ipv6Addr::from(read::<16>(&mut io).await).to_string(),
        _ => string(&mut io).await,
    };
    let port = u16::from_be_bytes(read(&mut io).await);
    asked.send(format!("{host}:{port}")).unwrap();
    let wish = if kind == 4 { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let beyond = reach(to, &wish).await;
    let reply = if beyond.is_some() { 0 } else { 4 };
    io.write_all(&[5, reply, 0, 3, 3, b'a', b'.', b'b', 0, 1]).await.unwrap();
    if let Some(beyond) = beyond {
        lead(io, beyond).await;
    }
}

#[allow(clippy::disallowed_methods, reason = "a proxy of a test, not the client")]
async fn reach(to: Option<SocketAddr>, wish: &str) -> Option<TcpStream> {
    match to {
        Some(to) => TcpStream::connect(to).await.ok(),
        None => TcpStream::connect(wish).await.ok(),
    }
}

async fn lead(mut io: TcpStream, mut beyond: TcpStream) {
    let _ = copy_bidirectional(&mut io, &mut beyond).await;
}

async fn read<const N: usize>(io: &mut TcpStream) -> [u8; N] {
    let mut bytes = [0; N];
    io.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn string(io: &mut TcpStream) -> String {
    let [length] = read(io).await;
    let mut bytes = vec![0; usize::from(length)];
    io.read_exact(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}
