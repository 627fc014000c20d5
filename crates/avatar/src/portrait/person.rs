//! Who is drawn: every trait follows from the seed, and the traits fit each other.

use super::shade;
use crate::initials::palette::Colour;

/// Skin with the tones that belong to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Skin {
    pub(super) base: Colour,
    pub(super) shade: Colour,
    pub(super) lips: Colour,
    pub(super) blush: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hair {
    Bald,
    Buzz,
    SidePart,
    Quiff,
    ShortCurls,
    Afro,
    Pixie,
    Bob,
    Straight,
    Wavy,
    Bun,
    Ponytail,
    Curls,
    Hijab,
    Turban,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beard {
    None,
    Stubble,
    Full,
    Moustache,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glasses {
    None,
    Round,
    Square,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clothes {
    Crew,
    VNeck,
    Shirt,
    Blazer,
    Turtleneck,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Smile {
    Closed,
    Open,
    Soft,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Oval,
    Round,
    Square,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) ground: Colour,
    pub(super) skin: Skin,
    pub(super) hair: Hair,
    pub(super) hair_colour: Colour,
    pub(super) iris: Colour,
    pub(super) shape: Shape,
    pub(super) beard: Beard,
    pub(super) glasses: Glasses,
    pub(super) smile: Smile,
    pub(super) clothes: Clothes,
    pub(super) cloth: Colour,
    pub(super) second_cloth: Colour,
    pub(super) earrings: bool,
    /// Degrees, clockwise.
    pub(super) tilt: f32,
}

const fn hex(value: u32) -> Colour {
    Colour::hex(value)
}

const fn skin(base: u32, shade: u32, lips: u32, blush: f32) -> Skin {
    Skin { base: hex(base), shade: hex(shade), lips: hex(lips), blush }
}

const SKINS: [Skin; 7] = [
    skin(0x00f7_dcc9, 0x00e9_bfa5, 0x00cf_7f74, 0.20),
    skin(0x00f2_c9a8, 0x00e0_a985, 0x00c9_7263, 0.18),
    skin(0x00e3_b18a, 0x00cb_9268, 0x00b9_6353, 0.17),
    skin(0x00c9_9067, 0x00ad_744c, 0x00a0_5044, 0.16),
    skin(0x00a9_724d, 0x008d_5a39, 0x008c_4239, 0.15),
    skin(0x0086_573e, 0x006c_432e, 0x0092_4740, 0.13),
    skin(0x0067_4231, 0x0050_3024, 0x00a0_5a52, 0.12),
];

const BLACK: Colour = hex(0x0026_2120);
const DARK_BROWN: Colour = hex(0x003f_2d25);
const BROWN: Colour = hex(0x0060_422f);
const CHESTNUT: Colour = hex(0x0086_5533);
const AUBURN: Colour = hex(0x00a3_5531);
const SAND: Colour = hex(0x00b9_8a4e);
const BLOND: Colour = hex(0x00dc_b873);
const GREY: Colour = hex(0x0098_938d);
const SILVER: Colour = hex(0x00d6_d1c8);

const GROUNDS: [Colour; 9] = [
    hex(0x00e9_dfd0),
    hex(0x00d9_e3d6),
    hex(0x00d5_e0e8),
    hex(0x00f1_dacd),
    hex(0x00e1_dbec),
    hex(0x00f1_e3bd),
    hex(0x00cb_dfda),
    hex(0x00ea_d3d3),
    hex(0x00dd_d6cb),
];

const CLOTHS: [Colour; 10] = [
    hex(0x002f_5d50),
    hex(0x0037_4863),
    hex(0x009b_5344),
    hex(0x00c9_8a2b),
    hex(0x006d_7fb3),
    hex(0x004f_4a43),
    hex(0x0075_5674),
    hex(0x0046_6f8c),
    hex(0x005e_7654),
    hex(0x002e_2c30),
];

const PALE_CLOTHS: [Colour; 4] = [hex(0x00fb_faf8), hex(0x00df_e8f1), hex(0x00f5_ead9), hex(0x00f0_dfe0)];

impl Person {
    pub(super) fn from_seed(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let tone = chance.below(SKINS.len());
        let hair = chance.pick(&[
            Hair::Bald,
            Hair::Buzz,
            Hair::SidePart,
            Hair::SidePart,
            Hair::Quiff,
            Hair::Quiff,
            Hair::ShortCurls,
            Hair::ShortCurls,
            Hair::Afro,
            Hair::Pixie,
            Hair::Bob,
            Hair::Bob,
            Hair::Straight,
            Hair::Straight,
            Hair::Wavy,
            Hair::Wavy,
            Hair::Bun,
            Hair::Bun,
            Hair::Ponytail,
            Hair::Curls,
            Hair::Curls,
            Hair::Hijab,
            Hair::Turban,
        ]);
        let ground = chance.pick(&GROUNDS);
        let cloth = chance.pick(&CLOTHS);
        Self {
            ground,
            skin: SKINS[tone],
            hair,
            hair_colour: hair_colour(tone, &mut chance),
            iris: if tone < 3 {
                chance.pick(&[hex(0x004b_3626), hex(0x005c_4630), hex(0x004d_6b7c), hex(0x005a_6b4a)])
            } else {
                hex(0x0038_261d)
            },
            shape: chance.pick(&[Shape::Oval, Shape::Oval, Shape::Round, Shape::Square]),
            beard: beard(hair, &mut chance),
            glasses: chance.pick(&[Glasses::None, Glasses::None, Glasses::None, Glasses::Round, Glasses::Square]),
            smile: chance.pick(&[Smile::Closed, Smile::Open, Smile::Open, Smile::Soft]),
            clothes: chance.pick(&[
                Clothes::Crew,
                Clothes::VNeck,
                Clothes::Shirt,
                Clothes::Blazer,
                Clothes::Blazer,
                Clothes::Turtleneck,
            ]),
            cloth,
            second_cloth: chance.pick(&PALE_CLOTHS),
            earrings: hair.is_long() && chance.below(2) == 0,
            tilt: chance.pick(&[-3.5, -2.0, 0.0, 2.0, 3.5]),
        }
    }
}

impl Person {
    /// A scarf or turban matches the ground no more than the clothes do: pale cloth on dark clothes and the other way round.
    pub(super) fn second_cloth_for_head(&self) -> Colour {
        if self.clothes == Clothes::Shirt || self.hair == Hair::Turban { self.cloth } else { shade(self.cloth, 1.22) }
    }
}

impl Hair {
    /// Styles drawn with finer brows, lashes and full lips.
    pub(super) fn is_long(self) -> bool {
        matches!(
            self,
            Self::Pixie
                | Self::Bob
                | Self::Straight
                | Self::Wavy
                | Self::Bun
                | Self::Ponytail
                | Self::Curls
                | Self::Hijab
        )
    }
}

fn hair_colour(tone: usize, chance: &mut Chance) -> Colour {
    match tone {
        0 | 1 => chance.pick(&[DARK_BROWN, BROWN, CHESTNUT, AUBURN, SAND, BLOND, BLOND, GREY, SILVER]),
        2 | 3 => chance.pick(&[BLACK, BLACK, DARK_BROWN, BROWN, CHESTNUT, GREY]),
        _ => chance.pick(&[BLACK, BLACK, BLACK, DARK_BROWN, SILVER]),
    }
}

fn beard(hair: Hair, chance: &mut Chance) -> Beard {
    if hair.is_long() {
        return Beard::None;
    }
    match hair {
        Hair::Turban => Beard::Full,
        _ => chance.pick(&[
            Beard::None,
            Beard::None,
            Beard::None,
            Beard::Stubble,
            Beard::Full,
            Beard::Full,
            Beard::Moustache,
        ]),
    }
}

/// The split-mix generator (Steele, Lea, Flood 2014): tiny, and the same on every machine for ever.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (count.max(1) as u64)).unwrap_or(0)
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
