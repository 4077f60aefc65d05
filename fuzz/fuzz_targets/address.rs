//! An address that passes is an ordinary one to the standard library too, and opening a setting never closes anything.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use gitlab_kube::policy::{Allowlist, Host, Policy, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: ([u8; 16], bool)| {
    let (octets, short) = bytes;
    let [a, b, c, d, ..] = octets;
    let address = if short { IpAddr::from([a, b, c, d]) } else { IpAddr::from(octets) };
    let strict = passes(&Policy::default(), address);
    if strict {
        match address.to_canonical() {
            IpAddr::V4(ip) => ordinary_v4(ip),
            IpAddr::V6(ip) => ordinary_v6(ip),
        }
    }
    if let IpAddr::V4(ip) = address {
        assert_eq!(strict, passes(&Policy::default(), ip.to_ipv6_mapped().into()));
    }
    let local = Policy::user(Settings { local_requests_allowed: true, ..Settings::default() });
    let listed = Policy::user(Settings { allowlist: Allowlist::parse(&[address.to_string()]), ..Settings::default() });
    assert!(!strict || passes(&local, address), "{address}");
    assert!(passes(&listed, address), "{address}");
});

fn passes(policy: &Policy, address: IpAddr) -> bool {
    policy.check_addresses(&Host::Name("a.test".into()), 443, &[address]).is_ok()
}

fn ordinary_v4(ip: Ipv4Addr) {
    let special = ip.is_unspecified() || ip.is_loopback() || ip.is_private() || ip.is_link_local();
    assert!(!special && !ip.is_broadcast() && !ip.is_documentation() && !ip.is_multicast(), "{ip}");
}

fn ordinary_v6(ip: Ipv6Addr) {
    let special = ip.is_unspecified() || ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local();
    assert!(!special && !ip.is_multicast() && ip.segments()[0] >> 13 == 1, "{ip}");
}
