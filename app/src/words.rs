//! Numbers and times as people read them. Pure: "now" is an argument.

use domain::clock::Timestamp;

const DAY_MILLIS: i64 = 86_400_000;

/// `9570` → `9,570`
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 call`, `2,118 calls`: `unit` in the singular, its plural made with an s.
pub fn counted(number: u64, unit: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {unit}{plural}", thousands(number))
}

/// `1 person`, `2,118 people`
pub fn counted_people(number: u64) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{} people", thousands(number)) }
}

/// `1 connection stops working`, `12 connections stop working`
pub fn stopping(connections: u64) -> String {
    let verb = if connections == 1 { "stops" } else { "stop" };
    format!("{} {verb} working", counted(connections, "connection"))
}

/// `2 minutes ago`, `yesterday`, `32 days ago`. What lies ahead (two clocks disagree) is `just now`.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.since(then).as_secs();
    let days = now.day() - then.day();
    match seconds {
        0..45 => "just now".to_owned(),
        45..3_570 => format!("{} ago", counted(((seconds + 30) / 60).max(1), "minute")),
        3_570..43_200 => format!("{} ago", counted(((seconds + 1_800) / 3_600).max(1), "hour")),
        _ if days == 0 => format!("{} ago", counted((seconds + 1_800) / 3_600, "hour")),
        _ if days == 1 => "yesterday".to_owned(),
        _ if days < 60 => format!("{days} days ago"),
        _ => date_with_year(then),
    }
}

/// `in 9 days`, `tomorrow`, `in 4 hours`: how long until something happens.
pub fn ahead(then: Timestamp, now: Timestamp) -> String {
    let seconds = then.since(now).as_secs();
    let days = then.day() - now.day();
    match seconds {
        0..60 => "in a moment".to_owned(),
        60..3_600 => format!("in {}", counted(seconds / 60, "minute")),
        3_600..86_400 => format!("in {}", counted(seconds / 3_600, "hour")),
        _ if days == 1 => "tomorrow".to_owned(),
        _ => format!("in {days} days"),
    }
}

/// `21 November 2026, 09:41 UTC`
pub fn exact(time: Timestamp) -> String {
    time.to_datetime().format("%-d %B %Y, %H:%M UTC").to_string()
}

/// `09:41 UTC`, as long as nobody can take it for another day's.
pub fn clock(time: Timestamp, now: Timestamp) -> String {
    const HALF_A_DAY: u64 = 43_200;
    if time.since(now).as_secs() < HALF_A_DAY {
        time.to_datetime().format("%H:%M UTC").to_string()
    } else {
        exact(time)
    }
}

/// `21 Nov, 09:41:07 UTC`
pub fn to_the_second(time: Timestamp) -> String {
    time.to_datetime().format("%-d %b, %H:%M:%S UTC").to_string()
}

/// `21 Nov, 09:41 UTC`; with the year where it is another.
pub fn to_the_minute(time: Timestamp, now: Timestamp) -> String {
    format!("{}, {}", short_date(time, now), time.to_datetime().format("%H:%M UTC"))
}

/// `21 Nov, 09:41:07 UTC`; with the year where it is another.
pub fn with_seconds(time: Timestamp, now: Timestamp) -> String {
    format!("{}, {}", short_date(time, now), time.to_datetime().format("%H:%M:%S UTC"))
}

/// `21 November 2026`
pub fn date_with_year(time: Timestamp) -> String {
    time.to_datetime().format("%-d %B %Y").to_string()
}

/// `21 Nov`; `21 Nov 2025` when that is not this year.
pub fn short_date(time: Timestamp, now: Timestamp) -> String {
    let (time, now) = (time.to_datetime(), now.to_datetime());
    let is_this_year = time.format("%Y").to_string() == now.format("%Y").to_string();
    time.format(if is_this_year { "%-d %b" } else { "%-d %b %Y" }).to_string()
}

/// `21 November`, of a day counted from 1970-01-01.
pub fn day_and_month(day: i64) -> String {
    of_day(day).to_datetime().format("%-d %B").to_string()
}

/// `21 Nov`
pub fn short_day(day: i64) -> String {
    of_day(day).to_datetime().format("%-d %b").to_string()
}

/// `Nov`
pub fn short_month(day: i64) -> String {
    of_day(day).to_datetime().format("%b").to_string()
}

/// `November 2026`
pub fn month_and_year(day: i64) -> String {
    of_day(day).to_datetime().format("%B %Y").to_string()
}

/// `2026-11-21`
pub fn iso_day(day: i64) -> String {
    of_day(day).to_datetime().format("%Y-%m-%d").to_string()
}

/// `1–30 November`: from a first day to a last one.
pub fn day_range(first: i64, last: i64) -> String {
    let (from, to) = (day_and_month(first), day_and_month(last));
    match (from.split_once(' '), to.split_once(' ')) {
        (Some((day, month)), Some((_, last_month))) if month == last_month => format!("{day}–{to}"),
        _ => format!("{from} – {to}"),
    }
}

fn of_day(day: i64) -> Timestamp {
    Timestamp::from_millis(day.saturating_mul(DAY_MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21T09:41:00Z
    const NOW: Timestamp = Timestamp::from_millis(1_795_254_060_000);

    fn earlier(seconds: i64) -> Timestamp {
        Timestamp::from_millis(NOW.as_millis() - seconds * 1000)
    }

    #[test]
    fn long_numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (9_570, "9,570"), (12_345_678, "12,345,678")] {
            assert_eq!(thousands(number), text);
        }
        assert_eq!(counted(1, "call"), "1 call");
        assert_eq!(counted(2_118, "call"), "2,118 calls");
    }

    #[test]
    fn the_past_is_told_as_people_tell_it() {
        for (seconds, text) in [
            (-5, "just now"),
            (0, "just now"),
            (60, "1 minute ago"),
            (150, "3 minutes ago"),
            (3_600, "1 hour ago"),
            (7_200, "2 hours ago"),
            (86_400, "yesterday"),
            (86_400 * 32, "32 days ago"),
            (86_400 * 200, "5 May 2026"),
        ] {
            assert_eq!(ago(earlier(seconds), NOW), text, "{seconds} s");
        }
    }

    #[test]
    fn yesterday_is_the_day_before_by_the_calendar() {
        // 22:00 of the day before is less than twelve hours away, and told in hours.
        assert_eq!(ago(earlier(11 * 3_600 + 2_400), NOW), "12 hours ago");
        assert_eq!(ago(earlier(13 * 3_600), NOW), "yesterday");
    }

    #[test]
    fn what_comes_is_counted_in_days() {
        for (seconds, text) in [
            (30, "in a moment"),
            (600, "in 10 minutes"),
            (7_200, "in 2 hours"),
            (86_400, "tomorrow"),
            (86_400 * 9, "in 9 days"),
        ] {
            assert_eq!(ahead(earlier(-seconds), NOW), text);
        }
    }

    #[test]
    fn days_are_written_day_first() {
        assert_eq!(exact(NOW), "21 November 2026, 09:41 UTC");
        assert_eq!(to_the_second(NOW), "21 Nov, 09:41:00 UTC");
        assert_eq!(
            (clock(earlier(-660), NOW), clock(earlier(-90_000), NOW)),
            ("09:52 UTC".into(), "22 November 2026, 10:41 UTC".into())
        );
        assert_eq!(day_range(NOW.day() - 20, NOW.day() + 9), "1–30 November");
        assert_eq!(day_range(NOW.day() - 30, NOW.day()), "22 October – 21 November");
        assert_eq!(short_day(NOW.day()), "21 Nov");
        assert_eq!(short_date(earlier(86_400), NOW), "20 Nov");
        assert_eq!(short_date(earlier(86_400 * 330), NOW), "26 Dec 2025");
        assert_eq!(to_the_minute(NOW, NOW), "21 Nov, 09:41 UTC");
    }
}
