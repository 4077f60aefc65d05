//! An HTTPS server that answers what an API server would, out of memory and as fast as it can: the benches measure clients.
//!
//! It says `{"url": …, "ca": PEM}` on its standard output, then serves until its standard input ends; to each line of that it answers
//! with how many bytes it has sent. The namespace says what is wanted:
//!
//! | path | answer |
//! |---|---|
//! | `…/namespaces/n5000/pods` | a list of 5,000 pods, plain |
//! | `…/namespaces/g5000/pods` | the same, gzip |
//! | `…/namespaces/r5000/pods` | gzip that is hardly smaller: half of each pod is random |
//! | `…/namespaces/g5000/pods?limit=500` | ten pages |
//! | `…/namespaces/n1/pods/x` | one small object, 1 kB |
//! | `…/namespaces/d5/pods/x` | the same after 5 ms |
//! | `…/namespaces/n1000/pods?watch=true` | 1,000 events at full speed, then the end |
//! | `…/namespaces/n1000/pods/x/log` | 1,000 lines at full speed, then the end |
//! | `…/namespaces/cut100/pods?watch=true` | 100 events, then a cut connection |
//! | `…/namespaces/hang/pods` | nothing, ever |

mod bodies;
mod counted;

use std::convert::Infallible;
use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use bodies::{Bodies, Body, Page};
use counted::Counted;

type Answer = Response<BoxBody<Bytes, std::io::Error>>;
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let (pem, acceptor) = tls()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", serde_json::json!({ "url": format!("https://{}", listener.local_addr()?), "ca": pem }));
    std::thread::spawn(|| {
        std::io::stdin().lock().lines().map_while(Result::ok).for_each(|_| println!("{}", counted::sent()));
        std::process::exit(0);
    });
    let bodies = Arc::new(Bodies::default());
    loop {
        let (socket, _) = listener.accept().await?;
        tokio::spawn(serve(socket, acceptor.clone(), Arc::clone(&bodies)));
    }
}

/// A certificate authority of this run, and a certificate for 127.0.0.1 of it.
fn tls() -> Result<(String, TlsAcceptor), Failure> {
    let authority_key = rcgen::KeyPair::generate()?;
    let mut authority = rcgen::CertificateParams::default();
    authority.distinguished_name.push(rcgen::DnType::CommonName, "bench");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&authority_key)?.pem();
    let key = rcgen::KeyPair::generate()?;
    let certificate = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()])?
        .signed_by(&key, &rcgen::Issuer::new(authority, authority_key))?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok((pem, TlsAcceptor::from(Arc::new(config))))
}

async fn serve(socket: TcpStream, acceptor: TlsAcceptor, bodies: Arc<Bodies>) {
    let _ = socket.set_nodelay(true);
    let Ok(stream) = acceptor.accept(Counted(socket)).await else { return };
    let service = service_fn(move |request: Request<Incoming>| {
        let bodies = Arc::clone(&bodies);
        async move { Ok::<_, Infallible>(answer(&request, &bodies).await) }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http2().max_send_buf_size(4 << 20);
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: &Request<Incoming>, bodies: &Bodies) -> Answer {
    let parts: Vec<&str> = request.uri().path().split('/').collect();
    match parts.as_slice() {
        ["", "api", "v1"] => whole(Bytes::from_static(bodies::DISCOVERY.as_bytes()), false),
        ["", "api", "v1", "watch", "namespaces", namespace, "pods"] => chunked(bodies.watch(split(namespace).1), false), // kubeclient's
        ["", "api", "v1", "namespaces", "hang", ..] => std::future::pending().await,
        ["", "api", "v1", "namespaces", namespace, "pods"] => {
            let (letters, count) = split(namespace);
            match request.uri().query().is_some_and(|query| query.contains("watch=true")) {
                true => chunked(bodies.watch(count), letters == "cut"),
                false => list(bodies, letters, Page::of(count, request.uri().query().unwrap_or_default())),
            }
        }
        ["", "api", "v1", "namespaces", namespace, "pods", _, "log"] => chunked(bodies::log(split(namespace).1), false),
        ["", "api", "v1", "namespaces", namespace, "pods", _] => {
            if let ("d", milliseconds) = split(namespace) {
                tokio::time::sleep(Duration::from_millis(milliseconds as u64)).await;
            }
            whole(bodies.small(), false)
        }
        _ => Response::builder().status(404).body(BoxBody::default()).unwrap_or_default(),
    }
}

fn list(bodies: &Bodies, letters: &str, page: Page) -> Answer {
    match letters {
        "g" => whole(bodies.gzip(page), true),
        "r" => whole(bodies.random().gzip(page), true),
        _ => plain(bodies.list(page)),
    }
}

fn split(namespace: &str) -> (&str, usize) {
    let at = namespace.find(|c: char| c.is_ascii_digit()).unwrap_or(namespace.len());
    (&namespace[..at], namespace[at..].parse().unwrap_or(0))
}

fn head() -> hyper::http::response::Builder {
    Response::builder().header(CONTENT_TYPE, "application/json")
}

fn whole(bytes: Bytes, gzip: bool) -> Answer {
    let mut head = head().header(CONTENT_LENGTH, bytes.len());
    if gzip {
        head = head.header(CONTENT_ENCODING, "gzip");
    }
    head.body(Full::new(bytes).map_err(|never| match never {}).boxed()).unwrap_or_default()
}

fn plain(body: Body) -> Answer {
    let frames = body.pieces.into_iter().map(|piece| Ok(Frame::data(piece)));
    let stream = StreamBody::new(futures_util::stream::iter(frames));
    head().header(CONTENT_LENGTH, body.length).body(BodyExt::boxed(stream)).unwrap_or_default()
}

fn chunked(pieces: Vec<Bytes>, cut: bool) -> Answer {
    let end = cut.then(|| Err(std::io::Error::other("cut")));
    let frames = pieces.into_iter().map(|piece| Ok(Frame::data(piece))).chain(end);
    head().body(BodyExt::boxed(StreamBody::new(futures_util::stream::iter(frames)))).unwrap_or_default()
}
