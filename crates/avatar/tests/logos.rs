//! Logos as apps and attackers offer them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Cursor;

use avatar::{PhotoError, logo};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgba, RgbaImage};

const RED: Rgba<u8> = Rgba([220, 20, 20, 255]);

fn write(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn a_logo_of_any_shape_lies_whole_in_the_middle_of_a_white_square() {
    for (width, height) in [(300, 100), (100, 300), (40, 20), (2_000, 100)] {
        let jpeg = logo(&write(RgbaImage::from_pixel(width, height, RED), ImageFormat::Png), 128).unwrap();
        let shown = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
        assert_eq!(shown.dimensions(), (128, 128));
        let [red, green, _, _] = shown.get_pixel(64, 64).0;
        assert!(red > 180 && green < 110, "{width} × {height}: {:?}", shown.get_pixel(64, 64));
        assert!(shown.get_pixel(1, 1).0.iter().all(|channel| *channel > 245), "{width} × {height}");
    }
}

#[test]
fn what_is_transparent_in_a_logo_is_white() {
    let clear = RgbaImage::from_pixel(64, 64, Rgba([0, 0, 0, 0]));
    let shown = image::load_from_memory(&logo(&write(clear, ImageFormat::Png), 128).unwrap()).unwrap();
    assert!(shown.get_pixel(64, 64).0.iter().all(|channel| *channel > 245));
}

#[test]
fn what_is_no_small_picture_is_no_logo() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    for bytes in [svg.as_slice(), b"<!doctype html><p>logo</p>", b"\x89PNG\r\n\x1a\n<html>", b""] {
        assert!(logo(bytes, 128).is_err(), "{}", String::from_utf8_lossy(bytes));
    }
    // Light to send, heavy to open.
    let bomb = write(DynamicImage::new_luma8(4_000, 4_000), ImageFormat::Png);
    assert!(bomb.len() < 256 << 10, "{}", bomb.len());
    assert_eq!(logo(&bomb, 128), Err(PhotoError::TooManyPixels { width: 4_000, height: 4_000 }));
    let heavy = vec![0; (256 << 10) + 1];
    assert!(matches!(logo(&heavy, 128), Err(PhotoError::TooManyBytes { .. })));
}
