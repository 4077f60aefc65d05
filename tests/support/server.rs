//! A server per test on 127.0.0.1:0. Dropping it ends it, and fails the test if one of its handlers panicked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

pub struct Server {
    pub address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    connections: AtomicUsize,
    open: AtomicUsize,
    panicked: AtomicBool,
}

impl Server {
    /// Serves each connection with `handler`, which also learns how many came before.
    pub async fn tcp<F, Fut>(handler: F) -> Self
    where
        F: Fn(TcpStream, usize) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<State>::default();
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state), handler));
        Self { address, state, accepting }
    }

    /// The same behind TLS; a handshake that fails has no handler.
    pub async fn tls<F, Fut>(config: Arc<rustls::ServerConfig>, handler: F) -> Self
    where
        F: Fn(TlsStream<TcpStream>, usize) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let (acceptor, handler) = (TlsAcceptor::from(config), Arc::new(handler));
        Self::tcp(move |tcp, n| {
            let (acceptor, handler) = (acceptor.clone(), Arc::clone(&handler));
            async move {
                if let Ok(tls) = acceptor.accept(tcp).await {
                    handler(tls, n).await;
                }
            }
        })
        .await
    }

    /// Answers every request of every connection with these bytes.
    pub async fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<Vec<u8>> = Arc::new(bytes.into());
        Self::tcp(move |io, _| answer_all(io, Arc::clone(&bytes))).await
    }

    /// Answers the first request with these bytes and closes.
    pub async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<Vec<u8>> = Arc::new(bytes.into());
        Self::tcp(move |mut io, _| {
            let bytes = Arc::clone(&bytes);
            async move {
                request(&mut io).await;
                let _ = io.write_all(&bytes).await;
                let _ = io.shutdown().await;
                drain(&mut io).await;
            }
        })
        .await
    }

    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Connections whose handler is not yet done with them.
    pub fn open(&self) -> usize {
        self.state.open.load(Ordering::SeqCst)
    }

    /// `http://127.0.0.1:port/path`
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `scheme://host:port/path`
    pub fn at(&self, scheme: &str, host: &str) -> String {
        format!("{scheme}://{host}:{}/", self.address.port())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        if !std::thread::panicking() {
            assert!(!self.state.panicked.load(Ordering::SeqCst), "a handler of the test's server panicked");
        }
    }
}

async fn accept<F, Fut>(listener: TcpListener, state: Arc<State>, handler: F)
where
    F: Fn(TcpStream, usize) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    while let Ok((tcp, _)) = listener.accept().await {
        tcp.set_nodelay(true).unwrap();
        let n = state.connections.fetch_add(1, Ordering::SeqCst);
        state.open.fetch_add(1, Ordering::SeqCst);
        let serving = tokio::spawn(handler(tcp, n));
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            if serving.await.is_err_and(|error| error.is_panic()) {
                state.panicked.store(true, Ordering::SeqCst);
            }
            state.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

pub async fn answer_all<I: AsyncRead + AsyncWrite + Unpin>(mut io: I, bytes: Arc<Vec<u8>>) {
    while request(&mut io).await.is_some() {
        if io.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// Reads one request, body included where Content-Length says how long it is. `None` at the end of the connection.
pub async fn request<I: AsyncRead + Unpin>(io: &mut I) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        match io.read(&mut byte).await {
            Ok(1) => bytes.push(byte[0]),
            _ => return None,
        }
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    io.read_exact(&mut body).await.ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

/// Reads until the client closes.
pub async fn drain<I: AsyncRead + Unpin>(io: &mut I) {
    let mut buffer = [0; 4096];
    while matches!(io.read(&mut buffer).await, Ok(1..)) {}
}

/// An answer with Content-Length.
pub fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}
