//! The blocked ranges: one row each, with the words of the refusal, what opens it, and who reserved it.
//!
//! The first row that holds an address decides, so the table goes from the particular to the general. An address no row
//! holds is global unicast and may be dialled.

use std::net::IpAddr;

use super::prefix::Prefix;

/// What an address is, as far as a client should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// This host: the unspecified address, which Linux connects to itself, and the machine's own addresses.
    Localhost,
    /// The loopback network.
    Loopback,
    /// Private networks, unique local and site-local addresses.
    Private,
    /// The link itself, without its metadata services.
    LinkLocal,
    /// Carrier-grade NAT, and a common home of pods.
    Shared,
    /// A cloud's door to its credentials.
    Metadata,
    /// Multicast groups.
    Multicast,
    /// The limited broadcast address.
    Broadcast,
    /// IPv6 addresses that stand for an IPv4 one through a translator or a tunnel.
    Translated,
    /// Documentation, benchmarks, anycast experiments, discard, and whatever nobody has been given yet.
    Reserved,
}

/// What opens a row, from the weakest key to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `local_requests_allowed`, or any allowlist entry, or the operator's own endpoint.
    LocalRequests,
    /// An allowlist entry (name, address or range), or the operator's own endpoint.
    Listed,
    /// An allowlist entry of exactly this address. Nothing opens it for an operator's endpoint.
    Named,
}

/// One blocked range.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The range.
    pub prefix: Prefix,
    /// What is in it.
    pub class: Class,
    /// What opens it.
    pub key: Key,
    /// Who reserved it, or whose service it is.
    pub source: &'static str,
}

impl Class {
    /// The refusal; GitLab's words where GitLab has some, for people search for them.
    pub const fn refusal(self) -> &'static str {
        match self {
            Self::Localhost => "Requests to localhost are not allowed",
            Self::Loopback => "Requests to loopback addresses are not allowed",
            Self::Private => "Requests to the local network are not allowed",
            Self::LinkLocal => "Requests to the link local network are not allowed",
            Self::Shared => "Requests to the shared address space are not allowed",
            Self::Metadata => "Requests to cloud metadata services are not allowed",
            Self::Multicast => "Requests to multicast addresses are not allowed",
            Self::Broadcast => "Requests to the limited broadcast address are not allowed",
            Self::Translated => "Requests to translated or tunnelled addresses are not allowed",
            Self::Reserved => "Requests to reserved addresses are not allowed",
        }
    }
}

/// The row that blocks `address`, which is canonical (no IPv4-mapped form).
pub fn row(address: IpAddr) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.prefix.contains(address))
}

const fn v4(network: [u8; 4], length: u8, class: Class, key: Key, source: &'static str) -> Row {
    Row { prefix: Prefix::v4(network, length), class, key, source }
}

const fn v6<const N: usize>(network: [u16; N], length: u8, class: Class, key: Key, source: &'static str) -> Row {
    Row { prefix: Prefix::v6(network, length), class, key, source }
}

