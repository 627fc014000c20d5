//! Which IP addresses belong to the public Internet. Pure: an address in, its special use out.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is no place to fetch from (IANA special-purpose address registries, RFC 6890 and its updates).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpecialUse {
    #[error("unspecified")]
    Unspecified,
    #[error("loopback")]
    Loopback,
    #[error("private")]
    Private,
    #[error("carrier NAT")]
    CarrierNat,
    #[error("link-local")]
    LinkLocal,
    #[error("cloud metadata")]
    Metadata,
    #[error("documentation")]
    Documentation,
    #[error("benchmarking")]
    Benchmarking,
    #[error("multicast")]
    Multicast,
    #[error("IPv4 embedded in IPv6")]
    Embedded,
    #[error("reserved")]
    Reserved,
}

/// The special use of an address, or `None` for one of the public Internet.
pub fn special_use(address: IpAddr) -> Option<SpecialUse> {
    match address {
        IpAddr::V4(address) => special_use_v4(address),
        IpAddr::V6(address) => special_use_v6(address),
    }
}

fn special_use_v4(address: Ipv4Addr) -> Option<SpecialUse> {
    use SpecialUse::{
        Benchmarking, CarrierNat, Documentation, LinkLocal, Loopback, Metadata, Multicast, Private, Reserved,
        Unspecified,
    };
    Some(match address.octets() {
        [0, 0, 0, 0] => Unspecified,
        [0, ..] => Reserved,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Private,
        // Alibaba Cloud's metadata service lives in the carrier range, Azure's and Oracle's old one outside the local ones.
        [169, 254, 169, 254] | [100, 100, 100, 200] | [168, 63, 129, 16] | [192, 0, 0, 192] => Metadata,
        [100, 64..=127, ..] => CarrierNat,
        [127, ..] => Loopback,
        [169, 254, ..] => LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Documentation,
        [198, 18..=19, ..] => Benchmarking,
        // IETF protocols, AS112 sinks, AMT and 6to4 relays: nothing there is a web server of a stranger.
        [192, 0, 0, _] | [192, 31, 196, _] | [192, 52, 193, _] | [192, 88, 99, _] | [192, 175, 48, _] => Reserved,
        [224..=239, ..] => Multicast,
        [240..=255, ..] => Reserved,
        _ => return None,
    })
}

fn special_use_v6(address: Ipv6Addr) -> Option<SpecialUse> {
    use SpecialUse::{Documentation, Embedded, LinkLocal, Loopback, Multicast, Private, Reserved, Unspecified};
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Loopback,
        // Mapped and compatible addresses, NAT64, Teredo and 6to4 each reach the IPv4 address inside them.
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => Embedded,
        [0x64, 0xff9b, ..] | [0x2001, 0, ..] | [0x2002, ..] => Embedded,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Private,
        [0xfe80..=0xfebf, ..] => LinkLocal,
        [0xff00..=0xffff, ..] => Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => Documentation,
        // The rest of 2001::/23 is for protocols, 2620:4f:8000::/48 for AS112.
        [0x2001, 0..=0x01ff, ..] | [0x2620, 0x4f, 0x8000, ..] => Reserved,
        // Only 2000::/3 is given out as public unicast so far.
        [0x2000..=0x3fff, ..] => return None,
        _ => Reserved,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_range_is_known_by_its_first_and_last_address() {
        use SpecialUse::*;
        for (text, expected) in [
            ("0.0.0.0", Some(Unspecified)),
            ("0.255.255.255", Some(Reserved)),
            ("1.0.0.0", None),
            ("9.255.255.255", None),
            ("10.0.0.0", Some(Private)),
            ("10.255.255.255", Some(Private)),
            ("11.0.0.0", None),
            ("100.63.255.255", None),
            ("100.64.0.0", Some(CarrierNat)),
            ("100.127.255.255", Some(CarrierNat)),
            ("100.128.0.0", None),
            ("100.100.100.200", Some(Metadata)),
            ("127.0.0.1", Some(Loopback)),
            ("127.255.255.255", Some(Loopback)),
            ("128.0.0.0", None),
            ("168.63.129.16", Some(Metadata)),
            ("169.253.255.255", None),
            ("169.254.0.1", Some(LinkLocal)),
            ("169.254.169.254", Some(Metadata)),
            ("169.255.0.0", None),
            ("172.15.255.255", None),
            ("172.16.0.0", Some(Private)),
            ("172.31.255.255", Some(Private)),
            ("172.32.0.0", None),
            ("192.0.0.1", Some(Reserved)),
            ("192.0.0.192", Some(Metadata)),
            ("192.0.1.0", None),
            ("192.0.2.1", Some(Documentation)),
            ("192.88.99.1", Some(Reserved)),
            ("192.168.0.0", Some(Private)),
            ("192.169.0.0", None),
            ("198.17.255.255", None),
            ("198.18.0.0", Some(Benchmarking)),
            ("198.19.255.255", Some(Benchmarking)),
            ("198.20.0.0", None),
            ("198.51.100.9", Some(Documentation)),
            ("203.0.113.9", Some(Documentation)),
            ("223.255.255.255", None),
            ("224.0.0.0", Some(Multicast)),
            ("239.255.255.255", Some(Multicast)),
            ("240.0.0.0", Some(Reserved)),
            ("255.255.255.255", Some(Reserved)),
            ("93.184.216.34", None),
            ("::", Some(Unspecified)),
            ("::1", Some(Loopback)),
            ("::2", Some(Embedded)),
            ("::127.0.0.1", Some(Embedded)),
            ("::ffff:8.8.8.8", Some(Embedded)),
            ("::ffff:0:8.8.8.8", Some(Embedded)),
            ("64:ff9b::7f00:1", Some(Embedded)),
            ("64:ff9b:1::1", Some(Embedded)),
            ("100::1", Some(Reserved)),
            ("2001::1", Some(Embedded)),
            ("2001:2::1", Some(Reserved)),
            ("2001:20::1", Some(Reserved)),
            ("2001:1ff::1", Some(Reserved)),
            ("2001:200::1", None),
            ("2001:db8::1", Some(Documentation)),
            ("2002:7f00:1::", Some(Embedded)),
            ("2606:4700::1111", None),
            ("2620:4f:8000::1", Some(Reserved)),
            ("3fff::1", Some(Documentation)),
            ("3fff:1000::1", None),
            ("4000::1", Some(Reserved)),
            ("5f00::1", Some(Reserved)),
            ("fc00::1", Some(Private)),
            ("fd00:ec2::254", Some(Private)),
            ("fe80::1", Some(LinkLocal)),
            ("fec0::1", Some(Private)),
            ("ff02::1", Some(Multicast)),
        ] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(special_use(address), expected, "{text}");
        }
    }
}
