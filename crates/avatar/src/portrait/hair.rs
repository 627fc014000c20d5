//! Hair and head coverings: what lies behind the body, and what lies over the forehead.

use super::{
    canvas::Canvas,
    person::{Hair, Person},
    shade,
};

/// What is seen behind neck and shoulders.
pub(super) fn behind(canvas: &mut Canvas, person: &Person) {
    let colour = shade(person.hair_colour, 0.86);
    match person.hair {
        Hair::Straight => canvas.fill("M 158 214 C 152 128 202 92 256 92 C 310 92 360 128 354 214 C 354 300 362 360 370 424 C 330 446 182 446 142 424 C 150 360 158 300 158 214 Z", colour),
        Hair::Wavy => canvas.fill("M 156 220 C 148 128 200 90 256 90 C 312 90 364 128 356 220 C 352 262 376 280 370 318 C 366 346 388 366 378 404 C 372 432 330 438 312 420 L 200 420 C 182 438 140 432 134 404 C 124 366 146 346 142 318 C 136 280 160 262 156 220 Z", colour),
        Hair::Bob => canvas.fill("M 160 214 C 152 126 204 92 256 92 C 308 92 360 126 352 214 C 352 258 362 292 366 324 C 350 346 318 348 300 338 L 212 338 C 194 348 162 346 146 324 C 150 292 160 258 160 214 Z", colour),
        Hair::Bun => {
            canvas.circle(256.0, 88.0, 38.0, colour, 1.0);
            canvas.fill("M 170 220 C 160 130 206 98 256 98 C 306 98 352 130 342 220 C 340 250 330 262 320 270 L 192 270 C 182 262 172 250 170 220 Z", colour);
        }
        Hair::Ponytail => canvas.fill("M 300 110 C 372 104 396 168 384 236 C 376 292 396 330 374 388 C 364 410 344 402 344 380 C 346 320 330 262 322 200 Z", colour),
        Hair::Curls => {
            for (x, y, radius) in [(172.0, 160.0, 44.0), (150.0, 212.0, 42.0), (142.0, 268.0, 42.0), (150.0, 322.0, 40.0), (176.0, 362.0, 34.0)] {
                canvas.circle(x, y, radius, colour, 1.0);
                canvas.circle(512.0 - x, y, radius, colour, 1.0);
            }
            canvas.fill("M 172 160 L 340 160 L 330 370 L 182 370 Z", colour);
        }
        Hair::Afro => {
            for (x, y, radius) in [(256.0, 132.0, 92.0), (190.0, 158.0, 66.0), (322.0, 158.0, 66.0), (168.0, 204.0, 48.0), (344.0, 204.0, 48.0)] {
                canvas.circle(x, y, radius, colour, 1.0);
            }
        }
        Hair::Hijab => {
            let cloth = person.second_cloth_for_head();
            canvas.fill("M 154 246 C 148 138 200 94 256 94 C 312 94 364 138 358 246 C 362 312 356 350 380 398 L 132 398 C 156 350 150 312 154 246 Z", cloth);
        }
        _ => {}
    }
}

