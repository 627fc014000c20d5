//! Portraits of people who do not exist, drawn for the demo.

/// A portrait.
pub fn demo_portrait(_seed: u64) -> Vec<u8> {
    Vec::new()
}
