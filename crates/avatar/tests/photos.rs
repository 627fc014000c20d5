//! Photos as people and attackers send them: bad files are made here, from good ones.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Cursor;

use avatar::{Limits, PhotoError, SIZES, decode, normalise};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

const ASTRONAUT: &[u8] = include_bytes!("photos/astronaut.png");
const CAMERA: &[u8] = include_bytes!("photos/camera.png");
const CMYK: &[u8] = include_bytes!("photos/astronaut-cmyk.jpg");

fn read(bytes: &[u8]) -> Result<avatar::Photo, PhotoError> {
    decode(bytes, Limits::default())
}

fn write(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// 40 × 20: the left half red, the right half blue.
fn red_and_blue() -> RgbImage {
    RgbImage::from_fn(40, 20, |x, _| if x < 20 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

fn is_red(pixel: Option<[u8; 3]>) -> bool {
    pixel.is_some_and(|[red, _, blue]| red > 180 && blue < 80)
}

#[test]
fn every_accepted_format_keeps_its_pixels() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let photo = read(&write(red_and_blue(), format)).unwrap();
        assert_eq!((photo.width(), photo.height()), (40, 20), "{format:?}");
        assert!(is_red(photo.pixel(3, 10)) && !is_red(photo.pixel(36, 10)), "{format:?}");
    }
}

#[test]
fn grey_and_sixteen_bit_pictures_become_rgb() {
    assert_eq!(read(CAMERA).unwrap().width(), 512);
    let deep = image::ImageBuffer::from_pixel(20, 20, Rgb([65_535_u16, 0, 0]));
    assert_eq!(read(&write(DynamicImage::ImageRgb16(deep), ImageFormat::Png)).unwrap().pixel(5, 5), Some([255, 0, 0]));
}

#[test]
fn four_ink_jpegs_show_their_true_colours() {
    let photo = read(CMYK).unwrap();
    assert_eq!((photo.width(), photo.height()), (160, 120));
    let original = image::load_from_memory(ASTRONAUT)
        .unwrap()
        .resize_exact(160, 120, image::imageops::FilterType::Triangle)
        .into_rgb8();
    let difference: u64 = original
        .enumerate_pixels()
        .flat_map(|(x, y, pixel)| pixel.0.into_iter().zip(photo.pixel(x, y).unwrap()))
        .map(|(expected, found)| u64::from(expected.abs_diff(found)))
        .sum();
    assert!(difference / (160 * 120 * 3) < 12, "mean difference {}", difference / (160 * 120 * 3));
}

#[test]
fn transparency_becomes_white() {
    let clear = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0]));
    assert_eq!(read(&write(clear, ImageFormat::Png)).unwrap().pixel(4, 4), Some([255, 255, 255]));
    let half = RgbaImage::from_pixel(20, 20, Rgba([255, 0, 0, 128]));
    assert_eq!(read(&write(half, ImageFormat::Png)).unwrap().pixel(4, 4), Some([255, 127, 127]));
}

#[test]
fn of_a_moving_picture_the_first_frame_is_taken() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for colour in [[220, 20, 20, 255], [20, 20, 220, 255]] {
        encoder.encode_frame(image::Frame::new(RgbaImage::from_pixel(24, 24, Rgba(colour)))).unwrap();
    }
    drop(encoder);
    assert!(is_red(read(&bytes).unwrap().pixel(12, 12)));
}

#[test]
fn a_rotated_jpeg_stands_upright() {
    let plain = write(red_and_blue(), ImageFormat::Jpeg);
    // Orientation 6: the camera was turned; the picture is shown after a quarter turn clockwise, so left becomes top.
    let photo = read(&with_orientation(&plain, 6)).unwrap();
    assert_eq!((photo.width(), photo.height()), (20, 40));
    assert!(is_red(photo.pixel(10, 3)) && !is_red(photo.pixel(10, 36)));
    let mirrored = read(&with_orientation(&plain, 2)).unwrap();
    assert!(is_red(mirrored.pixel(36, 10)));
    assert!(is_red(read(&with_orientation(&plain, 77)).unwrap().pixel(3, 10)), "nonsense is ignored");
}

