//! What each setting opens, row by row, and what nothing opens.

use super::*;
use crate::policy::Allowlist;
use crate::policy::address::ROWS;

fn host(text: &str) -> Host {
    Host::parse(text).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn passes(policy: &Policy, name: &str, address: IpAddr) -> bool {
    policy.check_addresses(&host(name), 443, &[address]).is_ok()
}

fn listing(entries: &[&str]) -> Policy {
    Policy::user(Settings { allowlist: Allowlist::parse(entries), ..Settings::default() })
}

fn local() -> Policy {
    Policy::user(Settings { local_requests_allowed: true, ..Settings::default() })
}

#[test]
fn by_default_no_row_is_open() {
    for row in ROWS {
        let error = Policy::default().check_addresses(&host("a.test"), 443, &[row.sample()]).unwrap_err();
        assert_eq!(error.kind(), Kind::BlockedAddress, "{row:?}");
        assert!(error.words().starts_with("URL is blocked: Requests to "), "{error}");
    }
}

#[test]
fn local_requests_open_exactly_the_rows_that_say_so() {
    for row in ROWS {
        let open = row.key == Key::LocalRequests;
        assert_eq!(passes(&local(), "a.test", row.sample()), open, "{row:?}");
    }
}

#[test]
fn a_listed_name_opens_all_it_resolves_to_but_metadata() {
    let listed = listing(&["a.test"]);
    for row in ROWS {
        assert_eq!(passes(&listed, "a.test", row.sample()), row.key != Key::Named, "{row:?}");
        assert!(!passes(&listed, "b.a.test", row.sample()), "{row:?}");
    }
}

#[test]
fn an_entry_of_the_very_address_opens_every_row() {
    for row in ROWS {
        let address = row.sample();
        assert!(passes(&listing(&[&address.to_string()]), "a.test", address), "{row:?}");
    }
}

#[test]
fn a_listed_range_does_not_open_the_metadata_service_inside() {
    let shared = listing(&["100.64.0.0/10"]);
    assert!(passes(&shared, "a.test", ip("100.100.100.201")));
    assert!(!passes(&shared, "a.test", ip("100.100.100.200")));
}

#[test]
fn a_listed_translator_does_not_open_what_is_behind_it() {
    let nat64 = listing(&["64:ff9b::/96"]);
    assert!(passes(&nat64, "a.test", ip("64:ff9b::8.8.8.8")));
    for inside in ["64:ff9b::169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1"] {
        assert!(!passes(&nat64, "a.test", ip(inside)), "{inside}");
    }
}

#[test]
fn an_ordinary_network_does_not_hide_a_tunnel() {
    assert!(passes(&Policy::default(), "a.test", ip("2a00:1450::5efe:808:808")));
    assert!(!passes(&Policy::default(), "a.test", ip("2a00:1450::5efe:a9fe:a9fe")));
}

#[test]
fn an_operator_opens_their_own_host_and_port_only() {
    let operator = Policy::operator(&Endpoint::parse("https://kas.internal:8150").unwrap());
    let check = |name: &str, port, address| operator.check_addresses(&host(name), port, &[ip(address)]).is_ok();
    assert_eq!(operator.origin(), Origin::Operator);
    assert!(check("kas.internal", 8150, "10.0.0.1") && check("kas.internal", 8150, "127.0.0.1"));
    assert!(!check("kas.internal", 8151, "10.0.0.1"));
    assert!(!check("other.internal", 8150, "10.0.0.1"));
    assert!(check("other.internal", 8150, "1.1.1.1"));
}

#[test]
fn an_operator_never_reaches_metadata() {
    for row in ROWS.iter().filter(|row| row.class == Class::Metadata) {
        let written = match row.sample() {
            IpAddr::V4(ip) => format!("http://{ip}"),
            IpAddr::V6(ip) => format!("http://[{ip}]"),
        };
        let url = Endpoint::parse(&written).unwrap();
        assert!(Policy::operator(&url).check_url(&url).is_err(), "{written}");
        assert!(Policy::operator(&url).check_addresses(url.host(), 80, &[]).is_err(), "{written}");
    }
    let url = Endpoint::parse("http://metadata.google.internal").unwrap();
    assert!(Policy::operator(&url).check_url(&url).is_err());
    let url = Endpoint::parse("http://kas.internal").unwrap();
    assert!(Policy::operator(&url).check_addresses(url.host(), 80, &[ip("169.254.169.254")]).is_err());
}

#[test]
fn one_blocked_answer_blocks_the_call() {
    let answers = [ip("1.1.1.1"), ip("8.8.8.8"), ip("10.0.0.1")];
    assert!(Policy::default().check_addresses(&host("a.test"), 443, &answers).is_err());
    let pinned = Policy::default().check_addresses(&host("a.test"), 443, &answers[..2]).unwrap();
    assert_eq!(pinned.iter().map(|pin| pin.addr().to_string()).collect::<Vec<_>>(), ["1.1.1.1:443", "8.8.8.8:443"]);
}

#[test]
fn answers_are_pinned_once_each_in_their_canonical_form() {
    let pinned =
        Policy::default().check_addresses(&host("a.test"), 443, &[ip("::ffff:1.1.1.1"), ip("1.1.1.1")]).unwrap();
    assert_eq!(pinned.len(), 1);
    assert!(pinned[0].is("1.1.1.1:443".parse().unwrap()) && pinned[0].is("[::ffff:1.1.1.1]:443".parse().unwrap()));
    assert!(!pinned[0].is("1.1.1.1:444".parse().unwrap()) && !pinned[0].is("1.1.1.2:443".parse().unwrap()));
}

#[test]
fn a_literal_is_its_own_answer_whatever_a_resolver_says() {
    let pinned = Policy::default().check_addresses(&host("1.1.1.1"), 80, &[ip("127.0.0.1")]).unwrap();
    assert_eq!(pinned[0].addr(), "1.1.1.1:80".parse().unwrap());
    assert!(Policy::default().check_addresses(&host("0x7f.1"), 80, &[ip("1.1.1.1")]).is_err());
}

#[test]
fn the_unspecified_address_is_pinned_as_the_loopback_it_leads_to() {
    for (answer, pin) in [("0.0.0.0", "127.0.0.1:80"), ("::", "[::1]:80"), ("::ffff:0.0.0.0", "127.0.0.1:80")] {
        let pinned = local().check_addresses(&host("a.test"), 80, &[ip(answer)]).unwrap();
        assert_eq!(pinned[0].addr(), pin.parse().unwrap());
    }
}

#[test]
fn a_peer_is_judged_as_an_answer_is() {
    let peer = |text: &str| text.parse().unwrap();
    assert!(Policy::default().check_peer(&host("a.test"), peer("1.1.1.1:443")).is_ok());
    for blocked in ["10.0.0.1:443", "[::ffff:10.0.0.1]:443", "[::1]:443"] {
        let error = Policy::default().check_peer(&host("a.test"), peer(blocked)).unwrap_err();
        assert_eq!(error.kind(), Kind::BlockedAddress, "{blocked}");
        assert!(local().check_peer(&host("a.test"), peer(blocked)).is_ok(), "{blocked}");
    }
}

#[test]
fn the_machines_own_addresses_are_localhost() {
    let settings = Settings { allowlist: Allowlist::parse(&["0.0.0.0/0", "::/0"]), ..Settings::default() };
    for interface in if_addrs::get_if_addrs().unwrap() {
        assert!(!passes(&Policy::default(), "a.test", interface.ip()), "{}", interface.ip());
        assert!(passes(&Policy::user(settings.clone()), "a.test", interface.ip()), "{}", interface.ip());
    }
}

#[test]
fn a_name_without_an_answer_passes_only_where_nothing_is_dialled_or_rebinding_is_off() {
    let unknown = host("nobody.test");
    let error = Policy::default().check_addresses(&unknown, 443, &[]).unwrap_err();
    assert_eq!((error.kind(), error.words()), (Kind::Dns, "Host cannot be resolved or invalid"));
    assert!(Policy::default().check_undialled(&unknown, 443, &[]).is_ok());
    assert!(Policy::default().check_undialled(&unknown, 443, &[ip("10.0.0.1")]).is_err());

    let unprotected = Policy::user(Settings { dns_rebinding_protection: false, ..Settings::default() });
    assert_eq!(unprotected.check_addresses(&unknown, 443, &[]).unwrap(), []);
    assert!(unprotected.check_addresses(&unknown, 443, &[ip("10.0.0.1")]).is_err());
}

#[test]
fn deny_all_passes_only_what_is_listed() {
    let entries = ["a.test", "9.9.9.9", "::1"];
    let policy = Policy::user(Settings {
        deny_all_except_allowed: true,
        allowlist: Allowlist::parse(&entries),
        ..Settings::default()
    });
    assert!(passes(&policy, "a.test", ip("1.1.1.1")) && passes(&policy, "b.test", ip("9.9.9.9")));
    assert!(!passes(&policy, "b.test", ip("1.1.1.1")));
    assert!(policy.check_undialled(&host("a.test"), 443, &[]).is_ok());
    assert!(policy.check_undialled(&host("b.test"), 443, &[]).is_err());
    assert!(policy.check_url(&Endpoint::parse("https://[::1]").unwrap()).is_ok());
    assert!(policy.check_url(&Endpoint::parse("https://1.1.1.1").unwrap()).is_err());
}

#[test]
fn of_low_ports_only_the_named_ones_pass() {
    let policy = Policy::default().with_ports(&[80, 443]);
    for (url, open) in [
        ("http://a.test:25", false),
        ("http://a.test:80", true),
        ("https://a.test", true),
        ("http://a.test:1024", true),
    ] {
        assert_eq!(policy.check_url(&Endpoint::parse(url).unwrap()).is_ok(), open, "{url}");
        assert!(Policy::default().check_url(&Endpoint::parse(url).unwrap()).is_ok(), "{url}");
    }
}

#[test]
fn refused_urls_and_refused_dials_are_different_errors() {
    let url = Endpoint::parse("http://192.168.1.2:3003").unwrap();
    let at_construction = Policy::default().check_url(&url).unwrap_err();
    assert_eq!(
        (at_construction.kind(), at_construction.words()),
        (Kind::BlockedUrl, "Requests to the local network are not allowed")
    );
    let at_dial = Policy::default().check_addresses(url.host(), url.port(), &[]).unwrap_err();
    assert_eq!(
        (at_dial.kind(), at_dial.words()),
        (Kind::BlockedAddress, "URL is blocked: Requests to the local network are not allowed")
    );
}
