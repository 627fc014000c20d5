//! The face: ears, features, beard and glasses.

use super::{
    canvas::Canvas,
    person::{Beard, Glasses, Hair, Person, Shape, Smile},
    shade,
};
use crate::initials::palette::Colour;

const LINE: Colour = Colour::hex(0x002b_2220);
const WHITE: Colour = Colour::hex(0x00fc_faf7);
const BLUSH: Colour = Colour::hex(0x00d4_5a4c);

pub(super) fn head(canvas: &mut Canvas, person: &Person) {
    let skin = person.skin;
    if person.hair != Hair::Hijab {
        canvas.fill_both("M 182 214 C 164 206 156 222 160 240 C 163 258 172 268 184 264 Z", skin.base);
        canvas.trace_both("M 176 228 C 168 226 166 236 170 244 C 172 250 175 252 178 252", skin.shade, 3.5);
    }
    canvas.fill(outline(person), skin.base);
    canvas.circle(204.0, 273.0, 18.0, BLUSH, skin.blush * 0.8);
    canvas.circle(308.0, 273.0, 18.0, BLUSH, skin.blush * 0.8);
}

pub(super) fn outline(person: &Person) -> &'static str {
    match (person.hair, person.shape) {
        (Hair::Hijab, _) => {
            "M 184 220 C 184 166 214 138 256 138 C 298 138 328 166 328 220 C 328 286 298 336 256 336 C 214 336 184 286 184 220 Z"
        }
        (_, Shape::Oval) => {
            "M 176 212 C 176 156 210 124 256 124 C 302 124 336 156 336 212 C 336 284 302 340 256 340 C 210 340 176 284 176 212 Z"
        }
        (_, Shape::Round) => {
            "M 173 216 C 173 158 209 124 256 124 C 303 124 339 158 339 216 C 339 294 304 336 256 336 C 208 336 173 294 173 216 Z"
        }
        (_, Shape::Square) => {
            "M 176 212 C 176 156 210 124 256 124 C 302 124 336 156 336 212 C 336 264 332 290 314 314 C 298 334 278 340 256 340 C 234 340 214 334 198 314 C 180 290 176 264 176 212 Z"
        }
    }
}

pub(super) fn features(canvas: &mut Canvas, person: &Person) {
    beard(canvas, person);
    nose(canvas, person);
    mouth(canvas, person);
    for x in [222.0, 290.0] {
        eye(canvas, person, x);
    }
    brows(canvas, person);
    glasses(canvas, person);
}

pub(super) fn earrings(canvas: &mut Canvas, person: &Person) {
    if person.earrings && person.hair != Hair::Hijab {
        for x in [174.0, 338.0] {
            canvas.circle(x, 270.0, 6.0, Colour::hex(0x00d9_a441), 1.0);
        }
    }
}

fn eye(canvas: &mut Canvas, person: &Person, x: f32) {
    let y = 234.0;
    let (left, right) = (x - 14.0, x + 14.0);
    let lid = format!("M {left} {} C {} {} {} {} {right} {}", y + 1.0, x - 8.0, y - 11.0, x + 8.0, y - 11.0, y + 1.0);
    canvas.fill(&format!("{lid} C {} {} {} {} {left} {} Z", x + 8.0, y + 9.0, x - 8.0, y + 9.0, y + 1.0), WHITE);
    canvas.circle(x, y - 0.5, 7.6, person.iris, 1.0);
    canvas.circle(x, y - 0.5, 4.2, LINE, 1.0);
    canvas.circle(x + 2.6, y - 3.4, 2.2, WHITE, 1.0);
    canvas.trace(&lid, LINE, if person.hair.is_long() { 4.4 } else { 3.6 });
    if person.hair.is_long() {
        let outward = if x < 256.0 { -1.0 } else { 1.0 };
        let corner = x + outward * 14.0;
        canvas.trace(&format!("M {corner} {} L {} {}", y + 1.0, corner + outward * 5.0, y - 4.0), LINE, 3.4);
    }
}

fn brows(canvas: &mut Canvas, person: &Person) {
    // Brows are seldom as light as the hair.
    let colour = if person.hair == Hair::Hijab { Colour::hex(0x003a_2a24) } else { shade(person.hair_colour, 0.78) };
    if person.hair.is_long() {
        canvas.trace_both("M 202 210 C 210 201 226 200 240 207", colour, 5.5);
    } else {
        canvas.trace_both("M 200 208 C 210 200 226 200 241 207", colour, 8.0);
    }
}

