//! The table, row by row: first address in, last in, both neighbours out.

use super::*;
use std::net::{Ipv4Addr, Ipv6Addr};

fn first(prefix: Prefix) -> IpAddr {
    prefix.network()
}

fn last(prefix: Prefix) -> IpAddr {
    match prefix.network() {
        IpAddr::V4(ip) => {
            Ipv4Addr::from_bits(ip.to_bits() | u32::MAX.checked_shr(prefix.length().into()).unwrap_or(0)).into()
        }
        IpAddr::V6(ip) => {
            Ipv6Addr::from_bits(ip.to_bits() | u128::MAX.checked_shr(prefix.length().into()).unwrap_or(0)).into()
        }
    }
}

impl Row {
    /// An address that this row decides, for the tests of the whole policy.
    pub(in crate::policy) fn sample(&self) -> IpAddr {
        let decided = |ip: &IpAddr| row(*ip).is_some_and(|row| row.prefix == self.prefix);
        [first(self.prefix), last(self.prefix)].into_iter().find(decided).unwrap()
    }
}

fn step(address: IpAddr, by: i8) -> Option<IpAddr> {
    match address {
        IpAddr::V4(ip) => ip.to_bits().checked_add_signed(by.into()).map(|bits| Ipv4Addr::from_bits(bits).into()),
        IpAddr::V6(ip) => ip.to_bits().checked_add_signed(by.into()).map(|bits| Ipv6Addr::from_bits(bits).into()),
    }
}

fn class(address: &str) -> Option<Class> {
    row(address.parse().unwrap()).map(|row| row.class)
}

#[test]
fn every_row_holds_its_first_and_last_address_and_no_neighbour() {
    for Row { prefix, .. } in ROWS {
        assert!(prefix.contains(first(*prefix)) && prefix.contains(last(*prefix)), "{prefix:?}");
        for neighbour in [step(first(*prefix), -1), step(last(*prefix), 1)].into_iter().flatten() {
            assert!(!prefix.contains(neighbour), "{prefix:?} {neighbour}");
        }
    }
}

#[test]
fn no_row_is_hidden_behind_an_earlier_one() {
    for (index, late) in ROWS.iter().enumerate() {
        for early in &ROWS[..index] {
            let hidden = early.prefix.contains(first(late.prefix)) && early.prefix.contains(last(late.prefix));
            assert!(!hidden, "{late:?} is behind {early:?}");
        }
    }
}

#[test]
fn no_row_is_written_with_bits_behind_its_length() {
    for Row { prefix, .. } in ROWS {
        assert!(step(first(*prefix), -1).is_none_or(|before| !prefix.contains(before)), "{prefix:?}");
    }
}

