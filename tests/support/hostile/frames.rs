//! Ways to misuse HTTP/2 (RFC 9113), frame by frame.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::attack::Attack;
use crate::http1::flood;
use crate::support::certificates::Authority;
use crate::support::server::{Server, drain};
use gitlab_kube::client::Trust;

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PUSH_PROMISE: u8 = 5;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// `:status: 200`, as HPACK has it in its table.
pub const OK: &[u8] = &[0x88];

/// A server's side of one connection, after the preface and the first request.
pub struct Peer {
    read: ReadHalf<TlsStream<TcpStream>>,
    write: WriteHalf<TlsStream<TcpStream>>,
    /// The stream of the request.
    pub stream: u32,
}

/// One frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A header field that no table has (RFC 7541 §6.2.2).
pub fn field(name: &str, value: &str) -> Vec<u8> {
    [&[0][..], &text(name), &text(value)].concat()
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    match text.len() {
        short @ 0..127 => bytes.push(u8::try_from(short).unwrap()),
        long => {
            bytes.push(127);
            let mut rest = long - 127;
            while rest >= 128 {
                bytes.push(u8::try_from(rest % 128).unwrap() | 128);
                rest /= 128;
            }
            bytes.push(u8::try_from(rest).unwrap());
        }
    }
    bytes.extend(text.as_bytes());
    bytes
}

/// Does something of its own with each request that opens a connection, then waits for the client to leave.
pub fn plays<F, Fut>(script: F) -> Attack
where
    F: Fn(Peer) -> Fut + Send + Sync + Clone + 'static,
    Fut: Future<Output = Peer> + Send + 'static,
{
    let authority = Authority::new("one");
    let tls = authority.server(&["api.test"], |_| ()).serve(&["h2"]);
    let serve = async move || {
        Server::tls(tls, move |io, _| {
            let script = script.clone();
            async move {
                if let Ok(peer) = Peer::meet(io).await {
                    drain(&mut script(peer).await.read).await;
                }
            }
        })
        .await
    };
    Attack::by("https", serve).with(move |options| {
        options.trust = Trust::Pem(authority.pem.into_bytes());
        options.server_name = Some("api.test".into());
    })
}

/// Says these frames once the request has come.
pub fn says(frames: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static) -> Attack {
    plays(move |mut peer| {
        let said = frames(peer.stream);
        async move {
            let _ = peer.say(&said).await;
            peer
        }
    })
}

/// Says the first, then the second for ever.
pub fn says_without_end(
    first: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static,
    then: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static,
) -> Attack {
    repeats(first, then, Duration::ZERO)
}

/// The same, with a pause before each.
pub fn drips(
    first: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static,
    then: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static,
) -> Attack {
    repeats(first, then, Duration::from_millis(20))
}

fn repeats(
    first: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static,
    then: impl Fn(u32) -> Vec<u8> + Send + Sync + Clone + 'static,
    pause: Duration,
) -> Attack {
    plays(move |mut peer| {
        let (first, then) = (first(peer.stream), then(peer.stream));
        async move {
            let _ = peer.say(&first).await;
            peer.flood(&then, pause).await;
            peer
        }
    })
}

impl Peer {
    async fn meet(io: TlsStream<TcpStream>) -> io::Result<Self> {
        let (mut read, mut write) = split(io);
        read.read_exact(&mut [0; 24]).await?; // PRI * HTTP/2.0
        write.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
        loop {
            let (kind, flags, stream) = skip(&mut read).await?;
            match kind {
                SETTINGS if flags == 0 => write.write_all(&frame(SETTINGS, 1, 0, &[])).await?,
                HEADERS => return Ok(Self { read, write, stream }),
                _ => {}
            }
        }
    }

    /// Writes these frames.
    pub async fn say(&mut self, frames: &[u8]) -> io::Result<()> {
        self.write.write_all(frames).await?;
        self.write.flush().await
    }

    /// Ends its side of the connection.
    pub async fn half_close(&mut self) {
        let _ = self.write.shutdown().await;
    }

    /// Writes `piece` until the client is gone, and reads what it says meanwhile.
    async fn flood(&mut self, piece: &[u8], pause: Duration) {
        tokio::select! {
            () = flood(&mut self.write, piece, pause) => {}
            () = drain(&mut self.read) => {}
        }
    }
}

/// Kind, flags and stream of the next frame.
async fn skip(read: &mut ReadHalf<TlsStream<TcpStream>>) -> io::Result<(u8, u8, u32)> {
    let mut head = [0; 9];
    read.read_exact(&mut head).await?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    read.read_exact(&mut vec![0; length as usize]).await?;
    Ok((head[3], head[4], u32::from_be_bytes([head[5], head[6], head[7], head[8]])))
}
