//! An app's logo becomes one small square: whole, in the middle of a white plate, which shows dark and light marks alike.

use image::{Rgb, RgbImage, imageops};

use crate::{
    decode::{Limits, PhotoError, decode},
    encode::encode,
};

/// A logo is drawn small: what is larger than this was not made to be one.
const LIMITS: Limits =
    Limits { bytes: 256 << 10, pixels: 4 << 20, longest_side: 4_096, shortest_side: 16, memory: 64 << 20 };

/// JPEG bytes of `side` pixels a side, without anything else that the file held. SVG is no picture here: it can hold scripts.
///
/// # Errors
/// What [`decode`] says of the bytes, or `PhotoError::Unencodable`.
pub fn logo(bytes: &[u8], side: u16) -> Result<Vec<u8>, PhotoError> {
    let picture = decode(bytes, LIMITS)?;
    let side = u32::from(side);
    let longest = picture.width().max(picture.height());
    let scaled = |length: u32| (length * side / longest).max(1);
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    let small = imageops::resize(&picture.pixels, width, height, imageops::FilterType::Lanczos3);
    let mut plate = RgbImage::from_pixel(side, side, Rgb([255; 3]));
    imageops::replace(&mut plate, &small, i64::from((side - width) / 2), i64::from((side - height) / 2));
    encode(&plate)
}
