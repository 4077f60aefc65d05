//! What is dialled: only addresses that the policy has seen.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use gitlab_kube::error::{Error, Kind, Limit, Phase};
use gitlab_kube::policy::{Allowlist, Policy, Settings};
use gitlab_kube::transport::Transport;
use support::resolver::Fixed;
use support::server::{Server, ok};
use support::*;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

fn resolving(answers: &[&[&str]]) -> (Transport, Arc<Fixed>) {
    let names = Arc::new(Fixed::new(answers));
    (transport(|c| c.resolver = names.clone()), names)
}

async fn ask(transport: &Transport, url: &str, policy: &Policy) -> Result<u16, Error> {
    soon(transport.send(get(url), policy, WHOLE)).await.map(|response| response.status)
}

#[tokio::test]
async fn a_blocked_address_in_the_url_is_not_dialled_however_it_is_spelled() {
    let server = Server::answering(ok("{}")).await;
    let transport = transport(|_| ());
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ] {
        let result = ask(&transport, &server.at("http", host), &strict()).await;
        assert_eq!(kind(result), Kind::BlockedAddress, "{host}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn refuses_a_name_that_resolves_to_169_254_169_254() {
    for policy in [strict(), loopback()] {
        let (transport, _) = resolving(&[&["169.254.169.254"]]);
        assert_eq!(kind(ask(&transport, "http://api.test/", &policy).await), Kind::BlockedAddress);
    }
}

#[tokio::test]
async fn one_blocked_answer_among_good_ones_blocks_the_call() {
    for answers in [["1.1.1.1", "127.0.0.1"], ["127.0.0.1", "1.1.1.1"], ["1.1.1.1", "::ffff:10.0.0.1"]] {
        let (transport, _) = resolving(&[&answers]);
        let error = ask(&transport, "http://api.test/", &strict()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::BlockedAddress);
        assert!(error.words().contains("is blocked"), "{error}");
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_a_dns_error() {
    for policy in [strict(), loopback(), loopback_changed()] {
        let (transport, _) = resolving(&[&[]]);
        assert_eq!(kind(ask(&transport, "http://api.test/", &policy).await), Kind::Dns);
    }
}

#[tokio::test]
async fn a_name_is_asked_for_once_and_what_was_checked_is_dialled() {
    let server = Server::answering(ok("{}")).await;
    let (transport, names) = resolving(&[&["127.0.0.1"], &["127.0.0.99"]]);
    for _ in 0..3 {
        assert_eq!(ask(&transport, &server.at("http", "api.test"), &loopback()).await.unwrap(), 200);
        assert_eq!(names.asked(), 1, "a kept connection needs no name");
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_again_at_the_next_dial() {
    let listed = Settings { allowlist: Allowlist::parse(&["127.0.0.2"]), ..Settings::default() };
    let policy = Policy::user(listed);
    let trap = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = trap.local_addr().unwrap().port();
    let good = closing(SocketAddr::from(([127, 0, 0, 2], port))).await;
    let (transport, _) = resolving(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let url = format!("http://api.test:{port}/");
    assert_eq!(ask(&transport, &url, &policy).await.unwrap(), 200);
    good.await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(kind(ask(&transport, &url, &policy).await), Kind::BlockedAddress);
    assert!(tokio::time::timeout(Duration::from_millis(50), trap.accept()).await.is_err(), "it was dialled");
}

/// Answers one request and closes.
async fn closing(address: SocketAddr) -> tokio::task::JoinHandle<()> {
    let listener = TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move {
        let (mut io, _) = listener.accept().await.unwrap();
        support::server::request(&mut io).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut io, &ok("{}")).await.unwrap();
    })
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_the_next_address_is_not_tried() {
    let server = Server::answering(ok("{}")).await;
    let (transport, _) = resolving(&[&["127.0.0.2", "127.0.0.1"]]);
    assert_eq!(kind(ask(&transport, &server.at("http", "api.test"), &loopback()).await), Kind::Refused);
    assert_eq!(server.connections(), 0);
}

/// A listener whose queue is full: the system drops whoever knocks.
async fn silent(address: SocketAddr) -> (TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(address).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    #[allow(clippy::disallowed_methods, reason = "the test's own knocking")]
    while let Ok(knocked) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(knocked.unwrap());
    }
    (listener, waiting)
}

#[tokio::test]
async fn an_address_that_is_silent_gets_its_share_of_the_time_and_then_the_next_is_tried() {
    let server = Server::answering(ok("{}")).await;
    let _silent = silent(SocketAddr::from(([127, 0, 0, 2], server.address.port()))).await;
    let names = Arc::new(Fixed::new(&[&["127.0.0.2", "127.0.0.1"]]));
    let transport = transport(|c| {
        c.resolver = names;
        c.timeouts.open = Some(Duration::from_secs(2));
    });
    assert_eq!(ask(&transport, &server.at("http", "api.test"), &loopback()).await.unwrap(), 200);
}

#[tokio::test]
async fn a_server_that_is_silent_is_an_open_timeout() {
    let silent = silent(SocketAddr::from(([127, 0, 0, 3], 0))).await;
    let transport = transport(|c| c.timeouts.open = Some(Duration::from_millis(300)));
    let url = format!("http://{}/", silent.0.local_addr().unwrap());
    let error = fetch(&transport, post(&url)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout(Phase::Open));
    assert_eq!(error.to_string(), "Timed out connecting to server");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn no_more_connections_are_opened_than_are_allowed() {
    let server = Server::tcp(|mut io, _| async move {
        while support::server::request(&mut io).await.is_some() {
            tokio::time::sleep(Duration::from_millis(100)).await;
            tokio::io::AsyncWriteExt::write_all(&mut io, &ok("{}")).await.unwrap();
        }
    })
    .await;
    let transport = transport(|c| c.limits.connections = 2);
    let calls: Vec<_> = (0..6)
        .map(|_| {
            let (transport, url) = (transport.clone(), server.url("/"));
            tokio::spawn(async move { fetch(&transport, get(&url)).await.map(|(status, _)| status) })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 200);
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_call_for_which_no_connection_becomes_free_is_refused() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    let transport = transport(|c| {
        c.limits.connections = 1;
        c.timeouts.open = Some(Duration::from_millis(200));
    });
    let watch = soon(transport.send(get(&server.url("/")), &loopback(), STREAM)).await.unwrap();
    let refused = soon(transport.send(post(&server.url("/")), &loopback(), WHOLE)).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Limit(Limit::Connections));
    assert!(!refused.outcome_unknown());
    drop(watch);
    assert!(soon(transport.send(get(&server.url("/")), &loopback(), STREAM)).await.is_ok(), "a place came free");
}

#[tokio::test]
async fn a_resolver_that_hangs_is_an_open_timeout() {
    let transport = transport(|c| {
        c.resolver = Arc::new(support::resolver::Hanging);
        c.timeouts.open = Some(Duration::from_millis(200));
    });
    assert_eq!(kind(ask(&transport, "http://api.test/", &strict()).await), Kind::Timeout(Phase::Open));
}

#[tokio::test]
async fn a_url_without_scheme_or_host_is_the_callers_mistake() {
    for url in ["/api", "ftp://api.test/", "ws://api.test/"] {
        let result = ask(&transport(|_| ()), url, &loopback()).await;
        assert!(matches!(kind(result), Kind::Argument | Kind::BlockedUrl), "{url}");
    }
}

const TRAPPED: &str = "GITLAB_KUBE_TEST_SERVER";

/// Runs this very test again in a process whose environment names a proxy.
#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "the test tells its child where the server is")]
async fn the_environment_names_no_proxy() {
    if let Ok(url) = std::env::var(TRAPPED) {
        return assert_eq!(ask(&transport(|_| ()), &url, &loopback()).await.unwrap(), 200);
    }
    let (server, trap) = (Server::answering(ok("{}")).await, Server::answering(ok("{}")).await);
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "the_environment_names_no_proxy"]).env(TRAPPED, server.url("/")).env_remove("NO_PROXY");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, trap.url(""));
    }
    assert!(child.output().await.unwrap().status.success());
    assert_eq!((server.connections(), trap.connections()), (1, 0));
}