/// Puts an EXIF segment (APP1, little-endian TIFF with one entry, tag 0x0112) behind the start of a JPEG.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn a_file_cut_short_is_refused_wherever_it_is_cut() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let noisy =
            RgbImage::from_fn(64, 64, |x, y| Rgb([(x * 37 % 251) as u8, (y * 91 % 241) as u8, (x * y % 239) as u8]));
        let whole = write(noisy, format);
        assert!(read(&whole).is_ok(), "{format:?}");
        for share in 1..10 {
            let cut = &whole[..whole.len() * share / 10];
            let error = read(cut).expect_err("a part of a file is no photo");
            assert!(
                matches!(error, PhotoError::Truncated { .. } | PhotoError::Undecodable { .. }),
                "{format:?} cut at {share}/10: {error}"
            );
        }
    }
    assert_eq!(read(&ASTRONAUT[..400_000]).unwrap_err(), PhotoError::Truncated { format: "PNG" });
}

#[test]
fn a_pixel_bomb_is_refused_by_its_header() {
    assert_eq!(
        read(&png_claiming(60_000, 60_000)).unwrap_err(),
        PhotoError::TooManyPixels { width: 60_000, height: 60_000 }
    );
    assert_eq!(read(&png_claiming(12_001, 20)).unwrap_err(), PhotoError::TooManyPixels { width: 12_001, height: 20 });
    assert_eq!(
        read(&png_claiming(9_000, 9_000)).unwrap_err(),
        PhotoError::TooManyPixels { width: 9_000, height: 9_000 }
    );

    let mut gif = write(red_and_blue(), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(matches!(read(&gif).unwrap_err(), PhotoError::TooManyPixels { width: 65_535, height: 65_535 }));
}

/// A PNG whose header asks for that many pixels and whose data holds next to none.
fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = write(red_and_blue(), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&checksum);
    png
}

/// The checksum of PNG chunks (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |start, byte| {
        (0..8).fold(start ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[test]
fn what_is_no_photo_is_named() {
    for (bytes, words) in [
        (&b"just some words, renamed to portrait.jpg"[..], "text"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG or XML document"),
        (b"  <!DOCTYPE html><html>", "a web page"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\0\0\0\x18ftypheic\0\0", "a HEIC picture"),
        (b"\0\0\0\x18ftypavif\0\0", "an AVIF picture"),
        (b"BM\x3a\0\0\0", "a BMP picture"),
        (b"\x01\x02\x03\xfe", "of an unknown kind"),
    ] {
        let PhotoError::NotAPhoto { found } = read(bytes).unwrap_err() else { panic!("{words}") };
        assert_eq!(found, words);
    }
    assert_eq!(read(b"").unwrap_err(), PhotoError::Empty);
}

#[test]
fn files_too_large_or_pictures_too_small_are_refused() {
    let tight = Limits { bytes: 1_000, ..Limits::default() };
    assert_eq!(
        decode(ASTRONAUT, tight).unwrap_err(),
        PhotoError::TooManyBytes { bytes: ASTRONAUT.len(), limit: 1_000 }
    );
    let tiny = write(RgbImage::new(15, 400), ImageFormat::Png);
    assert_eq!(read(&tiny).unwrap_err(), PhotoError::TooSmall { width: 15, height: 400, shortest: 16 });
}

#[test]
fn damage_anywhere_never_panics() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = write(red_and_blue(), format);
        for at in 0..whole.len().min(600) {
            for flip in [0xff, 0x01, 0x80] {
                let mut damaged = whole.clone();
                damaged[at] ^= flip;
                let _ = read(&damaged);
            }
        }
    }
}

#[test]
fn a_photo_becomes_square_jpegs_of_every_size_without_metadata() {
    let rotated = with_orientation(&write(image::load_from_memory(ASTRONAUT).unwrap(), ImageFormat::Jpeg), 1);
    let made = normalise(&rotated).unwrap();
    assert_eq!(made.iter().map(|rendition| rendition.size).collect::<Vec<_>>(), SIZES);
    for rendition in &made {
        let picture = image::load_from_memory_with_format(&rendition.jpeg, ImageFormat::Jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (rendition.size.into(), rendition.size.into()));
        assert!(!rendition.jpeg.windows(4).any(|window| window == b"Exif"));
    }
    assert_eq!(made, normalise(&rotated).unwrap(), "the same photo gives the same bytes");
}

#[test]
fn a_small_photo_is_enlarged() {
    let made = normalise(&write(red_and_blue(), ImageFormat::Png)).unwrap();
    assert_eq!(made.len(), SIZES.len());
}
