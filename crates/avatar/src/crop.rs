//! The square that shows the person. For now an upper-centre crop; see `face`.

use image::{RgbImage, imageops};

use crate::decode::Photo;

/// A photo as wide as high.
#[derive(Debug, Clone)]
pub struct SquarePhoto {
    pixels: RgbImage,
}

impl SquarePhoto {
    /// Pixels on each side.
    #[must_use]
    pub fn side(&self) -> u32 {
        self.pixels.width()
    }

    pub(crate) fn pixels(&self) -> &RgbImage {
        &self.pixels
    }
}

/// Cuts the square.
#[must_use]
pub fn square(photo: &Photo) -> SquarePhoto {
    let (width, height) = photo.pixels.dimensions();
    let side = width.min(height);
    let pixels = imageops::crop_imm(
        &photo.pixels,
        (width - side) / 2,
        (height - side) / 5,
        side,
        side,
    )
    .to_image();
    SquarePhoto { pixels }
}
