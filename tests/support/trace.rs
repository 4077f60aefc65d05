//! What `strace -yy -e trace=connect,sendto,sendmsg,sendmmsg` writes, as calls that name an address.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::SocketAddr;

/// A system call that sends or connects to somewhere.
#[derive(Debug, PartialEq, Eq)]
pub enum Call {
    /// The line of the table that is called next, and the proxy it is called through.
    Mark(usize, Option<SocketAddr>),
    Tcp(SocketAddr),
    /// To port 0 nothing can be sent: with such a `connect` the C library asks the kernel which address it would send from, to
    /// sort a name's answers (RFC 6724 §6).
    Udp(SocketAddr),
}

pub fn calls(trace: &str) -> impl Iterator<Item = Call> + '_ {
    trace.lines().filter_map(call)
}

fn call(line: &str) -> Option<Call> {
    if let Some(mark) = between(line, "sun_path=\"GITLAB_KUBE_TEST_WORLD/", "\"") {
        let (row, proxy) = mark.split_once(' ').unwrap();
        return Some(Call::Mark(row.parse().unwrap(), proxy.parse().ok()));
    }
    let address = address(line).filter(|_| !line.contains("<UDP:[127.0.0.1:53]>"))?; // what the name server answers
    match between(line, "<", ":[").unwrap() {
        "TCP" | "TCPv6" => Some(Call::Tcp(address)),
        "UDP" | "UDPv6" => Some(Call::Udp(address)),
        other => panic!("{other} in {line}"),
    }
}

/// `sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")` or `sin6_port=htons(80), …, inet_pton(AF_INET6, "fd00::1", …)`.
fn address(line: &str) -> Option<SocketAddr> {
    line.contains("sa_family=AF_INET").then(|| {
        let port = between(line, "port=htons(", ")").unwrap().parse().unwrap();
        let ip = between(line, "inet_addr(\"", "\"").or_else(|| between(line, "inet_pton(AF_INET6, \"", "\"")).unwrap();
        SocketAddr::new(ip.parse().unwrap(), port)
    })
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}
