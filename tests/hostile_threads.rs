//! Twenty-five threads, as Sidekiq has them, that all list the pods of a cluster which answers with a bomb.
//!
//! In a process of its own: what is looked at is the most memory that the process ever held.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::{Compression, write::GzEncoder};
use gitlab_kube::api::request::Spec;
use gitlab_kube::call::{Event, Step};
use gitlab_kube::client::{Client, Manner, Options, Outcome};
use gitlab_kube::error::{Error, Kind, Limit};
use gitlab_kube::policy::Settings;
use gitlab_kube::process::Process;
use support::server::{Server, ok, request};
use tokio::io::AsyncWriteExt;

const THREADS: usize = 25;
const MEMBER: usize = 1 << 20;

/// A list that never ends and grows a hundred times over: less than what the ratio stops, so its size has to.
async fn bomb() -> Server {
    let (begin, member) = (gzip(b"{\"items\":["), gzip(&item().repeat(MEMBER / 4096)));
    let times = MEMBER / member.len();
    assert!((50..200).contains(&times), "it grows {times} times");
    let said = Arc::new((begin, member));
    Server::tcp(move |mut io, _| {
        let said = Arc::clone(&said);
        async move {
            request(&mut io).await;
            let _ = io.write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n").await;
            let _ = io.write_all(&said.0).await;
            while io.write_all(&said.1).await.is_ok() {}
        }
    })
    .await
}

/// 4 KiB, of which little repeats within itself.
fn item() -> Vec<u8> {
    let words: String = (0..40u64).map(|n| format!("{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    format!("{{\"a\":\"{words:a<4086}\"}},").into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn list(url: &str) -> Result<Outcome, Error> {
    let settings = Settings { local_requests_allowed: true, ..Settings::default() };
    let client = Client::new(Options::new(url), &settings)?;
    let mut call = client.call(Spec::get("/api/v1/pods".into()), &settings, Manner::default());
    match Process::current()?.driver().drive(client.drive(&mut call, Event::Begin, None)) {
        Step::Done(outcome) => outcome,
        other => panic!("the machine asks for {other:?}"),
    }
}

#[test]
fn twenty_five_threads_against_a_bomb_take_less_than_600_mib_and_a_healthy_cluster_answers() {
    let far_side = tokio::runtime::Runtime::new().unwrap();
    let (bomb, healthy) = far_side.block_on(async { (bomb().await, Server::answering(ok(r#"{"items":[{}]}"#)).await) });
    list(&healthy.url("")).unwrap();
    let before = peak();
    let over = AtomicBool::new(false);
    let answered = std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut answered = 0;
            while !over.load(Ordering::SeqCst) {
                list(&healthy.url("")).unwrap();
                answered += 1;
            }
            answered
        });
        let victims: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| list(&bomb.url("")).unwrap_err().kind())).collect();
        let ends: Vec<_> = victims.into_iter().map(|victim| victim.join()).collect();
        over.store(true, Ordering::SeqCst); // before anything can fail: the scope waits for the one who watches
        for kind in ends.into_iter().map(Result::unwrap) {
            assert!(matches!(kind, Kind::Limit(Limit::Budget | Limit::DecodedBytes | Limit::Ratio)), "{kind:?}");
        }
        watching.join().unwrap()
    });
    assert!(answered > 0, "the healthy cluster was never asked");
    let held = peak() - before;
    assert!(held < 600 << 20, "{} MiB more", held >> 20);
}

/// The most memory this process ever held.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
}
