//! A cascade of boosted trees over Haar-like features (Viola and Jones 2001; trees after Lienhart 2003): says whether one
//! 20 × 20 window shows a face. The trained numbers are in `assets/frontal-face.cascade`, their layout in `assets/README.md`.

use image::GrayImage;

const TRAINED: &[u8] = include_bytes!("../../assets/frontal-face.cascade");
/// Pixels on each side of the window that the cascade was trained on.
pub(super) const WINDOW: usize = 20;
/// Windows whose pixels deviate less than this from their mean (of 255) show nothing.
const FAINTEST: f64 = 6.0;
/// Contrast is measured inside of this border.
const BORDER: usize = 1;

pub(super) struct Cascade {
    stages: Vec<Stage>,
    features: Vec<Vec<Rectangle>>,
}

struct Stage {
    threshold: f32,
    trees: Vec<Tree>,
}

struct Tree {
    nodes: Vec<Node>,
    leaves: Vec<f32>,
}

struct Node {
    below: i8,
    above: i8,
    feature: usize,
    threshold: f32,
}

struct Rectangle {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    weight: f32,
}

impl Cascade {
    /// The shipped cascade; nothing when its bytes are not what this reader expects.
    pub(super) fn trained() -> Option<Self> {
        let mut bytes = Reader(TRAINED);
        let stages = bytes.times_u16(|bytes| {
            let threshold = bytes.f32()?;
            Some(Stage { threshold, trees: bytes.times_u16(Reader::tree)? })
        })?;
        let features = bytes.times_u16(Reader::feature)?;
        let known = |node: &Node| node.feature < features.len();
        stages
            .iter()
            .flat_map(|stage| &stage.trees)
            .flat_map(|tree| &tree.nodes)
            .all(known)
            .then_some(Self { stages, features })
    }

    /// Whether the window whose upper left corner is at (`left`, `top`) shows a face. The window must lie inside of the picture.
    pub(super) fn accepts(&self, sums: &Sums, left: usize, top: usize) -> bool {
        let Some(scale) = sums.contrast(left, top) else { return false };
        self.stages.iter().all(|stage| {
            let score: f32 = stage.trees.iter().map(|tree| self.leaf(tree, sums, left, top, scale)).sum();
            score >= stage.threshold
        })
    }

    fn leaf(&self, tree: &Tree, sums: &Sums, left: usize, top: usize, scale: f32) -> f32 {
        let mut at = 0;
        // Branches lead forward only, so a tree is left after as many steps as it has nodes.
        for _ in 0..tree.nodes.len() {
            let Some(node) = tree.nodes.get(at) else { break };
            let value: f32 = self.features[node.feature]
                .iter()
                .map(|area| area.weight * sums.of(left + area.x, top + area.y, area.width, area.height))
                .sum();
            let branch = if value * scale < node.threshold { node.below } else { node.above };
            at = usize::from(branch.unsigned_abs());
            if branch <= 0 {
                return tree.leaves.get(at).copied().unwrap_or(0.0);
            }
        }
        0.0
    }
}

/// Sums of all pixels above and left of each point, and of their squares: the sum of any rectangle takes four look-ups.
pub(super) struct Sums {
    stride: usize,
    plain: Vec<u32>,
    squared: Vec<u64>,
}

impl Sums {
    pub(super) fn new(picture: &GrayImage) -> Self {
        let stride = picture.width() as usize + 1;
        let rows = picture.height() as usize + 1;
        let mut plain = vec![0_u32; stride * rows];
        let mut squared = vec![0_u64; stride * rows];
        for (y, row) in picture.rows().enumerate() {
            let (mut sum, mut square) = (0, 0);
            for (x, pixel) in row.enumerate() {
                let value = u32::from(pixel.0[0]);
                sum += value;
                square += u64::from(value * value);
                let at = (y + 1) * stride + x + 1;
                plain[at] = plain[at - stride] + sum;
                squared[at] = squared[at - stride] + square;
            }
        }
        Self { stride, plain, squared }
    }

    #[expect(clippy::cast_precision_loss, reason = "a window's sum is below 2^24, which f32 holds exactly")]
    fn of(&self, x: usize, y: usize, width: usize, height: usize) -> f32 {
        let at = y * self.stride + x;
        let below = at + height * self.stride;
        let plus = self.plain[at] + self.plain[below + width];
        let minus = self.plain[at + width] + self.plain[below];
        plus.wrapping_sub(minus) as f32
    }

    /// What features are multiplied with, so that dim and bright pictures look alike; nothing for a window without contrast.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "sums of 324 pixels are exact in f64"
    )]
    fn contrast(&self, left: usize, top: usize) -> Option<f32> {
        let inner = WINDOW - 2 * BORDER;
        let area = (inner * inner) as f64;
        let sum = f64::from(self.of(left + BORDER, top + BORDER, inner, inner));
        let at = (top + BORDER) * self.stride + left + BORDER;
        let below = at + inner * self.stride;
        let square =
            (self.squared[at] + self.squared[below + inner] - self.squared[at + inner] - self.squared[below]) as f64;
        let spread = (area * square - sum * sum).max(0.0).sqrt();
        (spread > area * FAINTEST).then(|| (1.0 / spread) as f32)
    }
}

/// Takes numbers off the front of the trained bytes.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const COUNT: usize>(&mut self) -> Option<[u8; COUNT]> {
        let (taken, rest) = self.0.split_first_chunk::<COUNT>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn size(&mut self) -> Option<usize> {
        self.u8().map(usize::from)
    }

    fn u16(&mut self) -> Option<usize> {
        self.take().map(u16::from_le_bytes).map(usize::from)
    }

    fn f32(&mut self) -> Option<f32> {
        self.take().map(f32::from_le_bytes)
    }

    fn times_u16<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u16()?;
        (0..count).map(|_| read(self)).collect()
    }

    fn tree(&mut self) -> Option<Tree> {
        let count = self.size()?;
        let nodes = (0..count)
            .map(|_| {
                let [below, above] = self.take::<2>()?.map(u8::cast_signed);
                Some(Node { below, above, feature: self.u16()?, threshold: self.f32()? })
            })
            .collect::<Option<_>>()?;
        let leaves = (0..=count).map(|_| self.f32()).collect::<Option<_>>()?;
        Some(Tree { nodes, leaves })
    }

    /// Rectangles that leave the window are refused: `Sums::of` relies on them staying inside.
    fn feature(&mut self) -> Option<Vec<Rectangle>> {
        let count = self.size()?;
        (0..count)
            .map(|_| {
                let area = Rectangle {
                    x: self.size()?,
                    y: self.size()?,
                    width: self.size()?,
                    height: self.size()?,
                    weight: self.f32()?,
                };
                (area.x + area.width <= WINDOW && area.y + area.height <= WINDOW).then_some(area)
            })
            .collect()
    }
}
