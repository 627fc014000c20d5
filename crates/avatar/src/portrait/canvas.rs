//! A small drawing board: shapes are written as path words (`M` `L` `C` `Q` `Z`, absolute), filled or traced, alone or mirrored.

use image::{Rgb, RgbImage};
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, Transform};

use crate::initials::palette::Colour;

/// Portraits are drawn on a square of this many pixels.
pub(super) const SIDE: u32 = 512;
/// The axis of the head: mirrored shapes are reflected here.
const AXIS: f32 = 256.0;

pub(super) struct Canvas {
    pixels: Pixmap,
    pose: Transform,
}

impl Canvas {
    /// A board of one colour; nothing when there is no memory for it.
    pub(super) fn new(ground: Colour) -> Option<Self> {
        let mut pixels = Pixmap::new(SIDE, SIDE)?;
        pixels.fill(tiny_skia::Color::from_rgba8(ground.red, ground.green, ground.blue, 255));
        Some(Self { pixels, pose: closer() })
    }

    /// From now on everything is turned by `degrees` around the nape of the neck.
    pub(super) fn tilt(&mut self, degrees: f32) {
        self.pose = closer().pre_concat(Transform::from_rotate_at(degrees, AXIS, 350.0));
    }

    pub(super) fn fill(&mut self, words: &str, colour: Colour) {
        self.wash(words, colour, 1.0);
    }

    /// Fills with a share of the colour (0 to 1), so that what lies below shines through.
    pub(super) fn wash(&mut self, words: &str, colour: Colour, share: f32) {
        if let Some(path) = parse(words) {
            self.paint_path(&path, colour, share, Transform::identity());
        }
    }

    /// Washes a shape and its reflection.
    pub(super) fn wash_both(&mut self, words: &str, colour: Colour, share: f32) {
        if let Some(path) = parse(words) {
            self.paint_path(&path, colour, share, Transform::identity());
            self.paint_path(&path, colour, share, mirror());
        }
    }

    /// Fills a shape and its reflection.
    pub(super) fn fill_both(&mut self, words: &str, colour: Colour) {
        self.wash_both(words, colour, 1.0);
    }

    pub(super) fn circle(&mut self, x: f32, y: f32, radius: f32, colour: Colour, share: f32) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius) {
            self.paint_path(&path, colour, share, Transform::identity());
        }
    }

    pub(super) fn trace(&mut self, words: &str, colour: Colour, width: f32) {
        self.trace_with(words, colour, width, Transform::identity());
    }

    /// Traces a line and its reflection.
    pub(super) fn trace_both(&mut self, words: &str, colour: Colour, width: f32) {
        self.trace_with(words, colour, width, Transform::identity());
        self.trace_with(words, colour, width, mirror());
    }

    pub(super) fn finish(self) -> RgbImage {
        // The ground is opaque and stays so; alpha can be left behind.
        RgbImage::from_fn(SIDE, SIDE, |x, y| {
            let [red, green, blue] =
                self.pixels.pixel(x, y).map_or([255; 3], |pixel| [pixel.red(), pixel.green(), pixel.blue()]);
            Rgb([red, green, blue])
        })
    }

    fn paint_path(&mut self, path: &Path, colour: Colour, share: f32, placed: Transform) {
        self.pixels.fill_path(path, &paint(colour, share), FillRule::Winding, self.pose.pre_concat(placed), None);
    }

    fn trace_with(&mut self, words: &str, colour: Colour, width: f32, placed: Transform) {
        let Some(path) = parse(words) else { return };
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        self.pixels.stroke_path(&path, &paint(colour, 1.0), &stroke, self.pose.pre_concat(placed), None);
    }
}

/// Shapes are written with room around them; a face should fill its picture.
fn closer() -> Transform {
    Transform::from_row(1.16, 0.0, 0.0, 1.16, AXIS * (1.0 - 1.16), 300.0 * (1.0 - 1.16))
}

fn mirror() -> Transform {
    Transform::from_row(-1.0, 0.0, 0.0, 1.0, 2.0 * AXIS, 0.0)
}

fn paint(colour: Colour, share: f32) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    let mut shade = tiny_skia::Color::from_rgba8(colour.red, colour.green, colour.blue, 255);
    shade.set_alpha(share);
    paint.set_color(shade);
    paint
}

/// Reads path words; a word that is not understood ends the shape, which a drawing shows at once.
fn parse(words: &str) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut tokens = words.split_ascii_whitespace();
    while let Some(command) = tokens.next() {
        let count = match command {
            "M" | "L" => 2,
            "Q" => 4,
            "C" => 6,
            "Z" => 0,
            _ => return None,
        };
        let mut at = [0.0_f32; 6];
        for number in &mut at[..count] {
            *number = tokens.next()?.parse().ok()?;
        }
        match command {
            "M" => path.move_to(at[0], at[1]),
            "L" => path.line_to(at[0], at[1]),
            "Q" => path.quad_to(at[0], at[1], at[2], at[3]),
            "C" => path.cubic_to(at[0], at[1], at[2], at[3], at[4], at[5]),
            _ => path.close(),
        }
    }
    path.finish()
}
