//! How much may come: gzip, bombs, bodies without end.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flate2::{Compression, write::GzEncoder};
use gitlab_kube::error::{Kind, Limit, Phase};
use support::server::{Server, drain, request};
use support::*;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Mutex, mpsc};

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn answer(coding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

async fn chunk<I: AsyncRead + AsyncWrite + Unpin>(io: &mut I, bytes: &[u8]) -> std::io::Result<()> {
    io.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
    io.write_all(bytes).await?;
    io.write_all(b"\r\n").await
}

#[tokio::test]
async fn gives_the_bytes_that_were_compressed_and_headers_that_say_so() {
    let server = Server::answering(answer("gzip", &gzip(b"{\"kind\":\"Pod\"}"))).await;
    let mut response = transport(|_| ()).send(get(&server.url("/")), &loopback(), WHOLE).await.unwrap();
    assert!(!response.headers.contains_key("content-encoding") && !response.headers.contains_key("content-length"));
    assert_eq!(read(&mut response).await.unwrap(), b"{\"kind\":\"Pod\"}");
}

#[tokio::test]
async fn reads_every_member() {
    let members = [gzip(b"one "), gzip(b""), gzip(b"two "), gzip(b"three")].concat();
    let server = Server::answering(answer("gzip", &members)).await;
    assert_eq!(fetch(&transport(|_| ()), get(&server.url("/"))).await.unwrap().1, b"one two three");
}

#[tokio::test]
async fn keeps_the_connection_after_a_compressed_body() {
    let server = Server::answering(answer("gzip", &gzip(b"{}"))).await;
    let transport = transport(|_| ());
    for _ in 0..5 {
        fetch(&transport, get(&server.url("/"))).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

/// Each event is sent only when the one before has been read.
async fn in_step(members: bool) {
    let (go, gone) = mpsc::unbounded_channel::<()>();
    let gone = Arc::new(Mutex::new(gone));
    let server = Server::tcp(move |mut io, _| {
        let gone = Arc::clone(&gone);
        async move {
            request(&mut io).await;
            io.write_all(CHUNKED).await.unwrap();
            let mut stream = GzEncoder::new(Vec::new(), Compression::default());
            for n in 0..5 {
                let event = format!("event {n}\n");
                let bytes = if members {
                    gzip(event.as_bytes())
                } else {
                    stream.write_all(event.as_bytes()).unwrap();
                    stream.flush().unwrap();
                    std::mem::take(stream.get_mut())
                };
                chunk(&mut io, &bytes).await.unwrap();
                gone.lock().await.recv().await.unwrap();
            }
        }
    })
    .await;
    let mut stream = transport(|_| ()).send(get(&server.url("/")), &loopback(), STREAM).await.unwrap();
    for n in 0..5 {
        let event = soon(stream.body.chunk()).await.unwrap().unwrap();
        assert_eq!(event, format!("event {n}\n"));
        go.send(()).unwrap();
    }
}

#[tokio::test]
async fn gives_each_member_of_a_watch_at_once() {
    in_step(true).await;
}

#[tokio::test]
async fn gives_each_flush_of_a_watch_at_once() {
    in_step(false).await;
}

#[tokio::test]
async fn an_empty_body_that_says_gzip_is_empty() {
    for head in ["204 No Content\r\nContent-Encoding: gzip", "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0"] {
        let server = Server::answering(format!("HTTP/1.1 {head}\r\n\r\n")).await;
        assert_eq!(fetch(&transport(|_| ()), get(&server.url("/"))).await.unwrap().1, b"");
    }
}

#[tokio::test]
async fn a_compression_that_breaks_off_is_a_reset() {
    let whole = gzip(&b"some words that are worth compressing, ".repeat(100));
    for cut in [1, 5, 12, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        let server = Server::answering(answer("gzip", &whole[..cut])).await;
        assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Reset, "cut after {cut}");
    }
}

#[tokio::test]
async fn what_says_gzip_and_is_not_is_a_parse_error() {
    let mut bad_sum = gzip(b"abc");
    let sum = bad_sum.len() - 8;
    bad_sum[sum] ^= 1;
    let garbage_after = [gzip(b"abc"), MARKER.as_bytes().to_vec()].concat();
    for body in [MARKER.as_bytes().to_vec(), bad_sum, garbage_after] {
        let server = Server::answering(answer("gzip", &body)).await;
        assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Parse);
    }
}

#[tokio::test]
async fn a_coding_nobody_asked_for_is_a_parse_error() {
    for coding in ["br", "deflate", "gzip, gzip", MARKER] {
        let server = Server::answering(answer(coding, b"abc")).await;
        assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Parse, "{coding}");
    }
}

