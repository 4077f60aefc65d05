//! HTTP/2 with servers that say whatever they like.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail it")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gitlab_kube::error::{Kind, Limit, Phase};
use gitlab_kube::transport::tls::Roots;
use gitlab_kube::transport::{Config, Transport};
use h2::server::{Connection, SendResponse};
use h2::{Reason, RecvStream};
use http::{Request, Response, Version};
use support::certificates::{Authority, Identity};
use support::server::{Server, answer_all, ok};
use support::*;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::server::TlsStream;

const NAME: &str = "api.test";

type Io = TlsStream<TcpStream>;
type Asked = (Request<RecvStream>, SendResponse<Bytes>);

struct Pair {
    server: Server,
    transport: Transport,
}

impl Pair {
    fn url(&self) -> String {
        self.server.at("https", NAME)
    }
}

/// A server that speaks HTTP/2 by hand, and a transport that believes it.
async fn pair<F, Fut>(change: impl FnOnce(&mut Config), handler: F) -> Pair
where
    F: Fn(Connection<Io, Bytes>, usize) -> Fut + Send + Sync + Clone + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let (authority, identity) = identity();
    let server = Server::tls(identity.serve(&["h2"]), move |io, n| {
        let handler = handler.clone();
        async move {
            let connection = h2::server::Builder::new()
                .max_header_list_size(1 << 20)
                .max_concurrent_streams(100)
                .handshake(io)
                .await;
            if let Ok(connection) = connection {
                handler(connection, n).await;
            }
        }
    })
    .await;
    let transport = transport(|c| {
        c.tls.roots = Roots::Pem(authority.into_bytes());
        change(c);
    });
    Pair { server, transport }
}

fn identity() -> (String, Identity) {
    let authority = Authority::new("one");
    let identity = authority.server(&[NAME], |_| ());
    (authority.pem, identity)
}

async fn next(connection: &mut Connection<Io, Bytes>) -> Option<Asked> {
    connection.accept().await?.ok()
}

fn say(asked: &mut SendResponse<Bytes>, body: &str) {
    let mut stream = asked.send_response(Response::new(()), false).unwrap();
    stream.send_data(Bytes::from(body.to_owned()), true).unwrap();
}

async fn answer(mut connection: Connection<Io, Bytes>, _: usize) {
    while let Some((_, mut asked)) = next(&mut connection).await {
        say(&mut asked, "{}");
    }
}

#[tokio::test]
async fn is_spoken_where_both_want_it() {
    let pair = pair(|_| (), answer).await;
    let mut response = pair.transport.send(get(&pair.url()), &loopback(), WHOLE).await.unwrap();
    assert_eq!((response.status, response.version), (200, Version::HTTP_2));
    assert_eq!(read(&mut response).await.unwrap(), b"{}");
}

