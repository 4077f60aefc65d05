//! The policy from end to end, in a namespace where every address answers: what is refused is never dialled.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/urls.rs"]
mod urls;
#[path = "support/world.rs"]
mod world;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use gitlab_kube::policy::{Endpoint, Policy, SystemResolver};
use gitlab_kube::transport::{Config, Mode, Terms, Transport, tls};
use gitlab_kube::{Kind, Limits, Timeouts};
use http::Request;
use urls::{Case, cases, policy};
use world::World;

fn transport() -> Transport {
    let tls =
        tls::Settings { roots: tls::Roots::Native, client_cert: None, server_name: None, verify: tls::Verify::Roots };
    let (timeouts, limits, resolver) = (Timeouts::default(), Limits::default(), Arc::new(SystemResolver::default()));
    Transport::new(Config { tls, proxy: None, timeouts, limits, resolver, http2: true }).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Linux dials loopback for the unspecified address.
fn linux(address: IpAddr) -> IpAddr {
    match address.to_string().as_str() {
        "0.0.0.0" => ip("127.0.0.1"),
        "::" => ip("::1"),
        _ => address,
    }
}

/// What a call to the case's URL may lead to: one connection, to one of these.
fn expected(case: &Case, url: &Endpoint) -> Vec<IpAddr> {
    let named = || case.answers.clone().unwrap_or_else(|| vec![ip("93.184.216.34")]);
    let mut addresses = match (case.verdict, url.host().literal(), url.server_name()) {
        ("allow", Some(literal), _) => vec![linux(literal)],
        ("allow", None, "localhost") => vec![ip("127.0.0.1"), ip("::1")],
        ("allow", None, _) => named().iter().map(IpAddr::to_canonical).map(linux).collect(),
        _ => Vec::new(),
    };
    addresses.retain(|ip| !cannot_be_dialled(ip));
    addresses
}

/// Allowed or not, the kernel opens no TCP connection to everybody, nor to a link it is not told.
fn cannot_be_dialled(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => ip.is_broadcast(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

async fn call(transport: &Transport, url: &str, policy: &Policy) -> Result<u16, gitlab_kube::Error> {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    transport.send(request, policy, Terms { mode: Mode::Whole }).await.map(|response| response.status)
}

async fn dials_only_where_the_table_says(world: &World, transport: &Transport, case: &Case, url: &Endpoint) {
    let allowed = expected(case, url);
    world.answer(&[&case.answers.clone().unwrap_or_else(|| vec![ip("93.184.216.34")])]);
    let result = call(transport, &format!("{url}/api"), &policy(case)).await;
    let (dialled, asked) = world.seen();

    assert!(dialled.iter().all(|to| allowed.contains(&to.ip()) && to.port() == url.port()), "{case:?} {dialled:?}");
    assert_eq!(dialled.len(), usize::from(!allowed.is_empty()), "{case:?} {dialled:?} {result:?}");
    if url.host().literal().is_some() || case.verdict == "url" {
        assert_eq!(asked, 0, "{case:?}");
    }
    let blocked = result.is_err_and(|error| error.kind() == Kind::BlockedAddress);
    assert_eq!(blocked, matches!(case.verdict, "url" | "address"), "{case:?}");
}

#[test]
fn every_url_of_the_table_is_dialled_where_it_says_and_nowhere_else() {
    world::inside("every_url_of_the_table_is_dialled_where_it_says_and_nowhere_else", || async {
        let read: Vec<_> =
            cases().into_iter().filter_map(|case| Some((Endpoint::parse(&case.url).ok()?, case))).collect();
        let world = World::new(read.iter().map(|(url, _)| url.port())).await;
        let transport = transport();
        for (url, case) in &read {
            dials_only_where_the_table_says(&world, &transport, case, url).await;
        }
        assert!(read.len() >= 300, "{}", read.len());
    });
}

#[test]
fn a_name_that_changes_between_check_and_dial_is_dialled_where_it_was_checked() {
    world::inside("a_name_that_changes_between_check_and_dial_is_dialled_where_it_was_checked", || async {
        let world = World::new([80]).await;
        let transport = transport();
        world.answer(&[&[ip("8.8.8.8")], &[ip("127.0.0.1")]]);

        assert_eq!(call(&transport, "http://rebind.test/", &Policy::default()).await.unwrap(), 200);
        assert_eq!(world.seen(), (vec!["8.8.8.8:80".parse().unwrap()], 2), "one lookup: A and AAAA");

        let error = call(&transport, "http://rebind.test/", &Policy::default()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::BlockedAddress);
        assert_eq!(world.seen().0, []);
    });
}

#[test]
fn an_address_of_this_machine_is_refused_and_its_neighbour_is_not() {
    world::inside("an_address_of_this_machine_is_refused_and_its_neighbour_is_not", || async {
        world::run("ip addr add 9.9.9.9/32 dev lo && ip -6 addr add 2620:fe::9/128 dev lo nodad");
        let world = World::new([80]).await;
        let transport = transport();
        for (own, neighbour) in [("9.9.9.9", "9.9.9.10"), ("[2620:fe::9]", "[2620:fe::a]")] {
            let error = call(&transport, &format!("http://{own}/"), &Policy::default()).await.unwrap_err();
            assert_eq!((error.kind(), world.seen().0), (Kind::BlockedAddress, Vec::new()), "{own}");
            assert_eq!(call(&transport, &format!("http://{neighbour}/"), &Policy::default()).await.unwrap(), 200);
            assert_eq!(world.seen().0.len(), 1);
        }
    });
}
