//! Neck, shoulders and what is worn on them.

use super::{
    canvas::Canvas,
    person::{Clothes, Person},
    shade,
};

const BODY: &str =
    "M 46 520 C 50 446 84 418 146 402 L 214 382 C 222 408 290 408 298 382 L 366 402 C 428 418 462 446 466 520 Z";
const BODY_V: &str =
    "M 46 520 C 50 446 84 418 146 402 L 214 380 L 256 446 L 298 380 L 366 402 C 428 418 462 446 466 520 Z";

pub(super) fn neck(canvas: &mut Canvas, person: &Person) {
    let skin = person.skin;
    canvas.fill(
        "M 222 290 L 222 362 C 220 380 196 390 164 400 L 256 470 L 348 400 C 316 390 292 380 290 362 L 290 290 Z",
        skin.base,
    );
    // The chin's shadow is what lifts the head off the neck.
    canvas.fill("M 222 304 L 290 304 L 290 340 C 280 368 236 372 222 350 Z", skin.shade);
}

pub(super) fn clothes(canvas: &mut Canvas, person: &Person) {
    let cloth = person.cloth;
    let dark = shade(cloth, 0.82);
    match person.clothes {
        Clothes::Crew => {
            canvas.fill(BODY, cloth);
            canvas.trace("M 213 383 C 222 411 290 411 299 383", dark, 9.0);
        }
        Clothes::VNeck => {
            canvas.fill(BODY_V, cloth);
            canvas.trace("M 214 381 L 256 445 L 298 381", dark, 9.0);
        }
        Clothes::Shirt => {
            let pale = person.second_cloth;
            let crease = shade(pale, 0.88);
            canvas.fill(BODY_V, pale);
            canvas.fill("M 230 400 L 256 414 L 282 400 L 276 450 L 236 450 Z", pale);
            canvas.trace("M 256 416 L 256 520", crease, 3.0);
            canvas.circle(256.0, 466.0, 4.0, shade(pale, 0.78), 1.0);
            canvas.circle(256.0, 500.0, 4.0, shade(pale, 0.78), 1.0);
            canvas
                .fill_both("M 216 362 C 206 372 202 384 202 394 L 238 436 L 257 414 C 238 404 224 388 216 362 Z", pale);
            canvas.trace_both("M 202 394 L 238 436 L 256 415", crease, 3.0);
        }
        Clothes::Blazer => {
            canvas.fill(BODY, person.second_cloth);
            canvas.trace("M 213 383 C 222 411 290 411 299 383", shade(person.second_cloth, 0.88), 7.0);
            canvas.fill_both("M 46 520 C 50 446 84 418 146 402 L 210 380 L 244 520 Z", cloth);
            canvas.fill_both(
                "M 210 379 L 180 404 L 196 430 L 184 440 L 242 520 L 248 520 C 238 470 222 424 210 379 Z",
                dark,
            );
        }
        Clothes::Turtleneck => {
            canvas.fill(BODY, cloth);
            canvas.fill("M 214 342 C 226 356 286 356 298 342 L 304 392 C 296 408 216 408 208 392 Z", cloth);
            canvas.trace("M 208 393 C 218 409 294 409 304 393", dark, 3.5);
            canvas.trace("M 215 346 C 228 359 284 359 297 346", dark, 3.0);
        }
    }
    // The sleeves begin where the arms touch the chest.
    canvas.trace_both(
        "M 112 520 C 112 496 116 478 122 466",
        shade(if person.clothes == Clothes::Shirt { person.second_cloth } else { cloth }, 0.82),
        4.0,
    );
}
