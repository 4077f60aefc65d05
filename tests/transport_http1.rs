//! HTTP/1.1 with servers that say whatever they like.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::time::Duration;

use gitlab_kube::error::{Kind, Limit, Phase};
use http::Version;
use support::server::{Server, drain, ok, request};
use support::*;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

#[tokio::test]
async fn brings_an_answer_and_its_body() {
    let server = Server::answering(ok("{\"kind\":\"Pod\"}")).await;
    let mut response = transport(|_| ()).send(get(&server.url("/api/v1?a=b")), &loopback(), WHOLE).await.unwrap();
    assert_eq!((response.status, response.version), (200, Version::HTTP_11));
    assert_eq!(response.headers["content-type"], "application/json");
    assert_eq!(read(&mut response).await.unwrap(), b"{\"kind\":\"Pod\"}");
    assert!(response.body.chunk().await.is_none(), "the end stays the end");
}

#[tokio::test]
async fn sends_path_query_headers_and_body_as_they_are() {
    let (seen, mut lines) = mpsc::unbounded_channel();
    let server = Server::tcp(move |mut io, _| {
        let seen = seen.clone();
        async move {
            seen.send(request(&mut io).await.unwrap()).unwrap();
            io.write_all(&ok("{}")).await.unwrap();
        }
    })
    .await;
    let mut sent = post(&server.url("/api/v1/../%2e%2e/x?watch=1&q=%20"));
    sent.headers_mut().insert("authorization", "Bearer t".parse().unwrap());
    fetch(&transport(|_| ()), sent).await.unwrap();
    let seen = lines.recv().await.unwrap();
    assert!(seen.starts_with("POST /api/v1/../%2e%2e/x?watch=1&q=%20 HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains(&format!("host: {}\r\n", server.address)), "{seen}");
    assert!(seen.contains("authorization: Bearer t\r\n") && seen.contains("accept-encoding: gzip\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\n{}"), "{seen}");
}

#[tokio::test]
async fn a_hundred_requests_in_a_row_use_one_connection() {
    let server = Server::answering(ok("{}")).await;
    let transport = transport(|_| ());
    for _ in 0..100 {
        fetch(&transport, get(&server.url("/"))).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_of_other_settings_is_not_used_again() {
    let server = Server::answering(ok("{}")).await;
    let transport = transport(|_| ());
    for policy in [loopback(), loopback_changed(), loopback_changed(), loopback()] {
        let mut response = transport.send(get(&server.url("/")), &policy, WHOLE).await.unwrap();
        read(&mut response).await.unwrap();
    }
    assert_eq!(server.connections(), 2);
    assert_eq!(kind(transport.send(get(&server.url("/")), &strict(), WHOLE).await), Kind::BlockedAddress);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let other = Server::answering(ok("{}")).await;
    for code in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {code} Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.url("/"));
        let server = Server::answering(head).await;
        assert_eq!(fetch(&transport(|_| ()), get(&server.url("/"))).await.unwrap().0, code);
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn nobody_listens_there() {
    let server = Server::answering("").await;
    let url = server.url("/");
    drop(server);
    tokio::task::yield_now().await;
    let error = soon(transport(|_| ()).send(post(&url), &loopback(), WHOLE)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(!error.outcome_unknown() && !error.stale_connection());
}

#[tokio::test]
async fn a_flood_of_headers_is_refused() {
    let many: String = (0..5000).map(|n| format!("X-{n}: {MARKER}\r\n")).collect();
    let long = format!("X: {}\r\n", MARKER.repeat(10_000));
    for headers in [many, long] {
        let server = Server::saying(format!("HTTP/1.1 200 OK\r\n{headers}\r\n")).await;
        assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Limit(Limit::Headers));
    }
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let server = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        io.write_all(b"HTTP/1.1 200 OK\r\n").await.unwrap();
        while io.write_all(b"X-Marker: on and on and on and on and on and on and on\r\n").await.is_ok() {}
    })
    .await;
    assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Limit(Limit::Headers));
}

#[tokio::test]
async fn early_answers_without_end_are_refused() {
    let server = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        while io.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n").await.is_ok() {}
    })
    .await;
    assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Limit(Limit::Headers));
}

