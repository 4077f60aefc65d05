//! A range of addresses: a network and how many of its leading bits count.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// All addresses of one family that share `length` leading bits with `network`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prefix {
    network: IpAddr,
    length: u8,
}

impl Prefix {
    /// An IPv4 range.
    pub(super) const fn v4(network: [u8; 4], length: u8) -> Self {
        let [a, b, c, d] = network;
        Self { network: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), length }
    }

    /// An IPv6 range; `network` names the leading groups, as the text before `::` does.
    pub(super) const fn v6<const N: usize>(network: [u16; N], length: u8) -> Self {
        let mut bits: u128 = 0;
        let mut group = 0;
        while group < N {
            bits |= (network[group] as u128) << (112 - 16 * group);
            group += 1;
        }
        Self { network: IpAddr::V6(Ipv6Addr::from_bits(bits)), length }
    }

    /// One address and nothing else.
    pub(super) const fn only(address: IpAddr) -> Self {
        let length = if address.is_ipv4() { 32 } else { 128 };
        Self { network: address, length }
    }

    /// Whether `address` is in the range. The families never match each other; see [`IpAddr::to_canonical`].
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => agree(net.to_bits().into(), ip.to_bits().into(), 32 - self.length),
            (IpAddr::V6(net), IpAddr::V6(ip)) => agree(net.to_bits(), ip.to_bits(), 128 - self.length),
            _ => false,
        }
    }

    /// Whether the range is a single address.
    pub fn is_single(&self) -> bool {
        self.length == if self.network.is_ipv4() { 32 } else { 128 }
    }

    /// The address the range was written with.
    pub fn network(&self) -> IpAddr {
        self.network
    }

    /// How many leading bits count.
    pub fn length(&self) -> u8 {
        self.length
    }

    /// A range of IPv4-mapped addresses is the IPv4 range it means (RFC 4291 §2.5.5.2).
    fn canonical(self) -> Self {
        match (self.network.to_canonical(), self.length.checked_sub(96)) {
            (network @ IpAddr::V4(_), Some(length)) if self.network.is_ipv6() => Self { network, length },
            _ => self,
        }
    }
}

/// Whether two addresses are the same above their `low` lowest bits.
fn agree(one: u128, other: u128, low: u8) -> bool {
    (one ^ other).checked_shr(low.into()).is_none_or(|different| different == 0)
}

/// Not an address, nor an address and a length.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAPrefix;

impl FromStr for Prefix {
    type Err = NotAPrefix;

    /// Reads `10.0.0.0/8`, `10.1.2.3`, `fc00::/7`, `::1`; bits behind the length do not matter.
    fn from_str(text: &str) -> Result<Self, NotAPrefix> {
        let (address, length) = text.split_once('/').map_or((text, None), |(ip, n)| (ip, Some(n)));
        let network: IpAddr = address.parse().map_err(|_| NotAPrefix)?;
        let single = Self::only(network);
        let length = match length {
            None => single.length,
            Some(n) if n.bytes().all(|b| b.is_ascii_digit()) => n.parse().map_err(|_| NotAPrefix)?,
            Some(_) => return Err(NotAPrefix),
        };
        if length > single.length { Err(NotAPrefix) } else { Ok(Self { network, length }.canonical()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(text: &str) -> Prefix {
        text.parse().unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn contains_what_shares_its_leading_bits() {
        for (range, inside, outside) in [
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("172.16.5.5/12", "172.31.0.1", "172.32.0.0"),
            ("1.2.3.4", "1.2.3.4", "1.2.3.5"),
            ("fc00::/7", "fdff::1", "fe00::"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("::/0", "ffff::", "1.1.1.1"),
            ("::1", "::1", "::2"),
        ] {
            assert!(prefix(range).contains(ip(inside)), "{range} {inside}");
            assert!(!prefix(range).contains(ip(outside)), "{range} {outside}");
        }
    }

    #[test]
    fn reads_a_mapped_range_as_the_ipv4_range_it_means() {
        assert_eq!(prefix("::ffff:10.0.0.0/104"), prefix("10.0.0.0/8"));
        assert_eq!(prefix("::ffff:10.0.0.1"), prefix("10.0.0.1"));
        assert!(prefix("::ffff:0:0/95").network().is_ipv6());
    }

    #[test]
    fn refuses_what_is_no_range() {
        for text in
            ["", "a", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/-1", "010.0.0.1", "[::1]", "10/8"]
        {
            assert_eq!(text.parse::<Prefix>(), Err(NotAPrefix), "{text}");
        }
    }

    #[test]
    fn groups_are_written_as_before_the_double_colon() {
        assert_eq!(Prefix::v6([0x64, 0xff9b, 1], 48), prefix("64:ff9b:1::/48"));
        assert_eq!(Prefix::v4([10, 0, 0, 0], 8), prefix("10.0.0.0/8"));
    }
}
