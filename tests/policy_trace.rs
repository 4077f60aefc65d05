//! The same from outside: `strace` sees no `connect` but those that the table allows, to servers, proxies and the name server.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;
#[path = "support/sweep.rs"]
mod sweep;
#[path = "support/trace.rs"]
mod trace;
#[path = "support/urls.rs"]
mod urls;
#[path = "support/world.rs"]
mod world;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};

use gitlab_kube::policy::Endpoint;
use sweep::{WAYS, allowed, rows, sweep};
use trace::{Call, calls};
use urls::Case;
use world::World;

const NAME: &str = "no_system_call_connects_to_anything_else";
const NAME_SERVER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 53);

#[test]
fn no_system_call_connects_to_anything_else() {
    let trace = world::traced(NAME, || async {
        let world = World::new(rows().iter().map(|(url, _)| url.port())).await;
        for way in WAYS {
            sweep(&world, way).await;
        }
    });
    let Some(trace) = trace else { return }; // this is the program in the namespace
    let rows: HashMap<usize, (Endpoint, Case)> = rows().into_iter().map(|row| (row.1.line, row)).collect();
    let (mut line, mut proxy, mut connected, mut marks) = (0, None, 0, 0);
    for call in calls(&trace) {
        match call {
            Call::Mark(row, through) => (line, proxy, marks) = (row, through, marks + 1),
            Call::Tcp(to) => {
                let (url, case) = &rows[&line];
                let server = allowed(case, url).contains(&to.ip()) && to.port() == url.port();
                assert!(server || Some(to) == proxy, "{case:?} {to}");
                connected += 1;
            }
            Call::Udp(to) => assert!(to == NAME_SERVER || to.port() == 0, "{to}"),
        }
    }
    assert_eq!(marks, WAYS.len() * rows.len());
    let servers = rows.values().map(|(url, case)| sweep::connections(&allowed(case, url))).sum::<usize>();
    assert!(connected >= servers * (2 * WAYS.len() - 1), "{connected} to {servers} servers"); // a proxied one is two
}
