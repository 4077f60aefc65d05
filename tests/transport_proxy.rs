//! Through a proxy: it is told addresses that were checked, and the server is believed as if there were no proxy.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use gitlab_kube::error::Kind;
use gitlab_kube::transport::proxy::Proxy;
use gitlab_kube::transport::tls::Roots;
use gitlab_kube::transport::{Config, Transport};
use support::certificates::Authority;
use support::proxy::Proxy as Through;
use support::resolver::Fixed;
use support::server::{Server, answer_all, drain, ok, request};
use support::*;
use tokio::io::AsyncWriteExt;

const NAME: &str = "api.test";

/// The target has an address that only the proxy can reach.
fn beyond() -> Arc<Fixed> {
    Arc::new(Fixed::new(&[&["10.1.2.3", "10.1.2.4"]]))
}

fn by(url: &str, change: impl FnOnce(&mut Config)) -> Transport {
    transport(|c| {
        c.proxy = Some(Proxy::parse(url).unwrap());
        c.resolver = beyond();
        change(c);
    })
}

async fn both(to: &Server, login: bool) -> [(Through, &'static str); 2] {
    [(Through::http(to.address, login).await, "http"), (Through::socks5(to.address, login).await, "socks5")]
}

#[tokio::test]
async fn the_proxy_is_told_the_checked_address() {
    let server = Server::answering(ok("{}")).await;
    for (proxy, scheme) in both(&server, false).await {
        let transport = by(&proxy.url(scheme, false), |_| ());
        assert_eq!(fetch(&transport, get("http://api.test:8080/")).await.unwrap().0, 200);
        assert_eq!(proxy.asked().await, "10.1.2.3:8080");
        fetch(&transport, get("http://api.test:8080/")).await.unwrap();
        assert_eq!(proxy.server.connections(), 1, "the tunnel is kept");
    }
}

#[tokio::test]
async fn an_address_of_version_6_is_told_too() {
    let server = Server::answering(ok("{}")).await;
    for ((proxy, scheme), asked) in both(&server, false).await.into_iter().zip(["[fd00::1]:80", "fd00::1:80"]) {
        fetch(&by(&proxy.url(scheme, false), |_| ()), get("http://[fd00::1]/")).await.unwrap();
        assert_eq!(proxy.asked().await, asked);
    }
}

#[tokio::test]
async fn the_name_is_told_only_where_the_proxy_resolves() {
    let server = Server::answering(ok("{}")).await;
    for (proxy, scheme) in both(&server, false).await {
        let names = beyond();
        let transport = by(&proxy.url(scheme, false), |c| {
            c.proxy = c.proxy.take().map(|proxy| proxy.resolving(true));
            c.resolver = names.clone();
        });
        fetch(&transport, get("http://api.test:8080/")).await.unwrap();
        assert_eq!(proxy.asked().await, "api.test:8080");
        assert_eq!(names.asked(), 0);
    }
}

#[tokio::test]
async fn the_certificate_must_have_the_servers_name() {
    let authority = Authority::new("one");
    let answer = Arc::new(ok("{}"));
    let server = Server::tls(authority.server(&[NAME], |_| ()).serve(&["http/1.1"]), move |io, _| {
        assert_eq!(io.get_ref().1.server_name(), Some(NAME));
        answer_all(io, Arc::clone(&answer))
    })
    .await;
    for (proxy, scheme) in both(&server, false).await {
        let transport = by(&proxy.url(scheme, false), |c| c.tls.roots = Roots::Pem(authority.pem.clone().into_bytes()));
        fetch(&transport, get("https://api.test/")).await.unwrap();
        assert_eq!(proxy.asked().await, "10.1.2.3:443");
    }
    let other =
        Server::tls(
            authority.server(&["other.test"], |_| ()).serve(&[]),
            |mut io, _| async move { drain(&mut io).await },
        )
        .await;
    for (proxy, scheme) in both(&other, false).await {
        let transport = by(&proxy.url(scheme, false), |c| c.tls.roots = Roots::Pem(authority.pem.clone().into_bytes()));
        assert_eq!(kind(fetch(&transport, get("https://api.test/")).await), Kind::Tls);
    }
}

#[tokio::test]
async fn the_proxy_gets_user_and_password() {
    let server = Server::answering(ok("{}")).await;
    for (proxy, scheme) in both(&server, true).await {
        assert_eq!(fetch(&by(&proxy.url(scheme, true), |_| ()), get("http://api.test/")).await.unwrap().0, 200);
        let wrong = proxy.url(scheme, true).replace("p%3Ass", "wrong");
        for url in [proxy.url(scheme, false), wrong] {
            let error = fetch(&by(&url, |_| ()), post("http://api.test/")).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Proxy, "{error}");
            assert!(!error.outcome_unknown() && !format!("{error:?}").contains("wrong"));
        }
    }
}

