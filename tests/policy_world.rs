//! The policy from end to end, in a namespace where every address answers: what is refused is never dialled.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;
#[path = "support/sweep.rs"]
mod sweep;
#[path = "support/urls.rs"]
mod urls;
#[path = "support/world.rs"]
mod world;

use std::net::SocketAddr;

use bytes::Bytes;
use gitlab_kube::Kind;
use gitlab_kube::policy::{Endpoint, Policy, address};
use gitlab_kube::transport::{Mode, Terms};
use http::Request;
use sweep::{WAYS, answers, call, cannot_be_dialled, connections, ip, meant, off, rows, sweep, transport};
use urls::cases;
use world::World;

async fn world() -> std::sync::Arc<World> {
    World::new(rows().iter().map(|(url, _)| url.port())).await
}

#[test]
fn every_url_of_the_table_is_dialled_where_it_says_and_nowhere_else() {
    world::inside("every_url_of_the_table_is_dialled_where_it_says_and_nowhere_else", || async {
        sweep(&*world().await, None).await;
        assert!(rows().len() >= 300);
    });
}

#[test]
fn through_each_kind_of_proxy_too() {
    world::inside("through_each_kind_of_proxy_too", || async {
        let world = world().await;
        for way in WAYS.into_iter().flatten() {
            sweep(&world, Some(way)).await;
        }
    });
}

/// The control: nothing but the policy keeps a blocked URL from being reached.
#[test]
fn with_the_policy_off_every_blocked_url_is_reached() {
    world::inside("with_the_policy_off_every_blocked_url_is_reached", || async {
        let (world, transport, mut reached) = (world().await, transport(None), 0);
        for (url, case) in rows().iter().filter(|(_, case)| matches!(case.verdict, "url" | "address")) {
            let meant = meant(case, url);
            world.answer(&[&answers(case)]);
            let _ = call(&transport, &format!("{url}/api"), &off(case, url)).await;
            let (dialled, _) = world.seen();
            assert_eq!(dialled.len(), connections(&meant), "{case:?} {dialled:?}");
            assert!(
                dialled.iter().all(|to| meant.contains(&to.ip()) && to.port() == url.port()),
                "{case:?} {dialled:?}"
            );
            reached += dialled.len();
        }
        assert!(reached >= 300, "{reached}");
    });
}

/// The other half of the control: what the kernel cannot dial is a short list, and each blocked range has somebody listening.
#[test]
#[allow(clippy::disallowed_methods, reason = "the control goes around the policy")]
fn an_address_of_every_blocked_range_answers() {
    world::inside("an_address_of_every_blocked_range_answers", || async {
        let world = World::new([80]).await;
        for row in address::ROWS {
            let first = row.prefix.network();
            let reached = tokio::net::TcpStream::connect(SocketAddr::new(first, 80)).await;
            let can_be = first.is_unspecified() || !cannot_be_dialled(&first); // Linux takes the unspecified one for loopback
            assert_eq!(reached.is_ok(), can_be, "{first} {reached:?}");
            if can_be {
                world.dialled().await;
            }
        }
    });
}

/// Where somebody forgets to read the URL first, the door reads who is to be called.
#[test]
fn a_url_that_no_parser_may_guess_leads_to_no_blocked_address() {
    world::inside("a_url_that_no_parser_may_guess_leads_to_no_blocked_address", || async {
        let (world, transport, mut sent) = (world().await, transport(None), 0);
        for case in cases().iter().filter(|case| Endpoint::parse(&case.url).is_err()) {
            let Ok(request) = Request::get(&case.url).body(Bytes::new()) else { continue };
            let _ = transport.send(request, &Policy::default(), Terms { mode: Mode::Whole }).await;
            let (dialled, _) = world.seen();
            assert!(dialled.iter().all(|to| address::row(to.ip()).is_none()), "{case:?} {dialled:?}");
            sent += 1;
        }
        assert!(sent > 20, "{sent}");
    });
}

#[test]
fn a_name_that_changes_between_check_and_dial_is_dialled_where_it_was_checked() {
    world::inside("a_name_that_changes_between_check_and_dial_is_dialled_where_it_was_checked", || async {
        let world = World::new([80]).await;
        let transport = transport(None);
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
        let transport = transport(None);
        for (own, neighbour) in [("9.9.9.9", "9.9.9.10"), ("[2620:fe::9]", "[2620:fe::a]")] {
            let error = call(&transport, &format!("http://{own}/"), &Policy::default()).await.unwrap_err();
            assert_eq!((error.kind(), world.seen().0), (Kind::BlockedAddress, Vec::new()), "{own}");
            assert_eq!(call(&transport, &format!("http://{neighbour}/"), &Policy::default()).await.unwrap(), 200);
            assert_eq!(world.seen().0.len(), 1);
        }
    });
}
