//! Chance that repeats itself: the same seed, the same bytes.

use domain::entropy::Entropy;
use std::sync::atomic::{AtomicU64, Ordering};

/// A SplitMix64 generator. Good enough to make distinct identifiers, and nothing that a stranger can't guess.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    pub fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Default for SeededEntropy {
    fn default() -> Self {
        Self::new(7)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_no_byte_twice_in_a_row() {
        let (one, other) = (SeededEntropy::new(1), SeededEntropy::new(1));
        let (mut first, mut second, mut third) = ([0; 20], [0; 20], [0; 20]);
        one.fill(&mut first);
        other.fill(&mut second);
        one.fill(&mut third);
        assert_eq!(first, second);
        assert_ne!(first, third);
    }
}
