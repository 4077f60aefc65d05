//! Whatever is accepted as a server's URL is read alike by another parser, reads as itself again, and is safe to dial or refused.
#![no_main]

use gitlab_kube::policy::{Endpoint, Host, Policy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(ours) = Endpoint::parse(text) else { return };
    agrees_with_another_parser(text, &ours);
    assert_eq!(Endpoint::parse(&ours.to_string()).unwrap(), ours);
    assert!(ours.to_string().is_ascii());
    let written = text.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    assert_eq!(ours.path().trim_start_matches('/'), written.trim_start_matches('/').trim_end_matches('/'));
    if Policy::default().check_url(&ours).is_ok() {
        let pinned = Policy::default().check_addresses(ours.host(), ours.port(), &[]);
        assert_eq!(pinned.is_ok(), ours.host().literal().is_some(), "{ours}");
    }
});

fn agrees_with_another_parser(text: &str, ours: &Endpoint) {
    let theirs = url::Url::parse(text).unwrap();
    let host = match theirs.host().unwrap() {
        url::Host::Domain(name) => Host::Name(name.to_owned()),
        url::Host::Ipv4(ip) => Host::V4(ip),
        url::Host::Ipv6(ip) => Host::V6(ip),
    };
    assert_eq!((&host, ours.scheme()), (ours.host(), theirs.scheme()));
    assert_eq!(theirs.port_or_known_default(), Some(ours.port()));
    assert_eq!(theirs.path().trim_end_matches('/'), ours.path());
    assert!(theirs.username().is_empty() && theirs.password().is_none());
}
