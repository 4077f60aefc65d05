//! The table of URLs, called row by row in a [`World`]: what each row may lead to, and what it led to.
#![allow(dead_code, missing_docs, clippy::unwrap_used, reason = "each test file uses its own part of this")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use bytes::Bytes;
use gitlab_kube::policy::{Allowlist, Endpoint, Policy, Settings, SystemResolver};
use gitlab_kube::transport::proxy::Proxy;
use gitlab_kube::transport::{Config, Mode, Terms, Transport, tls};
use gitlab_kube::{Kind, Limits, Timeouts};
use http::Request;

use crate::support::proxy::Proxy as Through;
use crate::urls::{Case, cases, policy};
use crate::world::World;

/// The ways to a server: the scheme of a proxy and whether it wants a login, or none.
pub const WAYS: [Option<(&str, bool)>; 5] =
    [None, Some(("http", false)), Some(("http", true)), Some(("socks5", false)), Some(("socks5", true))];

pub fn transport(proxy: Option<Proxy>) -> Transport {
    let tls =
        tls::Settings { roots: tls::Roots::Native, client_cert: None, server_name: None, verify: tls::Verify::Roots };
    let (timeouts, limits, resolver) = (Timeouts::default(), Limits::default(), Arc::new(SystemResolver::default()));
    Transport::new(Config { tls, proxy, timeouts, limits, resolver, http2: true }).unwrap()
}

pub async fn call(transport: &Transport, url: &str, policy: &Policy) -> Result<u16, gitlab_kube::Error> {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    transport.send(request, policy, Terms { mode: Mode::Whole }).await.map(|response| response.status)
}

pub fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// The rows whose URL is one of a server, whatever the policy says of it.
pub fn rows() -> Vec<(Endpoint, Case)> {
    cases().into_iter().filter_map(|case| Some((Endpoint::parse(&case.url).ok()?, case))).collect()
}

/// What the name server says where the table does not.
pub fn answers(case: &Case) -> Vec<IpAddr> {
    case.answers.clone().unwrap_or_else(|| vec![ip("93.184.216.34")])
}

/// What the row's URL means to somebody whom no policy holds back.
pub fn meant(case: &Case, url: &Endpoint) -> Vec<IpAddr> {
    match (url.host().literal(), url.host().to_string().as_str()) {
        (Some(literal), _) => vec![linux(literal)],
        (None, "localhost") => vec![ip("127.0.0.1"), ip("::1")],
        (None, _) => answers(case).iter().map(IpAddr::to_canonical).map(linux).collect(),
    }
}

/// What a call to the row's URL may try to dial.
pub fn allowed(case: &Case, url: &Endpoint) -> Vec<IpAddr> {
    if case.verdict == "allow" { meant(case, url) } else { Vec::new() }
}

/// How many connections that makes: one, if there is anything to dial.
pub fn connections(addresses: &[IpAddr]) -> usize {
    usize::from(addresses.iter().any(|ip| !cannot_be_dialled(ip)))
}

/// Linux dials loopback for the unspecified address.
fn linux(address: IpAddr) -> IpAddr {
    match address.to_string().as_str() {
        "0.0.0.0" => ip("127.0.0.1"),
        "::" => ip("::1"),
        _ => address,
    }
}

/// Allowed or not, the kernel opens no TCP connection to a group, to everybody (on loopback too), nor to
/// a link it is not told.
pub fn cannot_be_dialled(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => ip.is_multicast() || EVERYBODY.contains(ip),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_multicast(),
    }
}

const EVERYBODY: [Ipv4Addr; 2] = [Ipv4Addr::BROADCAST, Ipv4Addr::new(127, 255, 255, 255)];

/// The policy switched off for this row: everything that it could be refused for has its key.
pub fn off(case: &Case, url: &Endpoint) -> Policy {
    let mut keys: Vec<String> = answers(case).iter().chain(&url.host().literal()).map(IpAddr::to_string).collect();
    keys.extend(["127.0.0.1".to_owned(), "::1".to_owned(), url.server_name().to_owned()]);
    let allowlist = Allowlist::parse(&keys);
    Policy::user(Settings { local_requests_allowed: true, allowlist, ..Settings::default() })
}

/// Calls every row one way, and checks that each led to what its verdict says.
pub async fn sweep(world: &World, way: Option<(&str, bool)>) {
    let proxy = match way {
        None => None,
        Some(("http", login)) => Some(Through::http(None, login).await),
        Some((_, login)) => Some(Through::socks5(None, login).await),
    };
    let url = proxy.as_ref().zip(way).map(|(proxy, (scheme, login))| proxy.url(scheme, login));
    let transport = transport(url.map(|url| Proxy::parse(&url).unwrap().operators()));
    for (url, case) in &rows() {
        world.mark(&format!("{} {}", case.line, proxy.as_ref().map_or("-".into(), |it| it.server.address.to_string())));
        led_where_the_table_says(world, &transport, case, url).await;
        if let Some(proxy) = &proxy {
            assert_eq!(
                proxy.asked_so_far().await.len(),
                usize::from(case.verdict == "allow" && !answers(case).is_empty()),
                "{case:?}"
            );
        }
    }
}

async fn led_where_the_table_says(world: &World, transport: &Transport, case: &Case, url: &Endpoint) {
    let allowed = allowed(case, url);
    world.answer(&[&answers(case)]);
    let result = call(transport, &format!("{url}/api"), &policy(case)).await;
    let (dialled, asked) = world.seen();

    assert!(dialled.iter().all(|to| allowed.contains(&to.ip()) && to.port() == url.port()), "{case:?} {dialled:?}");
    assert_eq!(dialled.len(), connections(&allowed), "{case:?} {dialled:?} {result:?}");
    if url.host().literal().is_some() || case.verdict == "url" {
        assert_eq!(asked, 0, "{case:?}");
    }
    let blocked = result.is_err_and(|error| error.kind() == Kind::BlockedAddress);
    assert_eq!(blocked, matches!(case.verdict, "url" | "address"), "{case:?}");
}
