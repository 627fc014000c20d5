//! Portraits of people who do not exist, drawn for the demo: flat, calm, and the same for a seed on every machine.

mod canvas;
mod clothes;
mod face;
mod hair;
mod person;

use crate::{encode, initials::palette::Colour};
use canvas::Canvas;
use person::Person;

/// A drawn head and shoulders as JPEG bytes, 512 × 512 pixels. Near seeds give unlike people; equal seeds give equal bytes.
///
/// The answer is empty only when memory for the drawing cannot be had.
#[must_use]
pub fn demo_portrait(seed: u64) -> Vec<u8> {
    let person = Person::from_seed(seed);
    let Some(mut canvas) = Canvas::new(person.ground) else { return Vec::new() };

    // From far to near.
    canvas.tilt(person.tilt / 2.0);
    hair::behind(&mut canvas, &person);
    canvas.tilt(0.0);
    clothes::neck(&mut canvas, &person);
    clothes::clothes(&mut canvas, &person);
    canvas.tilt(person.tilt);
    face::head(&mut canvas, &person);
    face::features(&mut canvas, &person);
    face::earrings(&mut canvas, &person);
    hair::front(&mut canvas, &person);
    encode::encode(&canvas.finish()).unwrap_or_default()
}

/// Below one the share of the colour that is left; above one the share of white that is added (1.2 adds a fifth).
fn shade(colour: Colour, factor: f32) -> Colour {
    let scaled = |channel: u8| {
        let value = f32::from(channel);
        let value = if factor > 1.0 { value + (255.0 - value) * (factor - 1.0) } else { value * factor };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range of a channel"
        )]
        let channel = value.clamp(0.0, 255.0) as u8;
        channel
    };
    Colour { red: scaled(colour.red), green: scaled(colour.green), blue: scaled(colour.blue) }
}