#[tokio::test]
async fn a_blocked_server_stays_blocked_behind_a_proxy_the_operator_trusts() {
    let server = Server::answering(ok("{}")).await;
    for (proxy, scheme) in both(&server, false).await {
        let transport = by(&proxy.url(scheme, false), |c| c.proxy = c.proxy.take().map(Proxy::operators));
        for url in [
            "http://api.test/",
            "http://10.1.2.3/",
            "http://0x7f.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/",
        ] {
            assert_eq!(kind(soon(transport.send(get(url), &strict(), WHOLE)).await), Kind::BlockedAddress, "{url}");
        }
        let resolving =
            by(&proxy.url(scheme, false), |c| c.proxy = c.proxy.take().map(|p| p.operators().resolving(true)));
        for url in ["http://127.0.0.1/", "http://2130706433/", "http://localhost/", "http://metadata.google.internal/"]
        {
            assert_eq!(kind(soon(resolving.send(get(url), &strict(), WHOLE)).await), Kind::BlockedAddress, "{url}");
        }
        assert_eq!(proxy.server.connections(), 0);
    }
}

#[tokio::test]
async fn a_private_proxy_is_blocked_unless_it_is_the_operators() {
    let server = Server::answering(ok("{}")).await;
    for (proxy, scheme) in both(&server, false).await {
        let public = |c: &mut Config| c.resolver = Arc::new(Fixed::new(&[&["1.1.1.1"]]));
        let users = by(&proxy.url(scheme, false), public);
        assert_eq!(kind(soon(users.send(get("http://api.test/"), &strict(), WHOLE)).await), Kind::BlockedAddress);
        assert_eq!(proxy.server.connections(), 0);
        let operators = by(&proxy.url(scheme, false), |c| {
            public(c);
            c.proxy = c.proxy.take().map(Proxy::operators);
        });
        assert_eq!(soon(operators.send(get("http://api.test/"), &strict(), WHOLE)).await.unwrap().status, 200);
        assert_eq!(proxy.asked().await, "1.1.1.1:80");
    }
}

#[tokio::test]
async fn the_metadata_service_is_no_proxy_even_for_the_operator() {
    let transport = by("http://169.254.169.254", |c| c.proxy = c.proxy.take().map(Proxy::operators));
    assert_eq!(kind(soon(transport.send(get("http://api.test/"), &loopback(), WHOLE)).await), Kind::BlockedAddress);
}

async fn says(said: Vec<u8>, scheme: &str) -> gitlab_kube::Error {
    let said = Arc::new(said);
    let proxy = Server::tcp(move |mut io, _| {
        let said = Arc::clone(&said);
        async move {
            let _ = io.write_all(&said).await;
            let _ = io.shutdown().await;
            drain(&mut io).await;
        }
    })
    .await;
    let result = fetch(&by(&format!("{scheme}://{}", proxy.address), |_| ()), post("http://api.test/")).await;
    let error = result.as_ref().unwrap_err().clone();
    kind(result);
    assert!(!error.outcome_unknown());
    error
}

#[tokio::test]
async fn an_http_proxy_that_says_no_or_nonsense_is_a_proxy_error() {
    let refusals = [
        "HTTP/1.1 403 mArKeR-of-the-server\r\n\r\n",
        "HTTP/1.1 502 x\r\n\r\n",
        "HTTP/1.1 302 x\r\nLocation: /\r\n\r\n",
    ];
    let nonsense =
        ["", "mArKeR-of-the-server\r\n\r\n", "HTTP/1.1 200", "HTTP/1.1 20x\r\n\r\n", "HTTP/1.1 200 x\r\n\r\nand more"];
    for said in refusals.into_iter().chain(nonsense) {
        assert_eq!(says(said.into(), "http").await.kind(), Kind::Proxy, "{said}");
    }
    let flood = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".repeat(100_000)].concat();
    assert_eq!(says(flood, "http").await.kind(), Kind::Proxy);
}

#[tokio::test]
async fn a_socks_proxy_that_says_no_or_nonsense_has_a_kind_for_it() {
    let refused = |reply| vec![5, 0, 5, reply, 0, 1, 0, 0, 0, 0, 0, 0];
    let table = [
        (1, Kind::Proxy),
        (2, Kind::Proxy),
        (3, Kind::Unreachable),
        (4, Kind::Unreachable),
        (5, Kind::Refused),
        (9, Kind::Proxy),
    ];
    for (reply, kind) in table {
        assert_eq!(says(refused(reply), "socks5").await.kind(), kind, "{reply}");
    }
    for said in
        [vec![], vec![5], vec![4, 0], vec![5, 255], vec![5, 0, 5, 0, 0, 7], vec![5, 0, 4, 0, 0, 1], MARKER.into()]
    {
        assert_eq!(says(said.clone(), "socks5").await.kind(), Kind::Proxy, "{said:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_says_nothing_is_an_open_timeout() {
    let proxy = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        drain(&mut io).await;
    })
    .await;
    for scheme in ["http", "socks5"] {
        let transport =
            by(&format!("{scheme}://{}", proxy.address), |c| c.timeouts.open = Some(Duration::from_millis(200)));
        let error = fetch(&transport, post("http://api.test/")).await.unwrap_err();
        assert_eq!(error.to_string(), "Timed out connecting to server");
    }
}
