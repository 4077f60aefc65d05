//! Another protocol on the same connection: over HTTP/1.1 only.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gitlab_kube::error::{Kind, Phase};
use gitlab_kube::transport::Upgrade;
use gitlab_kube::transport::tls::Roots;
use http::Request;
use support::certificates::Authority;
use support::server::{Server, answer_all, drain, ok, request};
use support::*;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const SWITCHED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: v5\r\n\r\nfirst";

fn upgrade(url: &str) -> Request<Bytes> {
    Request::get(url).header("connection", "Upgrade").header("upgrade", "websocket").body(Bytes::new()).unwrap()
}

async fn echo<I: AsyncRead + AsyncWrite + Unpin>(mut io: I) {
    let head = request(&mut io).await.unwrap();
    assert!(head.contains("upgrade: websocket\r\n") && !head.contains("accept-encoding"), "{head}");
    io.write_all(SWITCHED).await.unwrap();
    let mut bytes = [0; 4];
    while io.read_exact(&mut bytes).await.is_ok() {
        io.write_all(&bytes).await.unwrap();
    }
}

#[tokio::test]
async fn leads_to_the_bare_connection_even_where_the_server_prefers_http2() {
    let authority = Authority::new("one");
    let server =
        Server::tls(authority.server(&["api.test"], |_| ()).serve(&["h2", "http/1.1"]), |io, _| echo(io)).await;
    let transport = transport(|c| c.tls.roots = Roots::Pem(authority.pem.clone().into_bytes()));
    let answer = soon(transport.upgrade(upgrade(&server.at("https", "api.test")), &loopback())).await.unwrap();
    let Upgrade::Switched(headers, mut io) = answer else { panic!("{answer:?}") };
    assert_eq!(headers["sec-websocket-protocol"], "v5");
    let mut first = [0; 5];
    soon(io.read_exact(&mut first)).await.unwrap();
    assert_eq!(&first, b"first", "what came with the head is not lost");
    for said in [b"ping", b"pong"] {
        io.write_all(said).await.unwrap();
        io.flush().await.unwrap();
        let mut heard = [0; 4];
        soon(io.read_exact(&mut heard)).await.unwrap();
        assert_eq!(&heard, said);
    }
}

#[tokio::test]
async fn a_server_that_will_not_gives_its_answer() {
    let body = Arc::new([b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n".to_vec(), b"{}".to_vec()].concat());
    let server = Server::tcp(move |io, _| answer_all(io, Arc::clone(&body))).await;
    let answer = soon(transport(|_| ()).upgrade(upgrade(&server.url("/")), &loopback())).await.unwrap();
    let Upgrade::Refused(mut response) = answer else { panic!("{answer:?}") };
    assert_eq!((response.status, read(&mut response).await.unwrap()), (403, b"{}".to_vec()));
}

#[tokio::test]
async fn a_server_that_says_nothing_times_out() {
    let server = Server::tcp(|mut io, _| async move { drain(&mut io).await }).await;
    let transport = transport(|c| c.timeouts.read = Some(Duration::from_millis(200)));
    assert_eq!(kind(soon(transport.upgrade(upgrade(&server.url("/")), &loopback())).await), Kind::Timeout(Phase::Read));
}

#[tokio::test]
async fn a_protocol_nobody_asked_for_is_an_error() {
    let server = Server::saying(SWITCHED).await;
    assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Parse);
}

#[tokio::test]
async fn the_policy_is_asked_and_dropping_closes() {
    let server = Server::answering(ok("{}")).await;
    assert_eq!(kind(soon(transport(|_| ()).upgrade(upgrade(&server.url("/")), &strict())).await), Kind::BlockedAddress);
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::tcp(move |mut io, _| {
        let tell = tell.clone();
        async move {
            request(&mut io).await;
            io.write_all(SWITCHED).await.unwrap();
            drain(&mut io).await;
            tell.send("closed").unwrap();
        }
    })
    .await;
    let answer = soon(transport(|_| ()).upgrade(upgrade(&server.url("/")), &loopback())).await.unwrap();
    assert!(matches!(answer, Upgrade::Switched(..)));
    drop(answer);
    assert_eq!(soon(told.recv()).await, Some("closed"));
}