#[tokio::test]
async fn a_few_early_answers_are_fine() {
    let early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n".to_owned();
    let server = Server::answering([early.into_bytes(), ok("{}")].concat()).await;
    assert_eq!(fetch(&transport(|_| ()), get(&server.url("/"))).await.unwrap().0, 200);
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_a_parse_error() {
    for said in [
        format!("{MARKER}\r\n\r\n"),
        format!("HTTP/1.1 {MARKER}\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nbad header\r\n\r\n".into(),
    ] {
        let server = Server::saying(said).await;
        assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Parse);
    }
}

#[tokio::test]
async fn two_lengths_are_a_parse_error() {
    let server = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc").await;
    assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Parse);
}

#[tokio::test]
async fn a_body_shorter_than_its_length_is_a_reset() {
    let server = Server::saying(format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{MARKER}")).await;
    let result = fetch(&transport(|_| ()), post(&server.url("/"))).await;
    assert!(result.as_ref().unwrap_err().outcome_unknown());
    assert_eq!(kind(result), Kind::Reset);
}

#[tokio::test]
async fn a_stream_that_breaks_off_was_cut_and_one_that_ends_was_not() {
    let chunk = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{MARKER}\r\n", MARKER.len());
    for (end, cut) in [("", true), ("0\r\n\r\n", false)] {
        let server = Server::saying(format!("{chunk}{end}")).await;
        let mut stream = transport(|_| ()).send(get(&server.url("/")), &loopback(), STREAM).await.unwrap();
        assert_eq!(soon(stream.body.chunk()).await.unwrap().unwrap(), MARKER);
        match soon(stream.body.chunk()).await {
            Some(broken) => assert!(cut && kind(broken) == Kind::Cut),
            None => assert!(!cut),
        }
    }
}

#[tokio::test]
async fn bytes_after_the_length_do_not_become_the_next_answer() {
    let smuggled = [ok("{}"), b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret".to_vec()].concat();
    let server = Server::answering(smuggled).await;
    let transport = transport(|_| ());
    for _ in 0..2 {
        assert_eq!(fetch(&transport, get(&server.url("/"))).await.unwrap().1, b"{}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_bad_chunk_is_typed() {
    let server = Server::saying(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{MARKER}\r\n")).await;
    assert!(matches!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Reset | Kind::Parse));
}

#[tokio::test]
async fn a_closed_connection_before_the_answer_is_a_reset_of_unknown_outcome() {
    let server = Server::saying("").await;
    let error = fetch(&transport(|_| ()), post(&server.url("/"))).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reset);
    assert!(error.outcome_unknown() && !error.stale_connection());
}

#[tokio::test]
async fn a_tcp_reset_is_a_reset() {
    let server = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        io.set_zero_linger().unwrap();
    })
    .await;
    assert_eq!(kind(fetch(&transport(|_| ()), get(&server.url("/"))).await), Kind::Reset);
}

#[tokio::test]
async fn a_kept_connection_that_dies_under_a_request_is_called_stale() {
    let server = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        io.write_all(&ok("{}")).await.unwrap();
        request(&mut io).await;
    })
    .await;
    let transport = transport(|_| ());
    fetch(&transport, get(&server.url("/"))).await.unwrap();
    let error = fetch(&transport, post(&server.url("/"))).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reset);
    assert!(error.stale_connection() && error.outcome_unknown());
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_in_time_is_not_used() {
    let server = Server::saying(ok("{}")).await;
    let transport = transport(|_| ());
    for _ in 0..3 {
        fetch(&transport, post(&server.url("/"))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn silence_before_the_head_times_out() {
    let server = Server::tcp(|mut io, _| async move { drain(&mut io).await }).await;
    let transport = transport(|c| c.timeouts.read = Some(Duration::from_millis(200)));
    let error = fetch(&transport, post(&server.url("/"))).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout(Phase::Read));
    assert_eq!(error.to_string(), "Timed out reading data from server");
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn silence_within_the_body_times_out() {
    let server = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        io.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc").await.unwrap();
        drain(&mut io).await;
    })
    .await;
    let transport = transport(|c| c.timeouts.read = Some(Duration::from_millis(200)));
    assert_eq!(kind(fetch(&transport, get(&server.url("/"))).await), Kind::Timeout(Phase::Read));
}

/// Sends `head`, then a byte now and then for ever.
async fn drip(head: &'static str) -> Server {
    Server::tcp(move |mut io, _| async move {
        request(&mut io).await;
        io.write_all(head.as_bytes()).await.unwrap();
        while io.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_drip_ends_with_the_total_time() {
    for head in ["HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"] {
        let server = drip(head).await;
        let transport = transport(|c| c.timeouts.total = Some(Duration::from_millis(400)));
        let error = fetch(&transport, get(&server.url("/"))).await.unwrap_err();
        assert!(error.words().contains("Timed out"), "{error}");
        assert_eq!(error.kind(), Kind::Timeout(Phase::Total));
    }
}

#[tokio::test]
async fn a_stream_has_no_total_time_and_its_own_silence() {
    let server = drip("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n").await;
    let transport = transport(|c| {
        c.timeouts.total = Some(Duration::from_millis(100));
        c.timeouts.read = Some(Duration::from_millis(100));
    });
    let mut stream = transport.send(get(&server.url("/")), &loopback(), STREAM).await.unwrap();
    for _ in 0..20 {
        stream.body.chunk().await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_stream_that_falls_silent_times_out_only_where_asked() {
    let server = Server::tcp(|mut io, _| async move {
        request(&mut io).await;
        io.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await.unwrap();
        drain(&mut io).await;
    })
    .await;
    let transport = transport(|c| c.timeouts.idle = Some(Duration::from_millis(200)));
    let mut stream = transport.send(get(&server.url("/")), &loopback(), STREAM).await.unwrap();
    let error = soon(stream.body.chunk()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout(Phase::Read));
}

/// Tells when the client has closed the connection.
async fn watched(said: &'static [u8]) -> (Server, mpsc::UnboundedReceiver<&'static str>) {
    let (tell, told) = mpsc::unbounded_channel();
    let server = Server::tcp(move |mut io, _| {
        let tell = tell.clone();
        async move {
            request(&mut io).await;
            io.write_all(said).await.unwrap();
            tell.send("asked").unwrap();
            drain(&mut io).await;
            let _ = tell.send("closed");
        }
    })
    .await;
    (server, told)
}

#[tokio::test]
async fn dropping_the_future_closes_the_connection() {
    let (server, mut told) = watched(b"").await;
    let (transport, sent) = (transport(|_| ()), get(&server.url("/")));
    let request = tokio::spawn(async move { transport.send(sent, &loopback(), WHOLE).await.map(drop) });
    assert_eq!(soon(told.recv()).await, Some("asked"));
    request.abort();
    assert_eq!(soon(told.recv()).await, Some("closed"));
}

#[tokio::test]
async fn dropping_the_body_closes_the_connection() {
    let (server, mut told) = watched(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n").await;
    let transport = transport(|_| ());
    let mut stream = transport.send(get(&server.url("/")), &loopback(), STREAM).await.unwrap();
    assert_eq!(stream.body.chunk().await.unwrap().unwrap(), "abc");
    drop(stream);
    assert_eq!(soon(told.recv()).await, Some("asked"));
    assert_eq!(soon(told.recv()).await, Some("closed"));
}

#[tokio::test]
async fn an_error_of_the_body_closes_the_connection_while_the_body_is_kept() {
    let (server, mut told) = watched(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabcdefghi\r\n").await;
    let transport = transport(|c| c.limits.decoded_bytes = 3);
    let mut response = transport.send(get(&server.url("/")), &loopback(), WHOLE).await.unwrap();
    assert_eq!(kind(response.body.chunk().await.unwrap()), Kind::Limit(Limit::DecodedBytes));
    assert!(response.body.chunk().await.is_none());
    assert_eq!((soon(told.recv()).await, soon(told.recv()).await), (Some("asked"), Some("closed")));
}
