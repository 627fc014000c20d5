//! Durations as people write them: `60s`, `10min`, `24h`, `90d`, `1y`.

use std::time::Duration;

/// Reads a whole number and a unit: `s`, `min` (or `m`), `h`, `d`, `w`, `y` (365 days).
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 7 * 86_400,
        "y" | "year" | "years" => 365 * 86_400,
        _ => return Err(refusal(text)),
    };
    match number.parse::<u64>().ok().and_then(|number| number.checked_mul(seconds)) {
        // A century is more than anybody means, and keeps every sum of times in range.
        Some(seconds) if seconds > 0 && seconds <= 100 * 365 * 86_400 => Ok(Duration::from_secs(seconds)),
        _ => Err(refusal(text)),
    }
}

fn refusal(text: &str) -> String {
    format!("{text:?} is no duration: write a number and a unit, such as 60s, 10min, 24h or 90d")
}
