//! Looks for faces of every size and keeps the one that matters.

use std::sync::LazyLock;

use image::{GrayImage, RgbImage, imageops};

use super::cascade::{Cascade, Sums, WINDOW};

/// Pictures are searched at this many pixels on the shorter side: enough for a face of a tenth of it.
const SEARCH_SHORTER: u32 = 240;
/// Panoramas are reduced further, so that a search never takes long.
const SEARCH_LONGER: u32 = 960;
/// Each round shrinks the picture by this much, so that larger faces fit the window.
const STEP: f32 = 1.1;
/// A face is seen at several neighbouring places and sizes; fewer sightings are a fluke.
const LEAST_SIGHTINGS: usize = 4;
/// Sightings are of one face when their corners lie within this share of their side.
const SAME: f32 = 0.25;

/// The square from the brows to the chin of one face, in pixels of the photo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Face {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) side: f32,
}

static CASCADE: LazyLock<Option<Cascade>> = LazyLock::new(Cascade::trained);

/// The most prominent face: the largest of those that were seen often enough.
#[expect(clippy::cast_precision_loss, reason = "sides are at most 12 000 pixels")]
pub(super) fn find(photo: &RgbImage) -> Option<Face> {
    let cascade = CASCADE.as_ref()?;
    let reduced = reduce(photo);
    let zoom = photo.width() as f32 / reduced.width() as f32;
    let face = groups(&sightings(cascade, &reduced))
        .into_iter()
        .filter(|group| group.len() >= LEAST_SIGHTINGS)
        .map(|group| mean(&group))
        .max_by(|one, other| one.side.total_cmp(&other.side))?;
    Some(Face { x: face.x * zoom, y: face.y * zoom, side: face.side * zoom })
}

fn reduce(photo: &RgbImage) -> GrayImage {
    let (width, height) = photo.dimensions();
    let (shorter, longer) = (width.min(height), width.max(height));
    // As a fraction, the smaller of the two reductions; one over one when the photo is small already.
    let (over, under) = [(SEARCH_SHORTER, shorter), (SEARCH_LONGER, longer), (1, 1)]
        .into_iter()
        .min_by_key(|(over, under)| u64::from(*over) * 1_000_000 / u64::from(*under).max(1))
        .unwrap_or((1, 1));
    if over >= under {
        return imageops::grayscale(photo);
    }
    let scaled = |side: u32| u32::try_from(u64::from(side) * u64::from(over) / u64::from(under)).unwrap_or(side).max(1);
    imageops::grayscale(&imageops::thumbnail(photo, scaled(width), scaled(height)))
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides are at most SEARCH_LONGER pixels"
)]
fn sightings(cascade: &Cascade, picture: &GrayImage) -> Vec<Face> {
    let mut found = Vec::new();
    let mut zoom = 1.0_f32;
    loop {
        let (width, height) = ((picture.width() as f32 / zoom) as u32, (picture.height() as f32 / zoom) as u32);
        if (width.min(height) as usize) < WINDOW {
            return found;
        }
        let sums = Sums::new(&imageops::resize(picture, width, height, imageops::FilterType::Triangle));
        // Small windows are many and overlap by far; every second one is enough.
        let stride = if zoom > 2.0 { 1 } else { 2 };
        for top in (0..=height as usize - WINDOW).step_by(stride) {
            for left in (0..=width as usize - WINDOW).step_by(stride) {
                if cascade.accepts(&sums, left, top) {
                    found.push(Face { x: left as f32 * zoom, y: top as f32 * zoom, side: WINDOW as f32 * zoom });
                }
            }
        }
        zoom *= STEP;
    }
}

/// Puts sightings of one face together. The running mean of a group stands for it.
fn groups(sightings: &[Face]) -> Vec<Vec<Face>> {
    let mut groups: Vec<Vec<Face>> = Vec::new();
    for sighting in sightings {
        match groups.iter_mut().find(|group| are_one(&mean(group), sighting)) {
            Some(group) => group.push(*sighting),
            None => groups.push(vec![*sighting]),
        }
    }
    groups
}

fn are_one(one: &Face, other: &Face) -> bool {
    let near = SAME * (one.side + other.side) / 2.0;
    let ends = |face: &Face| (face.x + face.side, face.y + face.side);
    (one.x - other.x).abs() <= near
        && (one.y - other.y).abs() <= near
        && (ends(one).0 - ends(other).0).abs() <= near
        && (ends(one).1 - ends(other).1).abs() <= near
}

#[expect(clippy::cast_precision_loss, reason = "sightings are counted in hundreds")]
fn mean(group: &[Face]) -> Face {
    let count = group.len().max(1) as f32;
    let of = |part: fn(&Face) -> f32| group.iter().map(part).sum::<f32>() / count;
    Face { x: of(|face| face.x), y: of(|face| face.y), side: of(|face| face.side) }
}
