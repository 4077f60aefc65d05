//! The floor: what the same bytes cost when nobody looks at them, over bare hyper and over reqwest. It answers each line on its standard
//! input with one of JSON: "ready" does nothing, anything else asks once.

use std::io::BufRead;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// `floor CA-FILE HOST:PORT PATH h1|h2|reqwest`
fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [ca, authority, path, protocol] = arguments.as_slice() else {
        return Err("floor CA-FILE HOST:PORT PATH h1|h2|reqwest".into());
    };
    let _ = rustls::crypto::ring::default_provider().install_default(); // for reqwest
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let root = reqwest::Certificate::from_pem(&std::fs::read(ca)?)?;
    let client = reqwest::Client::builder().tls_certs_only([root]).build()?; // keeps its connection, as the gem does
    for line in std::io::stdin().lock().lines() {
        if line? == "ready" {
            println!("{{}}");
            continue;
        }
        let started = Instant::now();
        let bytes = match protocol.as_str() {
            "reqwest" => runtime.block_on(reqwest(&client, authority, path))?,
            _ => runtime.block_on(read(ca, authority, path, protocol == "h2"))?,
        };
        println!("{{\"seconds\":{},\"extra\":{{\"count\":{bytes}}}}}", started.elapsed().as_secs_f64());
    }
    Ok(())
}

/// What most programs in Rust would do. It unpacks gzip.
async fn reqwest(client: &reqwest::Client, authority: &str, path: &str) -> Result<usize, Failure> {
    Ok(client.get(format!("https://{authority}{path}")).send().await?.bytes().await?.len())
}

/// Connects, asks, and keeps the whole body in one piece, as any client that gives it away must.
async fn read(ca: &str, authority: &str, path: &str, http2: bool) -> Result<usize, Failure> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca)?)?;
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![if http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
    let tcp = TcpStream::connect(authority).await?;
    tcp.set_nodelay(true)?;
    let host = authority.split(':').next().unwrap_or_default().to_owned();
    let tls = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(host)?, tcp).await?;
    let request = hyper::Request::get(format!("https://{authority}{path}"))
        .header("host", authority)
        .body(Empty::<Bytes>::new())?;
    let mut body = match http2 {
        true => {
            let mut builder = hyper::client::conn::http2::Builder::new(hyper_util::rt::TokioExecutor::new());
            builder
                .initial_stream_window_size(8 << 20)
                .initial_connection_window_size(16 << 20)
                .max_frame_size(256 << 10);
            let (mut sender, connection) = builder.handshake(TokioIo::new(tls)).await?;
            tokio::spawn(connection);
            sender.send_request(request).await?.into_body()
        }
        false => {
            let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(tls)).await?;
            tokio::spawn(connection);
            sender.send_request(request).await?.into_body()
        }
    };
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Some(data) = frame?.data_ref() {
            all.extend_from_slice(data);
        }
    }
    Ok(all.len())
}
