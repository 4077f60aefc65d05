//! Ways to misuse HTTP/1.1.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::attack::Attack;
use crate::support::server::{Server, drain, request};

/// The head of an answer whose body comes in chunks.
pub const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Reads the request, says these bytes, and closes.
pub fn says(bytes: impl Into<Vec<u8>>) -> Attack {
    let bytes = bytes.into();
    Attack::by("http", async move || Server::saying(bytes).await)
}

/// The same, but keeps its side open: only the client can end it.
pub fn says_and_waits(bytes: impl Into<Vec<u8>>) -> Attack {
    let bytes = Arc::new(bytes.into());
    plays(move |mut io| {
        let bytes = Arc::clone(&bytes);
        async move {
            let _ = io.write_all(&bytes).await;
            io
        }
    })
}

/// Reads the request, says `head`, then `piece` for ever.
pub fn says_without_end(head: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>) -> Attack {
    repeats(head, piece, Duration::ZERO)
}

/// The same, with a pause before each piece.
pub fn drips(head: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>) -> Attack {
    repeats(head, piece, Duration::from_millis(20))
}

fn repeats(head: impl Into<Vec<u8>>, piece: impl Into<Vec<u8>>, pause: Duration) -> Attack {
    let (head, piece) = (Arc::new(head.into()), Arc::new(piece.into()));
    plays(move |mut io| {
        let (head, piece) = (Arc::clone(&head), Arc::clone(&piece));
        async move {
            let _ = io.write_all(&head).await;
            flood(&mut io, &piece, pause).await;
            io
        }
    })
}

/// Writes `piece` until the client is gone.
pub async fn flood(io: &mut (impl AsyncWrite + Unpin), piece: &[u8], pause: Duration) {
    while io.write_all(piece).await.is_ok() && io.flush().await.is_ok() {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
}

/// Does something of its own once the request has come, then waits for the client to leave.
pub fn plays<F, Fut>(script: F) -> Attack
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: Into<Option<TcpStream>>> + Send + 'static,
{
    let script = Arc::new(script);
    greets(move |mut io| {
        let script = Arc::clone(&script);
        async move {
            match request(&mut io).await {
                Some(_) => script(io).await.into(),
                None => None,
            }
        }
    })
}

/// Does something of its own as soon as the client has come, then waits for it to leave, unless the connection is gone.
pub fn greets<F, Fut>(script: F) -> Attack
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: Into<Option<TcpStream>>> + Send + 'static,
{
    let serve = async move || {
        Server::tcp(move |io, _| {
            let played = script(io);
            async move {
                if let Some(mut io) = played.await.into() {
                    drain(&mut io).await;
                }
            }
        })
        .await
    };
    Attack::by("http", serve)
}

/// Says `head` once the request has come, and resets the connection.
pub fn resets_after(head: impl Into<Vec<u8>>) -> Attack {
    let head = Arc::new(head.into());
    plays(move |mut io| {
        let head = Arc::clone(&head);
        async move {
            let _ = io.write_all(&head).await;
            tokio::time::sleep(Duration::from_millis(50)).await; // what was said arrives before the reset discards it
            reset(io)
        }
    })
}

/// Ends the connection with a RST.
pub fn reset(io: TcpStream) -> Option<TcpStream> {
    io.set_zero_linger().unwrap();
    None
}
