//! The IPv4 addresses inside an IPv6 address: what a translator, a tunnel or an old kernel would make of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Every face of a canonical address: itself, and each IPv4 address it carries. All of them must be allowed.
pub(super) fn faces(address: IpAddr) -> impl Iterator<Item = IpAddr> {
    let carried = match address {
        IpAddr::V4(_) => [None; 3],
        IpAddr::V6(v6) => carried(v6),
    };
    std::iter::once(address).chain(carried.into_iter().flatten().map(IpAddr::V4))
}

fn carried(v6: Ipv6Addr) -> [Option<Ipv4Addr>; 3] {
    let low = v6.to_bits() as u32;
    let at = |shift: u32| Some(Ipv4Addr::from_bits((v6.to_bits() >> shift) as u32));
    let last = at(0);
    match v6.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => [None; 3],         // :: and ::1 are themselves
        [0, 0, 0, 0, 0, 0, ..] => [last, None, None],      // IPv4-compatible, RFC 4291 §2.5.5.1
        [0, 0, 0, 0, 0xffff, 0, ..] => [last, None, None], // IPv4-translated, RFC 2765 §2.1
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => [last, None, None], // NAT64, RFC 6052 §2.1
        [0x64, 0xff9b, 1, ..] => [last, Some(around_octet_u(v6)), None], // RFC 8215: as /96 and as /48
        [0x2001, 0, ..] => [at(64), Some(Ipv4Addr::from_bits(!low)), None], // Teredo server and client, RFC 4380 §4
        [0x2002, ..] => [at(80), isatap(v6), None],        // 6to4, RFC 3056 §2
        _ => [isatap(v6), None, None],
    }
}

/// RFC 5214 §6.1: any network may carry an interface identifier `0[02]00:5efe:a.b.c.d`.
fn isatap(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    matches!(v6.segments(), [.., 0 | 0x200, 0x5efe, _, _]).then(|| Ipv4Addr::from_bits(v6.to_bits() as u32))
}

/// RFC 6052 §2.2: behind a /48 the address is split by the octet `u`.
fn around_octet_u(v6: Ipv6Addr) -> Ipv4Addr {
    let octets = v6.octets();
    Ipv4Addr::new(octets[6], octets[7], octets[9], octets[10])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_ipv4_addresses_inside() {
        for (address, carried) in [
            ("::7f00:1", "127.0.0.1"),
            ("::ffff:0:10.0.0.1", "10.0.0.1"),
            ("64:ff9b::169.254.169.254", "169.254.169.254"),
            ("64:ff9b:1::10.0.0.2", "10.0.0.2"),
            ("64:ff9b:1:a00:0:200::", "10.0.0.2"),
            ("2002:c0a8:101::1", "192.168.1.1"),
            ("2001:0:a00:1:0:0:ffff:ffff", "10.0.0.1"),
            ("2001:0:808:808:8000:0:f5ff:fffe", "10.0.0.1"),
            ("2a00:1450::5efe:a00:1", "10.0.0.1"),
            ("2a00:1450::200:5efe:a00:1", "10.0.0.1"),
        ] {
            let all: Vec<_> = faces(address.parse().unwrap()).collect();
            assert_eq!(all[0], address.parse::<IpAddr>().unwrap());
            assert!(all[1..].contains(&carried.parse().unwrap()), "{address} {all:?}");
        }
    }

    #[test]
    fn an_ordinary_address_has_one_face() {
        for address in ["1.1.1.1", "2a00:1450:4001::200e", "::1", "::", "fd00::1"] {
            assert_eq!(faces(address.parse().unwrap()).count(), 1, "{address}");
        }
    }
}