fn nose(canvas: &mut Canvas, person: &Person) {
    let line = shade(person.skin.shade, 0.92);
    match person.shape {
        Shape::Round => canvas.trace("M 245 266 C 249 275 263 275 267 266", line, 4.5),
        Shape::Oval => canvas.trace("M 254 240 C 253 252 244 262 247 269 C 250 274 258 275 265 271", line, 4.5),
        Shape::Square => canvas.trace("M 258 238 C 258 252 267 262 265 269 C 262 275 254 275 246 271", line, 4.5),
    }
}

fn mouth(canvas: &mut Canvas, person: &Person) {
    let lips = person.skin.lips;
    match person.smile {
        Smile::Open => {
            canvas.fill("M 227 292 C 242 296 270 296 285 292 C 282 322 230 322 227 292 Z", Colour::hex(0x007c_3330));
            canvas.fill("M 231 293 C 244 297 268 297 281 293 C 280 305 232 305 231 293 Z", WHITE);
            if person.hair.is_long() {
                canvas.trace("M 226 292 C 242 296 270 296 286 292 C 282 322 230 322 226 292 Z", lips, 4.5);
            }
        }
        Smile::Closed if person.hair.is_long() => full_lips(canvas, lips),
        Smile::Soft if person.hair.is_long() => {
            full_lips(canvas, lips);
            canvas.trace_both("M 228 295 C 225 293 224 291 224 289", shade(lips, 0.8), 3.0);
        }
        Smile::Closed => {
            canvas.trace("M 230 293 C 242 306 270 306 282 293", shade(lips, 0.9), 5.0);
            canvas.trace("M 248 315 C 253 317 259 317 264 315", person.skin.shade, 3.5);
        }
        Smile::Soft => {
            canvas.trace("M 234 298 C 246 303 268 303 280 294", shade(lips, 0.9), 5.0);
            canvas.trace("M 248 313 C 253 315 259 315 264 313", person.skin.shade, 3.5);
        }
    }
}

fn full_lips(canvas: &mut Canvas, lips: Colour) {
    canvas.fill("M 228 295 C 240 290 249 285 256 289 C 263 285 272 290 284 295 C 274 317 238 317 228 295 Z", lips);
    canvas.trace("M 229 295 C 242 301 270 301 283 295", shade(lips, 0.72), 3.0);
}

fn beard(canvas: &mut Canvas, person: &Person) {
    const FULL: &str = "M 175 222 C 176 270 182 300 200 322 C 216 344 238 352 256 352 C 274 352 296 344 312 322 C 330 300 336 270 337 222 C 330 254 320 278 300 281 C 284 283 272 277 256 277 C 240 277 228 283 212 281 C 192 278 182 254 175 222 Z";
    match person.beard {
        Beard::None => {}
        // A shadow on the skin must stay inside of the jaw, where a beard may reach over it.
        Beard::Stubble => canvas.wash(
            "M 178 236 C 182 280 190 302 208 320 C 224 335 242 339 256 339 C 270 339 288 335 304 320 C 322 302 330 280 334 236 C 328 262 318 280 300 282 C 284 284 272 277 256 277 C 240 277 228 284 212 282 C 194 280 184 262 178 236 Z",
            shade(person.hair_colour, 0.7),
            0.2,
        ),
        Beard::Full => canvas.fill(FULL, shade(person.hair_colour, 0.94)),
        Beard::Moustache => canvas.fill(
            "M 218 292 C 226 278 244 274 256 281 C 268 274 286 278 294 292 C 280 292 266 292 256 288 C 246 292 232 292 218 292 Z",
            shade(person.hair_colour, 0.94),
        ),
    }
}

fn glasses(canvas: &mut Canvas, person: &Person) {
    let frame = if person.skin.blush > 0.16 { Colour::hex(0x003a_332e) } else { Colour::hex(0x001f_1b1a) };
    match person.glasses {
        Glasses::None => return,
        Glasses::Round => {
            for x in [220.0, 292.0] {
                canvas.circle(x, 236.0, 28.0, WHITE, 0.16);
            }
            canvas.trace_both("M 220 208 C 235 208 248 221 248 236 C 248 251 235 264 220 264 C 205 264 192 251 192 236 C 192 221 205 208 220 208 Z", frame, 4.5);
        }
        Glasses::Square => {
            let lens = "M 196 214 L 242 214 Q 249 214 248 221 L 246 246 Q 244 260 230 260 L 208 260 Q 194 260 192 246 L 189 221 Q 188 214 196 214 Z";
            canvas.wash_both(lens, WHITE, 0.16);
            canvas.trace_both(lens, frame, 5.0);
        }
    }
    canvas.trace("M 248 230 C 252 226 260 226 264 230", frame, 4.5);
    canvas.trace_both("M 191 230 L 176 226", frame, 4.5);
}
