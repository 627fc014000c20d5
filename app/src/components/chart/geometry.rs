//! Where things lie in the chart: across in percent, so that text keeps its size on every screen; down in pixels.

use super::columns::{Column, When};

/// Height of the area that columns stand in, in pixels.
pub const HEIGHT: f64 = 168.0;
/// Room above it, for the topmost scale label.
pub const TOP: f64 = 10.0;
/// Clear space between the two parts of a column, in pixels.
const SPLIT: f64 = 2.0;
/// The least height of something that is not nothing, in pixels.
const LEAST: f64 = 2.0;

/// A part of a column, from its upper edge down; heights in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    pub y: f64,
    pub height: f64,
}

/// A column's place: left edge and width in percent of the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    pub x: f64,
    pub width: f64,
    pub middle: f64,
}

/// The values at which scale lines stand, from zero up. The last is at least `most`.
pub fn scale(most: u64) -> Vec<u64> {
    let least_step = most.max(4).div_ceil(4);
    let mut magnitude = 1_u64;
    let step = loop {
        if let Some(step) = [1, 2, 5].into_iter().map(|digit| digit * magnitude).find(|step| *step >= least_step) {
            break step;
        }
        magnitude = magnitude.saturating_mul(10);
        if magnitude == u64::MAX {
            break magnitude;
        }
    };
    (0..=most.max(1).div_ceil(step)).map(|line| line.saturating_mul(step)).collect()
}

/// The height at which a value lies.
#[expect(clippy::cast_precision_loss, reason = "a pixel is coarser")]
pub fn y(value: u64, top: u64) -> f64 {
    TOP + HEIGHT - HEIGHT * value as f64 / top.max(1) as f64
}

/// The two parts of a column: MCP tools below, the image API above.
pub fn marks(mcp: u64, api: u64, top: u64) -> (Option<Mark>, Option<Mark>) {
    let bottom = TOP + HEIGHT;
    let tall = |value: u64| if value == 0 { 0.0 } else { (bottom - y(value, top)).max(LEAST) };
    let lower = tall(mcp);
    let gap = if mcp > 0 && api > 0 { SPLIT } else { 0.0 };
    // The gap is taken from the upper part, so that the column's top tells the sum.
    let upper = if api == 0 { 0.0 } else { (tall(api) - gap).max(LEAST) };
    let lower_mark = (mcp > 0).then_some(Mark { y: bottom - lower, height: lower });
    let upper_mark = (api > 0).then_some(Mark { y: bottom - lower - gap - upper, height: upper });
    (lower_mark, upper_mark)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred columns at most")]
pub fn slot(index: usize, count: usize) -> Slot {
    let pitch = 100.0 / count.max(1) as f64;
    let width = pitch * if count > 60 { 0.7 } else { 0.8 };
    let middle = pitch * (index as f64 + 0.5);
    Slot { x: middle - width / 2.0, width, middle }
}

/// How a label under a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    None,
    /// On every screen.
    Major,
    /// Only where there is room.
    Minor,
    /// `today`, always shown.
    Now,
}

/// Which columns carry a label: evenly spaced, and none so near to today's that the two would touch.
pub fn ticks(columns: &[Column]) -> Vec<Tick> {
    let count = columns.len();
    let step = match count {
        0..=13 => 1,
        14..=35 => 5,
        _ => 15,
    };
    let now = columns.iter().position(|column| column.when == When::Now);
    (0..count)
        .map(|index| match now {
            Some(now) if now == index => Tick::Now,
            Some(now) if step > 1 && now.abs_diff(index) * 10 < count => Tick::None,
            _ if index % step != 0 => Tick::None,
            _ if (index / step) % 2 == 0 => Tick::Major,
            _ => Tick::Minor,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_few_round_lines_and_room_for_the_most() {
        for (most, lines) in [
            (0, vec![0, 1]),
            (3, vec![0, 1, 2, 3]),
            (9, vec![0, 5, 10]),
            (480, vec![0, 200, 400, 600]),
            (1_000, vec![0, 500, 1_000]),
            (1_001, vec![0, 500, 1_000, 1_500]),
        ] {
            assert_eq!(scale(most), lines, "{most}");
        }
        assert!(scale(u64::MAX / 2).len() <= 5);
    }

    #[test]
    fn a_column_is_as_tall_as_its_sum_and_never_invisible() {
        let (lower, upper) = marks(50, 50, 100);
        assert_eq!(lower, Some(Mark { y: TOP + 84.0, height: 84.0 }));
        assert_eq!(upper, Some(Mark { y: TOP, height: 82.0 }));
        let (lower, upper) = marks(1, 0, 1_000_000);
        assert_eq!((lower.map(|mark| mark.height), upper), (Some(2.0), None));
        assert_eq!(marks(0, 0, 10), (None, None));
    }

    #[test]
    fn columns_lie_side_by_side_with_gaps() {
        for count in [1, 7, 30, 90] {
            let slots: Vec<Slot> = (0..count).map(|index| slot(index, count)).collect();
            assert!(slots.windows(2).all(|pair| pair[0].x + pair[0].width < pair[1].x));
            assert!(slots[0].x >= 0.0 && slots[count - 1].x + slots[count - 1].width <= 100.0);
        }
    }

    #[test]
    fn no_label_touches_todays() {
        let columns: Vec<Column> = (0..30)
            .map(|index| Column {
                short: index.to_string(),
                long: index.to_string(),
                iso: String::new(),
                when: if index == 21 { When::Now } else { When::Past },
                mcp: 0,
                api: 0,
                new_profiles: 0,
            })
            .collect();
        let ticks = ticks(&columns);
        assert_eq!(ticks[21], Tick::Now);
        assert_eq!(
            (ticks[0], ticks[5], ticks[10], ticks[20], ticks[25]),
            (Tick::Major, Tick::Minor, Tick::Major, Tick::None, Tick::Minor)
        );
    }
}
