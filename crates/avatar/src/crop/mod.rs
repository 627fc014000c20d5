//! The square that shows the person: around the face where one is found, else high in the middle, where faces usually are.

mod cascade;
mod face;

use image::{RgbImage, imageops};

use crate::decode::Photo;
use face::Face;

/// How much wider than the face the square is: hair and shoulders belong to a person.
const ROOM: f32 = 2.1;
/// A face far away is cut less tightly, down to this many pixels a side, before it would turn to mush.
const SMALLEST_CROP: f32 = 160.0;

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

/// A square inside of a photo, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Square {
    pub x: u32,
    pub y: u32,
    pub side: u32,
}

/// Cuts the square that `find_square` names.
#[must_use]
pub fn square(photo: &Photo) -> SquarePhoto {
    let Square { x, y, side } = find_square(photo);
    SquarePhoto { pixels: imageops::crop_imm(&photo.pixels, x, y, side, side).to_image() }
}

/// Where the person is. The detector knows upright faces seen from the front; profiles and faces smaller than about a tenth
/// of the picture's height are missed, and the upper middle is taken.
#[must_use]
pub fn find_square(photo: &Photo) -> Square {
    face::find(&photo.pixels).map_or_else(|| upper_middle(photo), |face| around(photo, face))
}

fn upper_middle(photo: &Photo) -> Square {
    let (width, height) = (photo.width(), photo.height());
    let side = width.min(height);
    Square { x: (width - side) / 2, y: (height - side) / 5, side }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides are at most 12 000 pixels, and every value is clamped to the picture"
)]
fn around(photo: &Photo, face: Face) -> Square {
    let (width, height) = (photo.width() as f32, photo.height() as f32);
    let side = (face.side * ROOM).max(SMALLEST_CROP).min(width).min(height).floor();
    // The detector's square ends at the chin and leaves the hair out, so the middle of the head lies a little higher; shoulders
    // pull the eye down by about as much.
    let middle = (face.x + face.side / 2.0, face.y + face.side / 2.0);
    let place = |centre: f32, whole: f32| (centre - side / 2.0).clamp(0.0, whole - side) as u32;
    Square { x: place(middle.0, width), y: place(middle.1, height), side: side as u32 }
}
