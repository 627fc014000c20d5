//! Initials art: what stands in for a photo. The same name and seed always give the same bytes; a name is never markup.

mod letters;
pub(crate) mod palette;
mod raster;

use std::fmt::Write as _;

pub use letters::initials;
pub use raster::initials_png;

/// The picture is drawn on a square of this many units; text and person are placed on it.
const UNITS: f32 = 64.0;
/// Height of the letters' em square, in units.
const FONT_SIZE: f32 = 26.0;
/// The baseline that centres Inter's capitals (cap height 0.727 em) on the square.
const BASELINE: f32 = 41.45;
/// Head and shoulders, for names without a letter to show.
const PERSON: &str = "M32 14a11 11 0 1 1 0 22a11 11 0 1 1 0-22zM10 64a22 21 0 0 1 44 0z";

/// An SVG document of at most two letters (or a plain figure) on a calm ground.
///
/// `name` is a person's name as somebody typed it, in any script, hostile or empty. `seed` picks the ground colour and should be
/// stable for the person. `size` is the side in CSS pixels; zero counts as one.
#[must_use]
pub fn initials_svg(name: &str, seed: &str, size: u16) -> String {
    let size = size.max(1);
    let ground = palette::ground(seed);
    let ink = palette::INK;
    let letters = escape(&initials(name));
    let label = if letters.is_empty() { "Person" } else { &letters };

    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 64 64" role="img" aria-label="{label}"><path fill="{ground}" d="M0 0h64v64H0z"/>"#
    );
    // Writing to a string cannot fail.
    let _ = if letters.is_empty() {
        write!(svg, r#"<path fill="{ink}" d="{PERSON}"/></svg>"#)
    } else {
        write!(
            svg,
            r#"<text x="32" y="{BASELINE}" fill="{ink}" font-family="Inter,sans-serif" font-size="{FONT_SIZE}" font-weight="600" text-anchor="middle">{letters}</text></svg>"#
        )
    };
    svg
}

/// Letters never hold markup, yet the escape stays: the safety of a page must not rest on one rule in another file.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