/// The registries, typed a second time as text: a slip in a group of the table shows here.
#[test]
#[rustfmt::skip]
fn the_edges_of_every_range_are_where_the_registries_have_them() {
    use Class::*;
    for (before, start, end, after, inside) in [
        (None,                       "0.0.0.1",         "0.255.255.255",   Some("1.0.0.0"),         Reserved),
        (Some("9.255.255.255"),      "10.0.0.0",        "10.255.255.255",  Some("11.0.0.0"),        Private),
        (Some("100.63.255.255"),     "100.64.0.0",      "100.127.255.255", Some("100.128.0.0"),     Shared),
        (Some("126.255.255.255"),    "127.0.0.0",       "127.255.255.255", Some("128.0.0.0"),       Loopback),
        (Some("168.63.129.15"),      "168.63.129.16",   "168.63.129.16",   Some("168.63.129.17"),   Metadata),
        (Some("169.253.255.255"),    "169.254.0.0",     "169.254.255.255", Some("169.255.0.0"),     LinkLocal),
        (Some("172.15.255.255"),     "172.16.0.0",      "172.31.255.255",  Some("172.32.0.0"),      Private),
        (Some("191.255.255.255"),    "192.0.0.0",       "192.0.0.255",     Some("192.0.1.0"),       Reserved),
        (Some("192.0.1.255"),        "192.0.2.0",       "192.0.2.255",     Some("192.0.3.0"),       Reserved),
        (Some("192.31.195.255"),     "192.31.196.0",    "192.31.196.255",  Some("192.31.197.0"),    Reserved),
        (Some("192.52.192.255"),     "192.52.193.0",    "192.52.193.255",  Some("192.52.194.0"),    Reserved),
        (Some("192.88.98.255"),      "192.88.99.0",     "192.88.99.255",   Some("192.88.100.0"),    Reserved),
        (Some("192.167.255.255"),    "192.168.0.0",     "192.168.255.255", Some("192.169.0.0"),     Private),
        (Some("192.175.47.255"),     "192.175.48.0",    "192.175.48.255",  Some("192.175.49.0"),    Reserved),
        (Some("198.17.255.255"),     "198.18.0.0",      "198.19.255.255",  Some("198.20.0.0"),      Reserved),
        (Some("198.51.99.255"),      "198.51.100.0",    "198.51.100.255",  Some("198.51.101.0"),    Reserved),
        (Some("203.0.112.255"),      "203.0.113.0",     "203.0.113.255",   Some("203.0.114.0"),     Reserved),
        (Some("223.255.255.255"),    "224.0.0.0",       "239.255.255.255", None,                    Multicast),
        (None,                       "240.0.0.0",       "255.255.255.254", None,                    Reserved),
        (None,                       "::2",             "::ffff:ffff",     None,                    Translated),
        (None,                       "::ffff:0:0:0",    "::ffff:0:ffff:ffff", None,                 Translated),
        (None,                       "64:ff9b::",       "64:ff9b::ffff:ffff", None,                 Translated),
        (None,                       "64:ff9b:1::",     "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", None, Translated),
        (None,                       "100::",           "100::ffff:ffff:ffff:ffff", None,           Reserved),
        (None,                       "1fff:ffff::",     "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None, Reserved),
        (None,                       "2001::",          "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", None, Translated),
        (None,                       "2001:1::",        "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Some("2001:200::"), Reserved),
        (Some("2001:db7:ffff::"),    "2001:db8::",      "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", Some("2001:db9::"), Reserved),
        (Some("2001:ffff:ffff::"),   "2002::",          "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Some("2003::"), Translated),
        (Some("2620:4f:7fff:ffff::"), "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", Some("2620:4f:8001::"), Reserved),
        (Some("3ffe:ffff:ffff::"),   "3fff::",          "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", Some("3fff:1000::"), Reserved),
        (Some("3fff:ffff:ffff::"),   "4000::",          "5eff:ffff::",     None,                    Reserved),
        (None,                       "5f00::",          "5f00:ffff::ffff", None,                    Reserved),
        (None,                       "8000::",          "fbff:ffff::",     None,                    Reserved),
        (None,                       "fc00::",          "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None, Private),
        (None,                       "fe00::",          "fe7f:ffff::",     None,                    Reserved),
        (None,                       "fe80::",          "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None, LinkLocal),
        (None,                       "fec0::",          "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None, Private),
        (None,                       "ff00::",          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", None, Multicast),
    ] {
        assert_eq!((class(start), class(end)), (Some(inside), Some(inside)), "{start} to {end}");
        for outside in [before, after].into_iter().flatten() {
            assert_eq!(class(outside), None, "{outside}");
        }
    }
}

#[test]
fn single_addresses_have_their_own_class() {
    for (address, expected) in [
        ("0.0.0.0", Class::Localhost),
        ("::", Class::Localhost),
        ("::1", Class::Loopback),
        ("255.255.255.255", Class::Broadcast),
        ("169.254.169.254", Class::Metadata),
        ("169.254.170.2", Class::Metadata),
        ("169.254.170.23", Class::Metadata),
        ("100.100.100.200", Class::Metadata),
        ("192.0.0.192", Class::Metadata),
        ("fd00:ec2::254", Class::Metadata),
        ("fd20:ce::254", Class::Metadata),
        ("fd00:c1::a9fe:a9fe", Class::Metadata),
        ("fd00:a9fe:a9fe::1", Class::Metadata),
        ("fd00:100::100:200", Class::Metadata),
        ("fe80::a9fe:a9fe", Class::Metadata),
    ] {
        assert_eq!(class(address), Some(expected), "{address}");
    }
}

#[test]
fn metadata_takes_the_strongest_key_and_nothing_else_does() {
    for row in ROWS {
        assert_eq!(row.key == Key::Named, row.class == Class::Metadata, "{row:?}");
    }
}

#[test]
fn ordinary_addresses_have_no_row() {
    for address in
        ["1.1.1.1", "8.8.8.8", "111.111.111.111", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]
    {
        assert_eq!(class(address), None, "{address}");
    }
}
