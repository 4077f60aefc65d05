//! A connection that left HTTP for another protocol.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::HeaderMap;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Response;
use crate::error::{Error, Kind, Result};

/// The answer to a request for another protocol.
pub enum Upgrade {
    /// The server speaks it now; the header fields say which (`Sec-WebSocket-Protocol`).
    Switched(HeaderMap, Upgraded),
    /// The server answered with something else.
    Refused(Response),
}

impl fmt::Debug for Upgrade {
    /// Without the header fields: the server wrote them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Switched(..) => "Switched",
            Self::Refused(_) => "Refused",
        })
    }
}

/// The bare connection.
#[derive(Debug)]
pub struct Upgraded(TokioIo<hyper::upgrade::Upgraded>);

pub(super) async fn switched(answer: http::Response<Incoming>) -> Result<Upgrade> {
    let headers = answer.headers().clone();
    let upgraded = hyper::upgrade::on(answer).await;
    let io = upgraded
        .map_err(|_| Error::new(Kind::Reset, "the server closed the connection while it changed the protocol"))?;
    Ok(Upgrade::Switched(headers, Upgraded(TokioIo::new(io))))
}

impl AsyncRead for Upgraded {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Upgraded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
