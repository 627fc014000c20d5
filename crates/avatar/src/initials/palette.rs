//! The grounds behind initials: muted, warm, all dark enough for paper-white letters (at least 4.5 : 1, WCAG 2.2 § 1.4.3).

use std::fmt;

/// An opaque sRGB colour; displays as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour {
    pub(crate) red: u8,
    pub(crate) green: u8,
    pub(crate) blue: u8,
}

impl Colour {
    /// `0xRRGGBB`.
    pub(crate) const fn hex(value: u32) -> Self {
        let [_, red, green, blue] = value.to_be_bytes();
        Self { red, green, blue }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The colour of letters and figure: the paper of the pages.
pub(crate) const INK: Colour = Colour::hex(0x00fb_faf8);

/// The accent green is absent on purpose: it means "go" and nothing else.
const GROUNDS: [Colour; 10] = [
    Colour::hex(0x0056_688a), // slate
    Colour::hex(0x0092_573f), // terracotta
    Colour::hex(0x0079_5a78), // plum
    Colour::hex(0x0044_6f70), // lagoon
    Colour::hex(0x007f_672a), // ochre
    Colour::hex(0x006b_6257), // stone
    Colour::hex(0x009b_4f4a), // brick
    Colour::hex(0x0057_6f45), // moss
    Colour::hex(0x0045_6d8c), // steel
    Colour::hex(0x0070_609a), // iris
];

/// The ground for a seed, the same on every machine and in every release.
pub(crate) fn ground(seed: &str) -> Colour {
    let hash = fnv1a(seed.as_bytes());
    // The high bits are the better mixed ones in FNV-1a.
    let index = usize::try_from((hash >> 32) % GROUNDS.len() as u64).unwrap_or(0);
    GROUNDS[index]
}

/// 64-bit FNV-1a: the standard library's hasher may change between releases, and a face should not change its colour.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Colour) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
    }

    #[test]
    fn letters_are_readable_on_every_ground() {
        for colour in GROUNDS {
            let contrast = (luminance(INK) + 0.05) / (luminance(colour) + 0.05);
            assert!(contrast >= 4.5, "{colour} has a contrast of {contrast:.2}");
        }
    }

    #[test]
    fn seeds_spread_over_all_grounds() {
        let mut counts = [0_u32; GROUNDS.len()];
        for number in 0..1000 {
            let colour = ground(&format!("https://www.linkedin.com/in/person-{number}"));
            if let Some(index) = GROUNDS.iter().position(|candidate| *candidate == colour) {
                counts[index] += 1;
            }
        }
        assert!(counts.iter().all(|count| *count > 50), "{counts:?}");
    }

    #[test]
    fn the_hash_matches_its_published_test_vectors() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
