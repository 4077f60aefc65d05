//! Large compressed bodies, which a thread of their own unpacks. In a process of its own, one test at a time: the threads are counted.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use gitlab_kube::error::{Kind, Limit, Phase};
use gitlab_kube::transport::{Response, Transport};
use support::server::{Server, drain, request};
use support::*;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Mutex, MutexGuard};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000000000\r\n\r\n";

static ALONE: Mutex<()> = Mutex::const_new(());

/// No other test's threads are there while it is held.
async fn alone() -> MutexGuard<'static, ()> {
    let alone = ALONE.lock().await;
    until("a thread of the test before is still there", || threads() == 0).await;
    alone
}

/// Threads of this process that unpack.
fn threads() -> usize {
    let names = std::fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path().join("comm"));
    names.filter(|name| std::fs::read_to_string(name).is_ok_and(|name| name.trim() == "gitlab_unpack")).count()
}

async fn until(otherwise: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "{otherwise}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes of which each eight differ, and which compress to about a third.
fn words(megabytes: usize) -> Vec<u8> {
    (0..megabytes << 17).flat_map(|n| format!("{n:07} ").into_bytes()).collect()
}

fn answer(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Says so much of a body that never ends, and then nothing until the client has gone.
async fn falls_silent(megabytes: usize) -> Server {
    let begun = Arc::new([HEAD, &gzip(&words(megabytes))].concat());
    Server::tcp(move |mut io, _| {
        let begun = Arc::clone(&begun);
        async move {
            request(&mut io).await;
            let _ = io.write_all(&begun).await;
            drain(&mut io).await;
        }
    })
    .await
}

async fn open(transport: &Transport, server: &Server) -> Response {
    soon(transport.send(get(&server.url("/")), &loopback(), WHOLE)).await.unwrap()
}

/// Reads so many megabytes, and gives a thread time to come and to take over; fails the test if none does where there is one to give.
async fn begin(response: &mut Response, megabytes: usize) {
    let mut seen = 0;
    while seen < megabytes << 20 {
        seen += soon(response.body.chunk()).await.unwrap().unwrap().len();
        if seen > 5 << 19 && threads() == 0 && std::thread::available_parallelism().unwrap().get() > 1 {
            until("no thread has come", || threads() > 0).await;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gives_every_byte_of_every_member_in_order() {
    let _alone = alone().await;
    let plain = words(8);
    let members: Vec<u8> = plain.chunks(700_001).flat_map(|part| [gzip(part), gzip(b"")].concat()).collect();
    let server = Server::answering(answer(&members)).await;
    let transport = transport(|_| ());
    for _ in 0..3 {
        let mut response = open(&transport, &server).await;
        begin(&mut response, 3).await;
        let seen = 8 << 20;
        let rest = read(&mut response).await.unwrap();
        assert!(plain.ends_with(&rest) && rest.len() < seen, "{} bytes", rest.len());
        assert_eq!(fetch(&transport, get(&server.url("/"))).await.unwrap().1, plain);
    }
    assert_eq!(server.connections(), 1, "a connection is back before the body ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_leaves_ends_the_thread_and_closes_the_connection_though_the_server_is_silent() {
    let _alone = alone().await;
    let server = falls_silent(6).await;
    let for_ever = transport(|c| (c.timeouts.read, c.timeouts.total) = (None, None));
    let mut response = open(&for_ever, &server).await;
    begin(&mut response, 6).await;
    assert!(tokio::time::timeout(Duration::from_millis(50), response.body.chunk()).await.is_err(), "it is silent");
    drop(response);
    until("the connection is still open", || server.open() == 0).await;
    until("the thread is still there", || threads() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_leaves_while_pieces_wait_for_it_ends_the_thread() {
    let _alone = alone().await;
    let server = falls_silent(16).await;
    let for_ever = transport(|c| (c.timeouts.read, c.timeouts.total) = (None, None));
    let mut response = open(&for_ever, &server).await;
    begin(&mut response, 3).await;
    drop(response);
    until("the connection is still open", || server.open() == 0).await;
    until("the thread is still there", || threads() == 0).await;
}

/// How it ends, and that nothing is left of it.
async fn ends(server: &Server, change: impl FnOnce(&mut gitlab_kube::transport::Config)) -> Kind {
    let transport = transport(change);
    let mut response = open(&transport, server).await;
    begin(&mut response, 3).await;
    let end = kind(read(&mut response).await);
    until("the connection is still open", || server.open() == 0).await; // while the body is still there
    until("the thread is still there", || threads() == 0).await;
    assert!(response.body.chunk().await.is_none(), "the end stays the end");
    end
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_is_timed_out() {
    let _alone = alone().await;
    let server = falls_silent(6).await;
    let kind = ends(&server, |c| c.timeouts.read = Some(Duration::from_millis(300))).await;
    assert_eq!(kind, Kind::Timeout(Phase::Read));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_total_time_ends_while_it_is_unpacked() {
    let _alone = alone().await;
    let begun = Arc::new(gzip(&words(6)));
    let server = Server::tcp(move |mut io, _| {
        let begun = Arc::clone(&begun);
        async move {
            request(&mut io).await;
            let _ = io.write_all(&[HEAD, &begun].concat()).await;
            while io.write_all(&gzip(b"drip")).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    })
    .await;
    let kind = ends(&server, |c| c.timeouts.total = Some(Duration::from_secs(1))).await;
    assert_eq!(kind, Kind::Timeout(Phase::Total));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_after_it_was_handed_over_is_what_it_would_have_been_before() {
    let _alone = alone().await;
    let whole = gzip(&words(8));
    let mut wrong_sum = whole.clone();
    let at = whole.len() - 8;
    wrong_sum[at] ^= 1;
    for (body, wanted) in [
        (whole[..whole.len() - 3].to_vec(), Kind::Reset),
        (wrong_sum, Kind::Parse),
        ([&whole, MARKER.as_bytes()].concat(), Kind::Parse),
    ] {
        let server = Server::saying(answer(&body)).await;
        assert_eq!(ends(&server, |_| ()).await, wanted);
    }
}

/// The thread is ahead of its reader by a few pieces, whoever of the two finds out.
#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_stops_the_thread_too() {
    let _alone = alone().await;
    let bomb = Arc::new((gzip(&words(4)), gzip(&vec![b'a'; 64 << 20])));
    let server = Server::tcp(move |mut io, _| {
        let bomb = Arc::clone(&bomb);
        async move {
            request(&mut io).await;
            let _ = io.write_all(&[HEAD, &bomb.0].concat()).await;
            while io.write_all(&bomb.1).await.is_ok() {}
        }
    })
    .await;
    let decoded = ends(&server, |c| (c.limits.ratio, c.limits.decoded_bytes) = (u64::MAX, 16 << 20)).await;
    assert_eq!(decoded, Kind::Limit(Limit::DecodedBytes));
    assert_eq!(ends(&server, |c| c.limits.ratio = 10).await, Kind::Limit(Limit::Ratio));
    assert_eq!(ends(&server, |c| c.limits.wire_bytes = 3 << 20).await, Kind::Limit(Limit::WireBytes));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_large_bodies_at_once_than_there_are_threads_all_end() {
    let _alone = alone().await;
    let plain = Arc::new(words(4));
    let server = Server::answering(answer(&gzip(&plain))).await;
    let transport = transport(|_| ());
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (transport, url, plain) = (transport.clone(), server.url("/"), Arc::clone(&plain));
        readers.spawn(async move { assert!(fetch(&transport, get(&url)).await.unwrap().1 == *plain) });
    }
    while let Some(reader) = soon(readers.join_next()).await {
        reader.unwrap();
    }
}

/// Names are looked up there, and a lookup may hang.
#[test]
fn a_pool_of_blocking_threads_without_one_to_spare_stops_nobody() {
    let runtime = tokio::runtime::Builder::new_multi_thread().max_blocking_threads(1).enable_all().build().unwrap();
    let (end, ended) = std::sync::mpsc::channel::<()>();
    runtime.block_on(async {
        let _alone = alone().await;
        let _hangs = tokio::task::spawn_blocking(move || ended.recv());
        let plain = words(8);
        let server = Server::answering(answer(&gzip(&plain))).await;
        let mut response = open(&transport(|_| ()), &server).await;
        begin(&mut response, 3).await;
        read(&mut response).await.unwrap();
    });
    drop(end);
}
