//! A network namespace in which every address of the internet is right here, and a name server that says what a test wants.
//!
//! Whatever the client dials, anywhere, arrives at one of the [`World`]'s listeners, which note the address.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "the far side of the tests; each test file uses its own part of it"
)]

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::Command;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UdpSocket};

const MARK: &str = "GITLAB_KUBE_TEST_WORLD";

/// Runs `test`, which is called `name`, in a namespace of its own: the test's program runs itself again inside it.
/// A proxy is in its environment, which nobody should mind.
pub fn inside<F: Future<Output = ()>>(name: &str, test: impl FnOnce() -> F) {
    if !is_inside(test) {
        again(name, &[]);
    }
}

/// The same under `strace`; to the program outside it gives the trace.
pub fn traced<F: Future<Output = ()>>(name: &str, test: impl FnOnce() -> F) -> Option<String> {
    if is_inside(test) {
        return None;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    again(name, &["strace", "-f", "-yy", "-s256", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", path]);
    Some(std::fs::read_to_string(path).unwrap())
}

fn is_inside<F: Future<Output = ()>>(test: impl FnOnce() -> F) -> bool {
    let inside = std::env::var_os(MARK).is_some();
    if inside {
        prepare();
        tokio::runtime::Runtime::new().unwrap().block_on(test());
    }
    inside
}

fn again(name: &str, under: &[&str]) {
    let mut again = Command::new("unshare");
    again.args(["--user", "--map-root-user", "--net", "--mount"]).args(under).arg(std::env::current_exe().unwrap());
    again.args([name, "--exact", "--nocapture"]).env(MARK, "1");
    for proxy in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        again.env(proxy, "http://127.0.0.1:80");
    }
    let ran = again.output().unwrap();
    let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
}

/// Every IPv4 and IPv6 address is local, though only 127.0.0.1 and ::1 are this machine's. The only name with an address is
/// `localhost`; all others are asked for on 127.0.0.1.
fn prepare() {
    run(
        "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo && mount -t tmpfs none /mnt",
    );
    let files = [
        ("resolv.conf", "nameserver 127.0.0.1\n"),
        ("hosts", "127.0.0.1 localhost\n::1 localhost\n"),
        ("nsswitch.conf", "hosts: files dns\n"),
    ];
    for (name, text) in files {
        std::fs::write(format!("/mnt/{name}"), text).unwrap();
        run(&format!("test ! -e /etc/{name} || mount --bind /mnt/{name} /etc/{name}"));
    }
}

/// Runs a line of shell in the namespace.
pub fn run(script: &str) {
    assert!(Command::new("sh").args(["-ec", script]).status().unwrap().success(), "{script}");
}

/// What was dialled and asked, and what is answered.
#[derive(Debug, Default)]
pub struct World {
    dialled: Mutex<Vec<SocketAddr>>,
    asked: Mutex<usize>,
    answers: Mutex<Vec<Vec<IpAddr>>>,
}

impl World {
    /// Listens on `ports` of every address, and for names.
    pub async fn new(ports: impl IntoIterator<Item = u16>) -> Arc<Self> {
        let world = Arc::new(Self::default());
        for port in ports.into_iter().collect::<HashSet<_>>() {
            for any in [IpAddr::from(Ipv4Addr::UNSPECIFIED), Ipv6Addr::UNSPECIFIED.into()] {
                tokio::spawn(Arc::clone(&world).listen(listener(SocketAddr::new(any, port))));
            }
        }
        tokio::spawn(Arc::clone(&world).name(UdpSocket::bind("127.0.0.1:53").await.unwrap()));
        world
    }

    /// The next questions get these answers, one list after the other; the last one stays.
    pub fn answer(&self, answers: &[&[IpAddr]]) {
        *self.answers.lock().unwrap() = answers.iter().rev().map(|list| list.to_vec()).collect();
    }

    /// Leaves a line in a trace of the system calls: a connect to a socket that does not exist.
    pub fn mark(&self, text: &str) {
        assert!(std::os::unix::net::UnixStream::connect(format!("{MARK}/{text}")).is_err());
    }

    /// Who was dialled, and how often a name was asked for, since the last time.
    pub fn seen(&self) -> (Vec<SocketAddr>, usize) {
        (std::mem::take(&mut self.dialled.lock().unwrap()), std::mem::take(&mut self.asked.lock().unwrap()))
    }

    /// Waits until somebody was dialled: a connection may be there before it is accepted.
    pub async fn dialled(&self) -> SocketAddr {
        loop {
            if let Some(address) = self.dialled.lock().unwrap().pop() {
                return address;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    async fn listen(self: Arc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            self.dialled.lock().unwrap().push(stream.local_addr().unwrap());
            tokio::spawn(greet(stream));
        }
    }

    async fn name(self: Arc<Self>, socket: UdpSocket) {
        let mut buffer = [0; 512];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
            let question = Question::read(&buffer[..length]);
            let answers = self.next(question.wants_v6());
            socket.send_to(&question.reply(&answers), peer).await.unwrap();
        }
    }

    /// A lookup is two questions, A and AAAA, in any order; it is counted, and moves to the next answers, with its second.
    fn next(&self, v6: bool) -> Vec<IpAddr> {
        let mut answers = self.answers.lock().unwrap();
        let mut asked = self.asked.lock().unwrap();
        *asked += 1;
        let said = answers.last().map_or_else(Vec::new, Vec::clone);
        if asked.is_multiple_of(2) && answers.len() > 1 {
            answers.pop();
        }
        said.into_iter().filter(|ip| ip.is_ipv6() == v6).collect()
    }
}

fn listener(address: SocketAddr) -> TcpListener {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.unwrap();
    if address.is_ipv6() {
        socket2::SockRef::from(&socket).set_only_v6(true).unwrap();
    }
    socket.bind(address).unwrap();
    socket.listen(64).unwrap()
}

/// An empty answer to HTTP; a TLS client does not like it and leaves.
async fn greet(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 1024]).await;
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
}

/// One question of RFC 1035 §4.1: what follows the header and its name.
struct Question<'a> {
    id: [u8; 2],
    question: &'a [u8],
}

impl<'a> Question<'a> {
    fn read(message: &'a [u8]) -> Self {
        let mut end = 12;
        while message[end] != 0 {
            end += usize::from(message[end]) + 1;
        }
        Self { id: [message[0], message[1]], question: &message[12..end + 5] }
    }

    fn wants_v6(&self) -> bool {
        self.question.ends_with(&[0, 28, 0, 1])
    }

    /// The answers, good for zero seconds.
    fn reply(&self, answers: &[IpAddr]) -> Vec<u8> {
        let count = u8::try_from(answers.len()).unwrap();
        let mut reply = [&self.id[..], &[0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0], self.question].concat();
        for ip in answers {
            let (kind, octets) = match ip {
                IpAddr::V4(ip) => (1, ip.octets().to_vec()),
                IpAddr::V6(ip) => (28, ip.octets().to_vec()),
            };
            reply.extend([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 0, 0, u8::try_from(octets.len()).unwrap()]);
            reply.extend(octets);
        }
        reply
    }
}