/// What frames the face; drawn after the features.
pub(super) fn front(canvas: &mut Canvas, person: &Person) {
    let colour = person.hair_colour;
    let sheen = shade(colour, 1.14);
    let deep = shade(colour, 0.86);
    match person.hair {
        Hair::Bald => {}
        Hair::Buzz => canvas.fill("M 173 220 C 166 140 206 112 256 112 C 306 112 346 140 339 220 C 334 206 333 190 326 176 C 306 160 280 158 256 158 C 232 158 206 160 186 176 C 179 190 178 206 173 220 Z", colour),
        Hair::SidePart => {
            canvas.fill("M 171 226 C 158 140 192 96 262 96 C 326 94 354 146 341 226 C 336 208 336 194 328 178 C 292 178 238 176 212 146 C 204 168 184 178 180 196 C 176 206 174 216 171 226 Z", colour);
            canvas.trace("M 214 144 C 238 166 284 170 318 168", deep, 4.0);
            canvas.trace("M 222 122 C 250 108 290 110 314 132", sheen, 5.0);
        }
        Hair::Quiff => {
            canvas.fill("M 172 224 C 162 168 164 134 190 116 C 196 84 262 70 300 84 C 344 92 356 150 340 224 C 335 204 334 188 326 172 C 300 156 272 166 246 158 C 222 152 204 160 188 174 C 180 190 177 206 172 224 Z", colour);
            canvas.trace("M 200 132 C 226 104 276 98 310 112", sheen, 5.0);
            canvas.trace("M 206 150 C 232 128 270 128 300 134", deep, 4.0);
        }
        Hair::ShortCurls => curls_on_top(canvas, person),
        Hair::Afro => canvas.fill("M 174 222 C 166 150 206 120 256 120 C 306 120 346 150 338 222 C 332 200 326 184 312 172 C 292 160 276 158 256 158 C 236 158 220 160 200 172 C 186 184 180 200 174 222 Z", shade(colour, 0.86)),
        Hair::Pixie => {
            canvas.fill("M 170 246 C 152 140 200 94 260 96 C 326 96 358 150 342 244 C 334 226 336 200 326 182 C 300 190 250 184 228 154 C 222 182 190 186 184 208 C 182 222 178 236 170 246 Z", colour);
            canvas.trace("M 236 128 C 262 112 298 122 318 146", sheen, 5.0);
            canvas.trace("M 228 154 C 250 182 296 188 326 182", deep, 3.5);
        }
        Hair::Bob => {
            canvas.fill("M 160 330 C 140 200 152 92 256 92 C 360 92 372 200 352 330 C 336 300 340 230 330 190 C 284 196 244 184 222 158 C 214 190 186 196 182 222 C 176 262 178 300 160 330 Z", colour);
            canvas.trace("M 214 122 C 244 106 292 112 316 136", sheen, 5.5);
        }
        Hair::Straight => {
            canvas.fill_both("M 257 94 C 180 90 146 140 152 226 C 154 300 146 350 140 412 C 152 428 176 428 186 420 C 190 360 176 300 180 236 C 186 188 226 164 257 122 Z", colour);
            canvas.trace_both("M 244 108 C 196 116 172 150 168 206", sheen, 5.0);
        }
        Hair::Wavy => {
            canvas.fill("M 300 96 C 200 76 142 128 154 226 C 158 262 136 284 142 318 C 146 346 126 366 136 400 C 150 432 184 420 188 392 C 192 362 168 350 174 318 C 180 284 172 262 180 230 C 188 186 262 186 300 128 Z", colour);
            canvas.fill("M 286 96 C 344 98 368 150 358 226 C 354 262 376 284 370 318 C 366 346 386 366 376 400 C 362 432 328 420 324 392 C 320 362 344 350 338 318 C 332 284 340 262 332 226 C 328 186 300 160 288 130 Z", colour);
            canvas.trace("M 280 112 C 220 100 176 136 170 200", sheen, 5.5);
        }
        Hair::Bun | Hair::Ponytail => {
            canvas.fill("M 170 232 C 156 142 200 98 256 98 C 312 98 356 142 342 232 C 338 206 334 190 320 178 C 296 168 276 150 262 132 C 246 156 216 168 192 178 C 178 190 174 206 170 232 Z", colour);
            canvas.trace("M 206 136 C 218 122 234 116 250 113", sheen, 5.0);
            canvas.trace("M 306 136 C 298 126 288 120 276 116", sheen, 5.0);
            if person.hair == Hair::Bun {
                canvas.circle(256.0, 86.0, 32.0, colour, 1.0);
                canvas.trace("M 238 76 C 247 65 265 65 274 76", sheen, 5.0);
                canvas.trace("M 230 108 C 245 115 267 115 282 108", deep, 5.0);
            }
        }
        Hair::Curls => {
            for (x, y, radius) in [(256.0, 118.0, 34.0), (216.0, 130.0, 36.0), (296.0, 130.0, 36.0), (184.0, 162.0, 32.0), (328.0, 162.0, 32.0), (166.0, 204.0, 26.0), (346.0, 204.0, 26.0), (158.0, 248.0, 26.0), (354.0, 248.0, 26.0), (160.0, 294.0, 26.0), (352.0, 294.0, 26.0)] {
                canvas.circle(x, y, radius, colour, 1.0);
            }
            canvas.trace_both("M 196 134 C 204 118 222 112 236 118", sheen, 5.0);
            canvas.trace_both("M 150 240 C 148 228 156 216 166 216", sheen, 4.5);
        }
        Hair::Hijab => hijab(canvas, person),
        Hair::Turban => turban(canvas, person),
    }
}

