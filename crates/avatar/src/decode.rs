//! Bytes of unknown origin become a photo, or a reason that a person understands. Nothing is believed but the bytes themselves.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::{
    DynamicImage, ImageDecoder, ImageError, RgbImage,
    codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
};

use crate::format::{self, Format};

/// What a photo may cost before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub bytes: usize,
    /// Largest width times height.
    pub pixels: u64,
    /// Longest side, in pixels.
    pub longest_side: u32,
    /// Shortest side that still shows a face, in pixels.
    pub shortest_side: u32,
    /// Most memory one decoded picture may take, in bytes (deep colour takes up to 8 bytes a pixel).
    pub memory: u64,
}

impl Default for Limits {
    /// 20 MB, 50 megapixels, 12 000 pixels a side, at least 16 pixels, 256 MiB.
    fn default() -> Self {
        Self { bytes: 20_000_000, pixels: 50_000_000, longest_side: 12_000, shortest_side: 16, memory: 256 << 20 }
    }
}

/// A decoded picture: upright, opaque, 8-bit RGB, any shape.
#[derive(Debug, Clone)]
pub struct Photo {
    pub(crate) pixels: RgbImage,
}

impl Photo {
    /// Pixels across.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.pixels.width()
    }

    /// Pixels down.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.pixels.height()
    }

    /// Red, green, blue of one pixel; none outside of the picture.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        self.pixels.get_pixel_checked(x, y).map(|pixel| pixel.0)
    }
}

/// Why bytes did not become a photo. The texts are meant for the person who chose the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {bytes} bytes; photos may have up to {limit}")]
    TooManyBytes { bytes: usize, limit: usize },
    #[error("the file is {found}; photos must be JPEG, PNG, WebP or GIF")]
    NotAPhoto { found: &'static str },
    #[error("the picture is {width} × {height} pixels, which is too large to open")]
    TooManyPixels { width: u32, height: u32 },
    #[error("the picture is {width} × {height} pixels; a photo needs at least {shortest} on each side")]
    TooSmall { width: u32, height: u32, shortest: u32 },
    #[error("the {format} file ends too early; it was probably not transferred completely")]
    Truncated { format: &'static str },
    #[error("the {format} file is damaged or uses a variant that cannot be read")]
    Undecodable { format: &'static str },
    #[error("the picture could not be written")]
    Unencodable,
}

/// Reads a JPEG, PNG, WebP or GIF (of moving pictures the first frame), turns it upright as its EXIF orientation says, and
/// flattens transparency on white. Grey, 16-bit and four-ink pictures become 8-bit RGB; colour profiles are not applied.
///
/// # Errors
/// A `PhotoError` that says what is wrong with the file. Sizes are checked before any pixel memory is reserved.
pub fn decode(bytes: &[u8], limits: Limits) -> Result<Photo, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes.len() > limits.bytes {
        return Err(PhotoError::TooManyBytes { bytes: bytes.len(), limit: limits.bytes });
    }
    let format = format::sniff(bytes).map_err(|found| PhotoError::NotAPhoto { found })?;
    // The decoder fills what a cut JPEG lacks with grey, so the end is looked for here.
    if format == Format::Jpeg && !format::jpeg_has_an_end(bytes) {
        return Err(PhotoError::Truncated { format: format.name() });
    }

    // No codec is known to panic; should one learn to, its bug must cost one photo and not the process.
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        let cursor = Cursor::new(bytes);
        match format {
            Format::Jpeg => JpegDecoder::new(cursor).map_err(Failure::from).and_then(|decoder| read(decoder, limits)),
            // Text chunks are unpacked while the header is read, so this decoder wants its memory limit at once.
            Format::Png => PngDecoder::with_limits(cursor, memory_limit(limits))
                .map_err(Failure::from)
                .and_then(|decoder| read(decoder, limits)),
            Format::WebP => WebPDecoder::new(cursor).map_err(Failure::from).and_then(|decoder| read(decoder, limits)),
            Format::Gif => GifDecoder::new(cursor).map_err(Failure::from).and_then(|decoder| read(decoder, limits)),
        }
    }));
    match decoded {
        Ok(Ok(picture)) => Ok(Photo { pixels: flatten(picture) }),
        Ok(Err(Failure::Refused(reason))) => Err(reason),
        Ok(Err(Failure::Codec(error))) => Err(explain(&error, format)),
        Err(_panic) => Err(PhotoError::Undecodable { format: format.name() }),
    }
}

/// Either our own rule refused the picture, or the codec did.
enum Failure {
    Refused(PhotoError),
    Codec(ImageError),
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        Self::Codec(error)
    }
}

fn read(mut decoder: impl ImageDecoder, limits: Limits) -> Result<DynamicImage, Failure> {
    let (width, height) = decoder.dimensions();
    if width > limits.longest_side
        || height > limits.longest_side
        || u64::from(width) * u64::from(height) > limits.pixels
        || decoder.total_bytes() > limits.memory
    {
        return Err(Failure::Refused(PhotoError::TooManyPixels { width, height }));
    }
    let shortest = limits.shortest_side;
    if width < shortest || height < shortest {
        return Err(Failure::Refused(PhotoError::TooSmall { width, height, shortest }));
    }
    decoder.set_limits(memory_limit(limits))?;
    // A photo with an unreadable orientation is shown as it lies.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Sides are not limited here: `read` refuses them in words that name them.
fn memory_limit(limits: Limits) -> image::Limits {
    let mut codec = image::Limits::no_limits();
    // Codecs count their own work space too: the picture and as much again.
    codec.max_alloc = Some(limits.memory * 2);
    codec
}

fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let pixels = picture.into_rgba8();
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [red, green, blue, alpha] = pixels.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|channel| over_white(channel, alpha)))
    })
}

fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    u8::try_from((channel * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

fn explain(error: &ImageError, format: Format) -> PhotoError {
    let format = format.name();
    if ends_early(error) { PhotoError::Truncated { format } } else { PhotoError::Undecodable { format } }
}

/// Codecs wrap "unexpected end of file" in several coats; any of them may tell.
fn ends_early(error: &ImageError) -> bool {
    if let ImageError::IoError(io) = error {
        return is_end(io);
    }
    let mut source = std::error::Error::source(error);
    while let Some(current) = source {
        if current.downcast_ref::<std::io::Error>().is_some_and(is_end) {
            return true;
        }
        source = current.source();
    }
    false
}

fn is_end(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::UnexpectedEof
}
