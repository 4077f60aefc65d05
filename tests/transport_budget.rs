//! What all bodies of a process may hold together. In a process of its own: the sum is the process's.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use gitlab_kube::error::{Kind, Limit};
use support::server::Server;
use support::*;

const BODY: usize = 300 << 20;

/// Reads all but never keeps it, so that the test needs no memory; the body counts what it handed out.
async fn read_on(response: &mut gitlab_kube::transport::Response, bytes: usize) -> Result<(), gitlab_kube::Error> {
    let mut seen = 0;
    while seen < bytes {
        match response.body.chunk().await {
            Some(chunk) => seen += chunk?.len(),
            None => break,
        }
    }
    Ok(())
}

#[tokio::test]
async fn two_large_bodies_at_once_are_one_too_many() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {BODY}\r\n\r\n");
    let server = Server::answering([head.into_bytes(), vec![b'a'; BODY]].concat()).await;
    let transport = transport(|c| {
        c.limits.decoded_bytes = BODY as u64;
        c.limits.wire_bytes = u64::MAX;
    });
    let open = async || soon(transport.send(get(&server.url("/")), &loopback(), WHOLE)).await.unwrap();
    let mut first = open().await;
    soon(read_on(&mut first, BODY - 1)).await.unwrap();
    let mut second = open().await;
    assert_eq!(kind(soon(read_on(&mut second, BODY)).await), Kind::Limit(Limit::Budget));
    let mut stream = soon(transport.send(get(&server.url("/")), &loopback(), STREAM)).await.unwrap();
    soon(read_on(&mut stream, BODY)).await.unwrap();
    drop(first);
    let mut third = open().await;
    soon(read_on(&mut third, BODY)).await.unwrap();
}
