//! Initials as a PNG, for readers that show no SVG. Letters come from the shipped Inter subset; other scripts get the figure.

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Transform};
use ttf_parser::{Face, OutlineBuilder};
use unicode_normalization::char::is_combining_mark;

use super::{BASELINE, FONT_SIZE, UNITS, initials, palette};
use crate::decode::PhotoError;

/// Inter SemiBold 4.0, Latin, Greek and Cyrillic (SIL Open Font License 1.1, `assets/OFL.txt`).
const FONT: &[u8] = include_bytes!("../../assets/inter-semibold-subset.otf");
const LARGEST: u16 = 2048;

/// The picture of `initials_svg` as PNG bytes: same letters, same colours, `size` pixels a side (1 to 2048).
///
/// # Errors
/// `PhotoError::Unencodable` when the PNG encoder refuses, which no input is known to cause.
pub fn initials_png(name: &str, seed: &str, size: u16) -> Result<Vec<u8>, PhotoError> {
    let side = u32::from(size.clamp(1, LARGEST));
    let mut canvas = Pixmap::new(side, side).ok_or(PhotoError::Unencodable)?;
    canvas.fill(opaque(palette::ground(seed)));

    let shape = letters_path(&initials(name)).or_else(person_path).ok_or(PhotoError::Unencodable)?;
    let mut paint = Paint::default();
    paint.set_color(opaque(palette::INK));
    paint.anti_alias = true;
    #[expect(clippy::cast_precision_loss, reason = "a side of at most 2048 is exact in f32")]
    let scale = side as f32 / UNITS;
    canvas.fill_path(&shape, &paint, FillRule::Winding, Transform::from_scale(scale, scale), None);

    // Every pixel is opaque, so the three colour channels say it all.
    let rgb: Vec<u8> = canvas.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(&rgb, side, side, ExtendedColorType::Rgb8)
        .map_err(|_| PhotoError::Unencodable)?;
    Ok(png)
}

fn opaque(colour: palette::Colour) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(colour.red, colour.green, colour.blue, 255)
}

/// The outline of the letters, centred on the square, or nothing when the font lacks one of them.
fn letters_path(letters: &str) -> Option<Path> {
    let face = Face::parse(FONT, 0).ok()?;
    let em = FONT_SIZE / f32::from(face.units_per_em());
    // Marks that no single letter carries would need a shaper; the letter alone is right more often than a mark misplaced.
    let glyphs: Vec<_> = letters
        .chars()
        .filter(|character| !is_combining_mark(*character))
        .map(|character| face.glyph_index(character))
        .collect::<Option<_>>()?;
    let advances: Vec<f32> =
        glyphs.iter().map(|glyph| f32::from(face.glyph_hor_advance(*glyph).unwrap_or(0)) * em).collect();

    let mut outline = Outline { path: PathBuilder::new(), x: (UNITS - advances.iter().sum::<f32>()) / 2.0, em };
    for (glyph, advance) in glyphs.iter().zip(&advances) {
        face.outline_glyph(*glyph, &mut outline)?;
        outline.x += advance;
    }
    outline.path.finish()
}

fn person_path() -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_circle(32.0, 25.0, 11.0);
    path.push_oval(tiny_skia::Rect::from_xywh(10.0, 43.0, 44.0, 42.0)?);
    path.finish()
}

/// Turns font units (y up) into square units (y down) at the pen's place.
struct Outline {
    path: PathBuilder,
    x: f32,
    em: f32,
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.em, BASELINE - y * self.em)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x, y) = self.at(x, y);
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (x1, y1) = self.at(x1, y1);
        let (x2, y2) = self.at(x2, y2);
        let (x, y) = self.at(x, y);
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
