//! A running command, or a forwarded port: one thread reads, another writes, any closes.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{Mutex, watch};
use tokio::task::coop::unconstrained;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use super::channels::{self, PIECE, Prefixes, STATUS, STDERR, STDIN, STDOUT};
use super::exit;
use super::handshake::Version;
use crate::api::request::Want;
use crate::error::{Error, Kind, Limit, Phase, Result};
use crate::transport::Upgraded;

type Socket = WebSocketStream<Upgraded>;

/// What comes of a session.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// Bytes of standard output, or of the forwarded port.
    Stdout(Bytes),
    /// Bytes of standard error.
    Stderr(Bytes),
    /// The command has ended, with this code. Nothing comes after it.
    Exit(i32),
}

/// An open WebSocket. Dropping or closing it closes the connection.
#[derive(Debug)]
pub struct Session {
    reading: Mutex<Option<Reading>>,
    writing: Mutex<Option<SplitSink<Socket, Message>>>,
    closed: watch::Sender<bool>,
    version: Version,
    idle: Option<Duration>,
}

#[derive(Debug)]
struct Reading {
    messages: SplitStream<Socket>,
    ports: Option<Prefixes>,
}

impl Session {
    /// Speaks over `io`, whose server has agreed to `version`. A message may have `limit` bytes; `idle` bounds silence.
    pub async fn new(io: Upgraded, want: &Want, version: Version, limit: usize, idle: Option<Duration>) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(2 * PIECE)
            .write_buffer_size(0) // nothing waits for more to come: a shell wants its keys
            .max_write_buffer_size(8 * PIECE)
            .max_message_size(Some(limit))
            .max_frame_size(Some(limit));
        let (writing, messages) = WebSocketStream::from_raw_socket(io, Role::Client, Some(config)).await.split();
        let ports = (*want == Want::PortForward).then(Prefixes::default);
        let reading = Mutex::new(Some(Reading { messages, ports }));
        Self { reading, writing: Mutex::new(Some(writing)), closed: watch::Sender::new(false), version, idle }
    }

    /// What comes next; `None` after the end, and once the session is closed.
    pub async fn next(&self) -> Option<Result<Event>> {
        let mut reading = self.reading.lock().await;
        let next = match reading.as_mut() {
            None => None,
            Some(open) => tokio::select! {
                biased;
                () = self.closing() => None,
                next = open.next() => next,
                () = silence(self.idle) => Some(Err(Error::new(Kind::Timeout(Phase::Read), "Timed out: nothing came for too long"))),
            },
        };
        if !matches!(next, Some(Ok(Event::Stdout(_) | Event::Stderr(_)))) {
            *reading = None;
            self.close();
        }
        next
    }

    /// Gives `bytes` to standard input, or to the port. Comes back when the network has taken them.
    pub async fn write(&self, bytes: &[u8]) -> Result<()> {
        for piece in bytes.chunks(PIECE) {
            self.send(channels::encode(STDIN, piece)).await?;
        }
        Ok(())
    }

    /// Ends standard input.
    pub async fn close_stdin(&self) -> Result<()> {
        match self.version {
            Version::V5 => self.send(channels::close(STDIN)).await,
            Version::V4 => {
                Err(Error::new(Kind::Argument, "the server speaks v4.channel.k8s.io, which cannot end standard input"))
            }
        }
    }

    /// Tells how large the terminal is.
    pub async fn resize(&self, width: u16, height: u16) -> Result<()> {
        self.send(channels::resize(width, height)).await
    }

    /// Ends it, from any thread: the reader gets `None`, a writer an error.
    pub fn close(&self) {
        self.closed.send_replace(true);
        if let Ok(mut reading) = self.reading.try_lock() {
            *reading = None;
        }
        if let Ok(mut writing) = self.writing.try_lock() {
            *writing = None;
        }
    }

    async fn send(&self, message: Bytes) -> Result<()> {
        let mut writing = self.writing.lock().await;
        let Some(open) = writing.as_mut() else { return Err(over()) };
        let sent = tokio::select! {
            biased;
            () = self.closing() => Err(over()),
            sent = open.send(Message::Binary(message)) => sent.map_err(|error| failure(&error)),
        };
        if sent.is_err() {
            *writing = None; // the reader goes on: it may still be told how the command ended
        }
        sent
    }

    async fn closing(&self) {
        // An error would mean that the sender is gone, and it is in `self`.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Event>> {
        loop {
            let message = match self.messages.next().await {
                Some(Ok(Message::Binary(message))) => message,
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Text(_))) => {
                    return Some(Err(Error::new(Kind::Parse, "the server sent text where bytes belong")));
                }
                Some(Ok(Message::Close(close))) => {
                    return self.ended(close.is_none_or(|close| close.code == CloseCode::Normal));
                }
                None => return self.ended(false),
                Some(Err(error)) => return Some(Err(failure(&error))),
            };
            if let Some(event) =
                channels::decode(message).and_then(|(channel, bytes)| self.event(channel, bytes)).transpose()
            {
                return Some(event);
            }
        }
    }

    /// A port may be closed by whoever listens there, and then the close is a `normal` one (RFC 6455 §7.4.1); a command's end is told
    /// before the connection's.
    fn ended(&self, normal: bool) -> Option<Result<Event>> {
        let words = match (self.ports.is_some(), normal) {
            (true, true) => return None,
            (true, false) => "the server closed the connection before the port's end",
            (false, _) => "the connection ended before the server told how the command ended",
        };
        Some(Err(Error::new(Kind::Cut, words)))
    }

    fn event(&mut self, channel: u8, bytes: Bytes) -> Result<Option<Event>> {
        let bytes = match &mut self.ports {
            None => bytes,
            Some(ports) => ports.strip(channel, bytes),
        };
        match (channel, self.ports.is_some()) {
            _ if bytes.is_empty() => Ok(None), // the kubelet opens each channel with an empty message
            (STDIN, true) | (STDOUT, false) => Ok(Some(Event::Stdout(bytes))),
            (STDOUT, true) => Err(unreached(&bytes)),
            (STDERR, false) => Ok(Some(Event::Stderr(bytes))),
            (STATUS, false) => exit::code(&bytes).map(|code| Some(Event::Exit(code))),
            _ => Ok(None), // v5: a channel was closed; or one that this client does not know
        }
    }
}

/// Looked at also by a task that has used up its turn: pongs without end are no sound.
async fn silence(idle: Option<Duration>) {
    match idle {
        Some(idle) => unconstrained(tokio::time::sleep(idle)).await,
        None => std::future::pending().await,
    }
}

fn over() -> Error {
    Error::new(Kind::Cancelled, "this session is over")
}

fn unreached(words: &[u8]) -> Error {
    Error::new(Kind::Refused, "the node could not connect to the port of the pod")
        .with_server_message(Some(String::from_utf8_lossy(words).into_owned()))
}

/// What the server gave as the reason of its close is not repeated.
fn failure(error: &WsError) -> Error {
    match error {
        WsError::Capacity(_) => {
            Error::new(Kind::Limit(Limit::MessageBytes), "a message of the server is larger than is allowed")
        }
        WsError::Io(_)
        | WsError::ConnectionClosed
        | WsError::AlreadyClosed
        | WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing) => {
            Error::new(Kind::Cut, "the connection was cut")
        }
        _ => Error::new(Kind::Parse, "the server does not speak WebSocket as RFC 6455 has it"),
    }
}
