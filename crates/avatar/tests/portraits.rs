//! The demo's people: drawn, different, and always the same.

use std::collections::HashSet;

use avatar::{SIZES, demo_portrait, normalise};

#[test]
fn a_seed_always_gives_the_same_portrait() {
    for seed in [0, 1, u64::MAX] {
        assert_eq!(demo_portrait(seed), demo_portrait(seed));
    }
}

#[test]
fn neighbouring_seeds_give_different_people() {
    let people: HashSet<Vec<u8>> = (0..60).map(demo_portrait).collect();
    assert!(people.len() >= 59, "{} of 60 are different", people.len());
}

#[test]
fn a_portrait_is_a_photo_like_any_other() {
    let portrait = demo_portrait(7);
    let picture = image::load_from_memory(&portrait).unwrap();
    assert_eq!((picture.width(), picture.height()), (512, 512));
    assert_eq!(normalise(&portrait).unwrap().len(), SIZES.len());
}