#[tokio::test]
async fn is_not_offered_where_it_is_not_wanted() {
    let (authority, identity) = identity();
    let answer = Arc::new(ok("{}"));
    let server = Server::tls(identity.serve(&["h2", "http/1.1"]), move |io, _| {
        assert_eq!(io.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        answer_all(io, Arc::clone(&answer))
    })
    .await;
    let transport = transport(|c| {
        c.tls.roots = Roots::Pem(authority.into_bytes());
        c.http2 = false;
    });
    let response = transport.send(get(&server.at("https", NAME)), &loopback(), WHOLE).await.unwrap();
    assert_eq!(response.version, Version::HTTP_11);
}

#[tokio::test]
async fn many_requests_at_once_share_a_connection() {
    let pair = pair(|_| (), answer).await;
    fetch(&pair.transport, get(&pair.url())).await.unwrap();
    let calls = (0..50).map(|_| {
        let (transport, request) = (pair.transport.clone(), get(&pair.url()));
        tokio::spawn(async move { fetch(&transport, request).await.unwrap() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().0, 200);
    }
    assert_eq!(pair.server.connections(), 1);
}

#[tokio::test]
async fn a_graceful_goodbye_ends_no_request_and_the_next_one_has_a_new_connection() {
    let pair = pair(
        |_| (),
        |mut connection, n| async move {
            let (_, mut asked) = next(&mut connection).await.unwrap();
            if n == 0 {
                connection.graceful_shutdown();
            }
            let mut stream = asked.send_response(Response::new(()), false).unwrap();
            tokio::spawn(async move {
                for _ in 0..5 {
                    stream.send_data(Bytes::from_static(b"event\n"), false).unwrap();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                stream.send_data(Bytes::new(), true).unwrap();
            });
            while next(&mut connection).await.is_some() {}
        },
    )
    .await;
    for n in 1..=2 {
        assert_eq!(fetch(&pair.transport, get(&pair.url())).await.unwrap().1.len(), 30);
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(pair.server.connections(), n);
    }
}

#[tokio::test]
async fn an_abrupt_goodbye_is_a_reset_and_the_next_request_has_a_new_connection() {
    let pair = pair(
        |_| (),
        |mut connection, n| async move {
            while let Some((_, mut asked)) = next(&mut connection).await {
                match n {
                    0 => connection.abrupt_shutdown(Reason::INTERNAL_ERROR),
                    _ => say(&mut asked, "{}"),
                }
            }
        },
    )
    .await;
    let result = fetch(&pair.transport, post(&pair.url())).await;
    assert!(result.as_ref().unwrap_err().outcome_unknown());
    assert_eq!(kind(result), Kind::Reset);
    assert_eq!(fetch(&pair.transport, post(&pair.url())).await.unwrap().0, 200);
}

#[tokio::test]
async fn a_refused_stream_had_no_effect_and_may_be_sent_again() {
    let pair = pair(
        |_| (),
        |mut connection, _| async move {
            while let Some((_, mut asked)) = next(&mut connection).await {
                asked.send_reset(Reason::REFUSED_STREAM);
            }
        },
    )
    .await;
    let error = fetch(&pair.transport, post(&pair.url())).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reset);
    assert!(!error.outcome_unknown() && error.stale_connection());
}

#[tokio::test]
async fn a_stream_reset_before_the_head_and_within_the_body_is_a_reset() {
    for head in [false, true] {
        let pair = pair(
            |_| (),
            move |mut connection, _| async move {
                while let Some((_, mut asked)) = next(&mut connection).await {
                    match head {
                        false => asked.send_reset(Reason::CANCEL),
                        true => {
                            let mut stream = asked.send_response(Response::new(()), false).unwrap();
                            stream.send_data(Bytes::from_static(b"{"), false).unwrap();
                            tokio::spawn(async move {
                                tokio::time::sleep(Duration::from_millis(20)).await;
                                stream.send_reset(Reason::INTERNAL_ERROR);
                            });
                        }
                    }
                }
            },
        )
        .await;
        assert_eq!(kind(fetch(&pair.transport, get(&pair.url())).await), Kind::Reset);
    }
}

/// A server whose answers have a header of so many bytes.
async fn heading(bytes: usize) -> Pair {
    pair(
        |_| (),
        move |mut connection, _| async move {
            while let Some((_, mut asked)) = next(&mut connection).await {
                let value = MARKER.repeat(bytes / MARKER.len());
                let _ = asked.send_response(Response::builder().header("x-marker", value).body(()).unwrap(), true);
            }
        },
    )
    .await
}

#[tokio::test]
async fn large_headers_are_refused() {
    let pair = heading(100 << 10).await;
    assert_eq!(kind(fetch(&pair.transport, get(&pair.url())).await), Kind::Limit(Limit::Headers));
}

/// `/bad` has a head that is too large, `/watch` goes on for ever, everything else is fine.
async fn by_path(mut connection: Connection<Io, Bytes>, _: usize) {
    while let Some((request, mut asked)) = next(&mut connection).await {
        match request.uri().path() {
            "/bad" => {
                let head = Response::builder().header("x", "a".repeat(100 << 10)).body(()).unwrap();
                asked.send_response(head, true).unwrap();
            }
            "/watch" => {
                let mut stream = asked.send_response(Response::new(()), false).unwrap();
                tokio::spawn(async move {
                    while stream.send_data(Bytes::from_static(b"event\n"), false).is_ok() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                });
            }
            _ => say(&mut asked, "{}"),
        }
    }
}

#[tokio::test]
async fn a_connection_that_brought_a_bad_answer_ends_with_the_watch_beside_it_and_is_given_to_nobody_else() {
    let pair = pair(|_| (), by_path).await;
    let at = |path: &str| get(&format!("{}{path}", pair.url()));
    let mut watch = pair.transport.send(at("watch"), &loopback(), STREAM).await.unwrap();
    assert_eq!(kind(fetch(&pair.transport, at("bad")).await), Kind::Limit(Limit::Headers));
    for _ in 0..5 {
        assert_eq!(soon(watch.body.chunk()).await.unwrap().unwrap(), "event\n", "it was cut");
    }
    assert_eq!(pair.server.connections(), 1);
    fetch(&pair.transport, at("good")).await.unwrap();
    assert_eq!((pair.server.connections(), pair.server.open()), (2, 2));
    drop(watch);
    soon(async {
        while pair.server.open() > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    fetch(&pair.transport, at("good")).await.unwrap();
    assert_eq!(pair.server.connections(), 2);
}

/// The server allows 100 streams on a connection, as API servers do.
#[tokio::test]
async fn watches_without_number_leave_room_for_the_calls_beside_them() {
    let pair = pair(|_| (), by_path).await;
    let at = |path: &str| get(&format!("{}{path}", pair.url()));
    for _ in 0..2 {
        let mut watches = Vec::new();
        for _ in 0..120 {
            watches.push(soon(pair.transport.send(at("watch"), &loopback(), STREAM)).await.unwrap());
        }
        assert_eq!(fetch(&pair.transport, at("good")).await.unwrap().1, b"{}");
        assert_eq!(pair.server.connections(), 3);
    }
}

/// `/flood` has more to say than a window holds, everything else is fine.
async fn flood_by_path(mut connection: Connection<Io, Bytes>, _: usize) {
    let mut floods = Vec::new();
    while let Some((request, mut asked)) = next(&mut connection).await {
        match request.uri().path() {
            "/flood" => {
                let mut stream = asked.send_response(Response::new(()), false).unwrap();
                stream.send_data(Bytes::from(vec![b'a'; 9 << 20]), false).unwrap();
                floods.push(stream);
            }
            _ => say(&mut asked, "{}"),
        }
    }
}

#[tokio::test]
async fn watches_whose_readers_are_busy_hold_up_no_call_beside_them() {
    let pair = pair(|_| (), flood_by_path).await;
    let at = |path: &str| get(&format!("{}{path}", pair.url()));
    let mut watches = Vec::new();
    for _ in 0..3 {
        watches.push(pair.transport.send(at("flood"), &loopback(), STREAM).await.unwrap());
    }
    assert_eq!(fetch(&pair.transport, at("good")).await.unwrap().1, b"{}");
    assert_eq!(pair.server.connections(), 1);
}

#[tokio::test]
async fn much_larger_headers_are_refused_before_they_are_kept() {
    let pair = heading(10 << 20).await;
    assert!(matches!(kind(fetch(&pair.transport, get(&pair.url())).await), Kind::Limit(Limit::Headers) | Kind::Parse));
}

#[tokio::test]
async fn headers_within_the_limit_are_fine() {
    let pair = heading(60 << 10).await;
    assert_eq!(fetch(&pair.transport, get(&pair.url())).await.unwrap().0, 200);
}

#[tokio::test]
async fn a_length_that_is_not_kept_is_typed() {
    for (length, body) in [("1000", "{}"), ("1", "{}")] {
        let pair = pair(
            |_| (),
            move |mut connection, _| async move {
                while let Some((_, mut asked)) = next(&mut connection).await {
                    let response = Response::builder().header("content-length", length).body(()).unwrap();
                    let mut stream = asked.send_response(response, false).unwrap();
                    let _ = stream.send_data(Bytes::from_static(body.as_bytes()), true);
                }
            },
        )
        .await;
        assert!(matches!(kind(fetch(&pair.transport, get(&pair.url())).await), Kind::Reset | Kind::Parse));
    }
}

#[tokio::test]
async fn a_server_that_goes_silent_times_out() {
    let pair = pair(
        |c| c.timeouts.read = Some(Duration::from_millis(200)),
        |mut connection, _| async move {
            let mut kept = Vec::new();
            while let Some(asked) = next(&mut connection).await {
                kept.push(asked);
            }
        },
    )
    .await;
    let error = fetch(&pair.transport, post(&pair.url())).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout(Phase::Read));
    assert!(error.outcome_unknown());
}

/// Tells why each stream ended.
async fn watched(head: bool) -> (Pair, mpsc::UnboundedReceiver<&'static str>) {
    let (tell, told) = mpsc::unbounded_channel();
    let pair = pair(
        |_| (),
        move |mut connection, _| {
            let tell = tell.clone();
            async move {
                while let Some((_, mut asked)) = next(&mut connection).await {
                    let tell = tell.clone();
                    tell.send("asked").unwrap();
                    tokio::spawn(async move {
                        let reason = match head {
                            false => std::future::poll_fn(|cx| asked.poll_reset(cx)).await,
                            true => {
                                let mut stream = asked.send_response(Response::new(()), false).unwrap();
                                std::future::poll_fn(|cx| stream.poll_reset(cx)).await
                            }
                        };
                        tell.send(if reason.unwrap() == Reason::CANCEL { "cancelled" } else { "other" }).unwrap();
                    });
                }
            }
        },
    )
    .await;
    (pair, told)
}

#[tokio::test]
async fn dropping_the_future_resets_the_stream() {
    let (pair, mut told) = watched(false).await;
    let (transport, request) = (pair.transport.clone(), get(&pair.url()));
    let call = tokio::spawn(async move { transport.send(request, &loopback(), WHOLE).await.map(drop) });
    assert_eq!(soon(told.recv()).await, Some("asked"));
    call.abort();
    assert_eq!(soon(told.recv()).await, Some("cancelled"));
}

#[tokio::test]
async fn dropping_the_body_resets_the_stream_and_keeps_the_connection() {
    let (pair, mut told) = watched(true).await;
    for _ in 0..2 {
        drop(soon(pair.transport.send(get(&pair.url()), &loopback(), STREAM)).await.unwrap());
        assert_eq!((soon(told.recv()).await, soon(told.recv()).await), (Some("asked"), Some("cancelled")));
    }
    assert_eq!(pair.server.connections(), 1);
}

#[tokio::test]
async fn early_answers_without_end_do_not_put_off_the_timeout() {
    let pair = pair(
        |c| c.timeouts.read = Some(Duration::from_millis(300)),
        |mut connection, _| async move {
            while let Some((_, mut asked)) = next(&mut connection).await {
                tokio::spawn(async move {
                    while asked.send_informational(Response::builder().status(103).body(()).unwrap()).is_ok() {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                });
            }
        },
    )
    .await;
    assert_eq!(kind(fetch(&pair.transport, get(&pair.url())).await), Kind::Timeout(Phase::Read));
}

#[tokio::test]
async fn empty_frames_without_end_are_a_parse_error() {
    let pair = pair(
        |_| (),
        |mut connection, _| async move {
            while let Some((_, mut asked)) = next(&mut connection).await {
                let mut stream = asked.send_response(Response::new(()), false).unwrap();
                tokio::spawn(async move {
                    while stream.send_data(Bytes::new(), false).is_ok() {
                        tokio::task::yield_now().await;
                    }
                });
            }
        },
    )
    .await;
    assert_eq!(kind(fetch(&pair.transport, get(&pair.url())).await), Kind::Parse);
}
