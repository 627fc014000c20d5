//! A square photo becomes small JPEGs in every size that is served. Nothing of the original file travels along.

use image::{RgbImage, codecs::jpeg::JpegEncoder, imageops};

use crate::{
    crop::{SquarePhoto, square},
    decode::{Limits, PhotoError, decode},
};

/// The sides that are kept, in pixels, small to large.
pub const SIZES: [u16; 5] = [32, 64, 128, 256, 512];
/// Faces at 128 pixels show no artefacts from here on; more would only be bytes.
const QUALITY: u8 = 85;

/// One served picture: `size` pixels a side, as JPEG bytes without metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    pub size: u16,
    pub jpeg: Vec<u8>,
}

/// The whole road of one photo: decode with the default limits, crop around the face, resize, encode.
///
/// # Errors
/// A `PhotoError` whose text may be shown to the person who chose the file.
pub fn normalise(bytes: &[u8]) -> Result<Vec<Rendition>, PhotoError> {
    let photo = decode(bytes, Limits::default())?;
    renditions(&square(&photo))
}

/// The square in every size of `SIZES`, in that order. Small photos are enlarged.
///
/// # Errors
/// `PhotoError::Unencodable` when the JPEG encoder refuses.
pub fn renditions(photo: &SquarePhoto) -> Result<Vec<Rendition>, PhotoError> {
    let largest = SIZES[SIZES.len() - 1];
    // A large photo is reduced once to the largest size; the others start from there and cost next to nothing.
    let master =
        if photo.side() > u32::from(largest) { resize(photo.pixels(), largest) } else { photo.pixels().clone() };
    SIZES
        .into_iter()
        .map(|size| {
            let jpeg = encode(&resize(&master, size))?;
            Ok(Rendition { size, jpeg })
        })
        .collect()
}

fn resize(pixels: &RgbImage, size: u16) -> RgbImage {
    let side = u32::from(size);
    if pixels.width() == side {
        return pixels.clone();
    }
    // Lanczos keeps eyes crisp when shrinking; when enlarging its ringing shows, so the softer filter is used.
    let filter = if pixels.width() > side { imageops::FilterType::Lanczos3 } else { imageops::FilterType::CatmullRom };
    imageops::resize(pixels, side, side, filter)
}

pub(crate) fn encode(pixels: &RgbImage) -> Result<Vec<u8>, PhotoError> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(pixels).map_err(|_| PhotoError::Unencodable)?;
    Ok(jpeg)
}
