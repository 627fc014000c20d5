//! The square shows the person, wherever in the photo the person is.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Cursor;

use avatar::{Limits, Photo, Square, decode, find_square, square};
use image::{DynamicImage, ImageFormat, RgbImage, imageops};

const ASTRONAUT: &[u8] = include_bytes!("photos/astronaut.png");
const CHELSEA: &[u8] = include_bytes!("photos/chelsea.png");

/// From brows to chin of the astronaut, marked by eye: left, top, right, bottom.
const HER_FACE: [u32; 4] = [180, 78, 268, 162];

fn photo_of(picture: RgbImage) -> Photo {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    decode(&bytes.into_inner(), Limits::default()).unwrap()
}

fn holds(square: Square, [left, top, right, bottom]: [u32; 4]) -> bool {
    square.x <= left && square.y <= top && square.x + square.side >= right && square.y + square.side >= bottom
}

#[test]
fn the_face_lies_inside_of_the_square_and_fills_much_of_it() {
    let photo = decode(ASTRONAUT, Limits::default()).unwrap();
    let found = find_square(&photo);
    assert!(holds(found, HER_FACE), "{found:?}");
    assert!((170..300).contains(&found.side), "{found:?}");
    assert_eq!(square(&photo).side(), found.side);
}

#[test]
fn a_face_at_the_edge_of_a_wide_photo_is_found() {
    let person = image::load_from_memory(ASTRONAUT).unwrap().into_rgb8();
    for left in [0, 700, 1388] {
        let mut wide = RgbImage::from_pixel(1900, 512, image::Rgb([120, 130, 140]));
        imageops::replace(&mut wide, &person, left, 0);
        let offset = u32::try_from(left).unwrap();
        let found = find_square(&photo_of(wide));
        let [x1, y1, x2, y2] = HER_FACE;
        assert!(holds(found, [x1 + offset, y1, x2 + offset, y2]), "at {left}: {found:?}");
    }
}

#[test]
fn a_face_in_a_large_or_dim_photo_is_found() {
    let person = image::load_from_memory(ASTRONAUT).unwrap().into_rgb8();
    let large = imageops::resize(&person, 2048, 2048, imageops::FilterType::Triangle);
    assert!(holds(find_square(&photo_of(large)), HER_FACE.map(|edge| edge * 4)));
    let dim = RgbImage::from_fn(512, 512, |x, y| image::Rgb(person.get_pixel(x, y).0.map(|channel| channel / 4)));
    assert!(holds(find_square(&photo_of(dim)), HER_FACE));
}

#[test]
fn without_a_face_the_upper_middle_is_taken() {
    let cat = find_square(&decode(CHELSEA, Limits::default()).unwrap());
    assert_eq!(cat, Square { x: (451 - 300) / 2, y: 0, side: 300 });
    let blank = find_square(&photo_of(RgbImage::from_pixel(100, 300, image::Rgb([9, 9, 9]))));
    assert_eq!(blank, Square { x: 0, y: 40, side: 100 });
}

#[test]
fn slivers_are_cut_without_complaint() {
    for (width, height) in [(16, 16), (16, 12_000), (12_000, 16), (19, 21)] {
        let found = find_square(&photo_of(RgbImage::new(width, height)));
        assert_eq!(found.side, width.min(height));
        assert!(found.x + found.side <= width && found.y + found.side <= height);
    }
}
