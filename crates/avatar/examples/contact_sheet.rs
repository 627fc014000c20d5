//! Draws 24 demo portraits on one sheet, for people who change the drawing: `cargo run -p avatar --example contact_sheet FILE FIRST`.

use std::{error::Error, path::PathBuf};

use image::{GenericImage as _, RgbImage, imageops};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let file = arguments.next().map(PathBuf::from).ok_or("name the file to write")?;
    let first: u64 = match arguments.next() {
        Some(number) => number.to_string_lossy().parse()?,
        None => 0,
    };

    let mut sheet = RgbImage::new(6 * 256, 4 * 256);
    for cell in 0..24_u32 {
        let portrait = image::load_from_memory(&avatar::demo_portrait(first + u64::from(cell)))?.into_rgb8();
        let small = imageops::resize(&portrait, 256, 256, imageops::FilterType::Lanczos3);
        sheet.copy_from(&small, cell % 6 * 256, cell / 6 * 256)?;
    }
    sheet.save(file)?;
    Ok(())
}
