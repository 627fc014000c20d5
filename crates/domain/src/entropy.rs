//! Chance: where random bytes come from. Use cases ask this, never the system.

/// A source of bytes that nobody can guess.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}
