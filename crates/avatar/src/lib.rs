//! Pixels: initials art, and photos made square, small and harmless. Pure and CPU-bound: no files, no network, no clock.

pub mod crop;
pub mod decode;
pub mod encode;
mod format;
pub mod initials;
mod logo;
pub mod portrait;

pub use crop::{Square, SquarePhoto, find_square, square};
pub use decode::{Limits, Photo, PhotoError, decode};
pub use encode::{Rendition, SIZES, normalise, renditions};
pub use initials::{initials_png, initials_svg};
pub use logo::logo;
pub use portrait::demo_portrait;
