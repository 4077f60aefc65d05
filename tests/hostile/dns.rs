//! Names that change between check and dial, in a namespace where every address answers and would be met.

use std::net::IpAddr;

use gitlab_kube::Kind;
use gitlab_kube::api::request::{Spec, Want};
use gitlab_kube::policy::Settings;

use crate::attack::{call, options};
use crate::support::soon;
use crate::world::{World, inside};

const FINE: Option<Kind> = None;
const BLOCKED: Option<Kind> = Some(Kind::BlockedAddress);
const UNKNOWN: Option<Kind> = Some(Kind::Dns);

/// A name server gives `answers` to one lookup after the other; as many calls as there are `ends`; only `dialled` may be met.
fn attack(name: &str, answers: &[&[&str]], ends: &'static [Option<Kind>], dialled: &[&str]) {
    inside(name, || async {
        let world = World::new([80]).await;
        let answers: Vec<Vec<IpAddr>> =
            answers.iter().map(|list| list.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
        world.answer(&answers.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let calls = tokio::task::spawn_blocking(|| ends.iter().map(|_| victim()).collect::<Vec<_>>());
        assert_eq!(soon(calls).await.unwrap(), ends);
        let met: Vec<String> = world.seen().0.iter().map(|address| address.ip().to_canonical().to_string()).collect();
        assert_eq!(met, dialled);
    });
}

/// The client of a user's cluster.
fn victim() -> Option<Kind> {
    let spec = Spec { want: Want::Text, ..Spec::get("/version".into()) };
    call(options("http://api.example.com"), &spec, &Settings::default()).err().map(|error| error.kind())
}

macro_rules! attacks {
    ($($name:ident: $answers:expr, $ends:expr, $dialled:expr;)*) => {
        $(#[test] fn $name() { attack(concat!("dns::", stringify!($name)), &$answers, &$ends, &$dialled) })*
    };
}

attacks! {
    a_name_that_turns_to_loopback_between_check_and_dial_is_asked_for_once:
        [&["93.184.216.34"], &["127.0.0.1"]], [FINE], ["93.184.216.34"];
    a_name_that_turns_to_the_metadata_service_between_two_calls_is_blocked:
        [&["93.184.216.34"], &["169.254.169.254"]], [FINE, BLOCKED], ["93.184.216.34"];
    a_name_that_turns_good_again_is_judged_anew:
        [&["10.0.0.1"], &["93.184.216.34"], &["127.0.0.1"]], [BLOCKED, FINE, BLOCKED], ["93.184.216.34"];
    a_private_address_behind_a_good_one_is_blocked: [&["93.184.216.34", "10.0.0.1"]], [BLOCKED], [] as [&str; 0];
    a_private_address_before_a_good_one_is_blocked: [&["192.168.0.1", "93.184.216.34"]], [BLOCKED], [] as [&str; 0];
    loopback_in_ipv6_beside_a_good_ipv4_is_blocked: [&["93.184.216.34", "::1"]], [BLOCKED], [] as [&str; 0];
    loopback_mapped_into_ipv6_is_blocked: [&["::ffff:127.0.0.1"]], [BLOCKED], [] as [&str; 0];
    the_metadata_service_translated_into_ipv6_is_blocked: [&["64:ff9b::a9fe:a9fe"]], [BLOCKED], [] as [&str; 0];
    a_unique_local_address_is_blocked: [&["fd00:ec2::254"]], [BLOCKED], [] as [&str; 0];
    a_name_for_no_address_at_all_is_blocked: [&["0.0.0.0"]], [BLOCKED], [] as [&str; 0];
    a_name_for_everybody_is_blocked: [&["255.255.255.255"]], [BLOCKED], [] as [&str; 0];
    a_name_that_vanishes_between_two_calls_is_a_name_error: [&["93.184.216.34"], &[]], [FINE, UNKNOWN], ["93.184.216.34"];
}