#[tokio::test]
async fn a_bomb_is_stopped_by_its_ratio() {
    let server = Server::answering(answer("gzip", &gzip(&vec![b'a'; 64 << 20]))).await;
    let mut response = transport(|_| ()).send(get(&server.url("/")), &loopback(), WHOLE).await.unwrap();
    let mut seen = 0;
    let error = loop {
        match soon(response.body.chunk()).await.unwrap() {
            Ok(chunk) => seen += chunk.len(),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), Kind::Limit(Limit::Ratio));
    assert!(seen <= 10 << 20, "{seen} bytes were handed out");
}

#[tokio::test]
async fn a_bomb_is_stopped_by_its_size() {
    let server = Server::answering(answer("gzip", &gzip(&vec![b'a'; 8 << 20]))).await;
    let transport = transport(|c| c.limits.decoded_bytes = 1 << 20);
    assert_eq!(kind(fetch(&transport, get(&server.url("/"))).await), Kind::Limit(Limit::DecodedBytes));
}

/// Sends pieces without end.
async fn endless(piece: Vec<u8>, head: &'static [u8]) -> Server {
    let piece = Arc::new(piece);
    Server::tcp(move |mut io, _| {
        let piece = Arc::clone(&piece);
        async move {
            request(&mut io).await;
            io.write_all(head).await.unwrap();
            while chunk(&mut io, &piece).await.is_ok() {}
        }
    })
    .await
}

#[tokio::test]
async fn a_body_without_end_is_stopped() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server = endless(vec![b'a'; 64 << 10], head).await;
    let wire = transport(|c| c.limits.wire_bytes = 1 << 20);
    assert_eq!(kind(fetch(&wire, get(&server.url("/"))).await), Kind::Limit(Limit::WireBytes));
    let decoded = transport(|c| c.limits.decoded_bytes = 1 << 20);
    assert_eq!(kind(fetch(&decoded, get(&server.url("/"))).await), Kind::Limit(Limit::DecodedBytes));
}

#[tokio::test]
async fn a_stream_may_be_longer_than_a_whole_body() {
    let server = endless(vec![b'a'; 64 << 10], b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    let transport = transport(|c| (c.limits.wire_bytes, c.limits.decoded_bytes) = (1 << 20, 1 << 20));
    let mut stream = transport.send(get(&server.url("/")), &loopback(), STREAM).await.unwrap();
    let mut seen = 0;
    while seen < 4 << 20 {
        seen += soon(stream.body.chunk()).await.unwrap().unwrap().len();
    }
}

#[tokio::test]
async fn a_compressed_body_larger_than_allowed_is_stopped_at_its_first_piece() {
    let server = Server::answering(answer("gzip", &gzip(b"{}"))).await;
    let transport = transport(|c| c.limits.wire_bytes = 10);
    assert_eq!(kind(fetch(&transport, get(&server.url("/"))).await), Kind::Limit(Limit::WireBytes));
}

#[tokio::test]
async fn empty_members_without_end_are_stopped_by_what_they_weigh_on_the_wire() {
    let server = endless(gzip(b"").repeat(1000), CHUNKED).await;
    let transport = transport(|c| c.limits.wire_bytes = 1 << 20);
    assert_eq!(kind(fetch(&transport, get(&server.url("/"))).await), Kind::Limit(Limit::WireBytes));
}

#[tokio::test]
async fn a_body_within_its_limits_is_whole_to_the_last_byte() {
    let body = vec![b'a'; 100_000];
    let server = Server::answering(answer("gzip", &gzip(&body))).await;
    let transport = transport(|c| c.limits.decoded_bytes = 100_000);
    assert_eq!(fetch(&transport, get(&server.url("/"))).await.unwrap().1, body);
}

#[tokio::test]
async fn a_compressed_drip_ends_with_the_total_time() {
    let server = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        io.write_all(CHUNKED).await.unwrap();
        while chunk(&mut io, &gzip(b"")).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drain(&mut io).await;
    })
    .await;
    let transport = transport(|c| c.timeouts.total = Some(Duration::from_millis(300)));
    assert_eq!(kind(fetch(&transport, get(&server.url("/"))).await), Kind::Timeout(Phase::Total));
}

/// The reader must let go between members that never pause.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn empty_members_without_end_can_be_left() {
    let server = endless(gzip(b"").repeat(1000), CHUNKED).await;
    let mut stream = transport(|_| ()).send(get(&server.url("/")), &loopback(), STREAM).await.unwrap();
    let reading = tokio::spawn(async move { stream.body.chunk().await.map(drop) });
    tokio::time::sleep(Duration::from_millis(300)).await;
    reading.abort();
    assert!(soon(reading).await.unwrap_err().is_cancelled());
}