fn curls_on_top(canvas: &mut Canvas, person: &Person) {
    let colour = person.hair_colour;
    canvas.fill("M 172 224 C 164 150 204 116 256 116 C 308 116 348 150 340 224 C 336 206 334 194 328 180 L 184 180 C 178 194 176 206 172 224 Z", colour);
    for (x, y, radius) in [
        (186.0, 156.0, 24.0),
        (208.0, 128.0, 28.0),
        (244.0, 112.0, 30.0),
        (282.0, 114.0, 30.0),
        (312.0, 134.0, 27.0),
        (328.0, 160.0, 23.0),
        (214.0, 162.0, 20.0),
        (246.0, 158.0, 22.0),
        (280.0, 160.0, 21.0),
        (306.0, 166.0, 18.0),
    ] {
        canvas.circle(x, y, radius, colour, 1.0);
    }
    let sheen = shade(colour, 1.2);
    for curl in [
        "M 198 124 C 204 112 216 110 224 116",
        "M 240 104 C 248 94 262 96 266 106",
        "M 286 112 C 296 106 308 114 308 124",
        "M 222 148 C 230 140 242 142 246 150",
        "M 270 146 C 278 140 290 144 292 152",
    ] {
        canvas.trace(curl, sheen, 4.0);
    }
}

fn hijab(canvas: &mut Canvas, person: &Person) {
    let cloth = person.second_cloth_for_head();
    let fold = shade(cloth, 0.85);
    // The scarf around the face is a ring: outer edge, then the opening in the other direction.
    canvas.fill("M 154 246 C 148 138 200 94 256 94 C 312 94 364 138 358 246 C 360 290 352 330 330 356 C 300 384 212 384 182 356 C 160 330 152 290 154 246 Z M 190 224 C 190 288 220 330 256 330 C 292 330 322 288 322 224 C 322 176 296 152 256 152 C 216 152 190 176 190 224 Z", cloth);
    canvas.fill("M 170 330 C 196 372 300 378 342 322 C 366 360 392 392 404 420 C 356 474 176 478 118 430 C 126 398 152 366 170 330 Z", cloth);
    canvas.trace("M 342 324 C 318 372 262 392 192 400", fold, 4.5);
    canvas.trace("M 358 362 C 330 410 270 432 200 438", fold, 4.5);
    canvas.trace("M 190 222 C 190 174 216 152 256 152 C 296 152 322 174 322 222", fold, 5.0);
    canvas.trace("M 176 180 C 190 138 224 116 264 116", shade(cloth, 1.1), 5.0);
}

fn turban(canvas: &mut Canvas, person: &Person) {
    let cloth = person.second_cloth_for_head();
    let fold = shade(cloth, 0.84);
    canvas.fill("M 166 214 C 138 148 172 76 256 74 C 340 76 374 148 346 214 C 330 182 296 164 256 150 C 216 164 182 182 166 214 Z", cloth);
    canvas.fill("M 256 112 L 216 166 C 232 158 244 154 256 150 C 268 154 280 158 296 166 Z", fold);
    canvas.trace_both("M 256 110 C 222 138 188 162 166 206", fold, 4.5);
    canvas.trace_both("M 248 90 C 212 108 178 140 160 180", fold, 4.0);
}