/// Every blocked range. IPv4-mapped addresses have no row: they are their IPv4 address (RFC 4291 §2.5.5.2).
#[rustfmt::skip]
pub const ROWS: &[Row] = {
    use Class::*;
    use Key::*;
    &[
        // The metadata services stand first: they live inside ranges that a weaker key opens.
        v4([169, 254, 169, 254], 32, Metadata,   Named,         "AWS, Azure, Google, Oracle, OpenStack and many more"),
        v4([169, 254, 170, 2],   32, Metadata,   Named,         "AWS ECS task credentials"),
        v4([169, 254, 170, 23],  32, Metadata,   Named,         "AWS EKS pod identity"),
        v4([169, 254, 0, 23],    32, Metadata,   Named,         "Tencent Cloud"),
        v4([169, 254, 42, 42],   32, Metadata,   Named,         "Scaleway"),
        v4([168, 63, 129, 16],   32, Metadata,   Named,         "Azure wire server"),
        v4([100, 100, 100, 200], 32, Metadata,   Named,         "Alibaba Cloud"),
        v4([192, 0, 0, 192],     32, Metadata,   Named,         "Oracle Cloud classic"),
        v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128, Metadata, Named, "AWS"),
        v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23],  128, Metadata, Named, "AWS EKS pod identity"),
        v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254],  128, Metadata, Named, "Google"),
        v6([0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42],   128, Metadata, Named, "Scaleway"),
        v6([0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe], 128, Metadata, Named, "Oracle"),
        v6([0xfd00, 0xa9fe, 0xa9fe, 0, 0, 0, 0, 1], 128, Metadata, Named, "Akamai"),
        v6([0xfd00, 0x100, 0, 0, 0, 0, 0x100, 0x200], 128, Metadata, Named, "Alibaba Cloud"),
        v6([0xfe80, 0, 0, 0, 0, 0, 0xa9fe, 0xa9fe], 128, Metadata, Named, "OpenStack"),

        v4([0, 0, 0, 0],         32, Localhost,  LocalRequests, "RFC 1122 §3.2.1.3"),
        v4([0, 0, 0, 0],          8, Reserved,   Listed,        "RFC 791 §3.2: this network"),
        v4([10, 0, 0, 0],         8, Private,    LocalRequests, "RFC 1918"),
        v4([100, 64, 0, 0],      10, Shared,     LocalRequests, "RFC 6598"),
        v4([127, 0, 0, 0],        8, Loopback,   LocalRequests, "RFC 1122 §3.2.1.3"),
        v4([169, 254, 0, 0],     16, LinkLocal,  LocalRequests, "RFC 3927"),
        v4([172, 16, 0, 0],      12, Private,    LocalRequests, "RFC 1918"),
        v4([192, 0, 0, 0],       24, Reserved,   Listed,        "RFC 6890 §2.1: protocol assignments"),
        v4([192, 0, 2, 0],       24, Reserved,   Listed,        "RFC 5737: documentation"),
        v4([192, 31, 196, 0],    24, Reserved,   Listed,        "RFC 7535: AS112"),
        v4([192, 52, 193, 0],    24, Reserved,   Listed,        "RFC 7450: multicast tunnels"),
        v4([192, 88, 99, 0],     24, Reserved,   Listed,        "RFC 7526: the former 6to4 relays"),
        v4([192, 168, 0, 0],     16, Private,    LocalRequests, "RFC 1918"),
        v4([192, 175, 48, 0],    24, Reserved,   Listed,        "RFC 7534: AS112"),
        v4([198, 18, 0, 0],      15, Reserved,   Listed,        "RFC 2544: benchmarks"),
        v4([198, 51, 100, 0],    24, Reserved,   Listed,        "RFC 5737: documentation"),
        v4([203, 0, 113, 0],     24, Reserved,   Listed,        "RFC 5737: documentation"),
        v4([224, 0, 0, 0],        4, Multicast,  Listed,        "RFC 5771"),
        v4([255, 255, 255, 255], 32, Broadcast,  Listed,        "RFC 919 §7"),
        v4([240, 0, 0, 0],        4, Reserved,   Listed,        "RFC 1112 §4: class E"),

        v6([0, 0, 0, 0, 0, 0, 0, 0], 128, Localhost, LocalRequests, "RFC 4291 §2.5.2"),
        v6([0, 0, 0, 0, 0, 0, 0, 1], 128, Loopback, LocalRequests, "RFC 4291 §2.5.3"),
        v6([0; 8],               96, Translated, Listed,        "RFC 4291 §2.5.5.1: IPv4-compatible"),
        v6([0, 0, 0, 0, 0xffff], 96, Translated, Listed,        "RFC 2765 §2.1: IPv4-translated"),
        v6([0x64, 0xff9b],       96, Translated, Listed,        "RFC 6052: NAT64"),
        v6([0x64, 0xff9b, 1],    48, Translated, Listed,        "RFC 8215: local NAT64"),
        v6([0x100],              64, Reserved,   Listed,        "RFC 6666: discard"),
        v6([0x100, 0, 0, 1],     64, Reserved,   Listed,        "RFC 9780: dummy"),
        v6([0x2001, 0],          32, Translated, Listed,        "RFC 4380: Teredo"),
        v6([0x2001, 2, 0],       48, Reserved,   Listed,        "RFC 5180: benchmarks"),
        v6([0x2001, 4, 0x112],   48, Reserved,   Listed,        "RFC 7535: AS112"),
        v6([0x2001, 0x10],       28, Reserved,   Listed,        "RFC 4843: ORCHID"),
        v6([0x2001, 0x20],       28, Reserved,   Listed,        "RFC 7343: ORCHIDv2"),
        v6([0x2001, 0x30],       28, Reserved,   Listed,        "RFC 9374: drone tags"),
        v6([0x2001],             23, Reserved,   Listed,        "RFC 2928: protocol assignments"),
        v6([0x2001, 0xdb8],      32, Reserved,   Listed,        "RFC 3849: documentation"),
        v6([0x2002],             16, Translated, Listed,        "RFC 3056: 6to4"),
        v6([0x2620, 0x4f, 0x8000], 48, Reserved, Listed,        "RFC 7534: AS112"),
        v6([0x3fff],             20, Reserved,   Listed,        "RFC 9637: documentation"),
        v6([0x5f00],             16, Reserved,   Listed,        "RFC 9602: SRv6 segments"),
        v6([0xfc00],              7, Private,    LocalRequests, "RFC 4193: unique local"),
        v6([0xfe80],             10, LinkLocal,  LocalRequests, "RFC 4291 §2.5.6"),
        v6([0xfec0],             10, Private,    LocalRequests, "RFC 3879: site-local"),
        v6([0xff00],              8, Multicast,  Listed,        "RFC 4291 §2.7"),

        // Global unicast is 2000::/3; the rest has not been given to anyone (RFC 4291 §2.4, IANA).
        v6([0],                   3, Reserved,   Listed,        "RFC 4291 §2.4: unassigned"),
        v6([0x4000],              2, Reserved,   Listed,        "RFC 4291 §2.4: unassigned"),
        v6([0x8000],              1, Reserved,   Listed,        "RFC 4291 §2.4: unassigned"),
    ]
};

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
