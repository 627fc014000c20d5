//! How long a copy of a document is good for.

use std::time::Duration;

/// A copy is good for this long at the least: whoever forbids caching would be fetched at every click.
const FRESH_AT_LEAST: Duration = Duration::from_secs(300);
/// And at the most, whatever the server says: what it takes back has to reach us.
const FRESH_AT_MOST: Duration = Duration::from_secs(86_400);
/// Where the server says nothing.
const FRESH_BY_DEFAULT: Duration = Duration::from_secs(3_600);

/// How long a copy is good for, as the answer's `Cache-Control` asks and within our bounds.
pub fn fresh_for(cache_control: Option<&str>) -> Duration {
    let directives = || cache_control.unwrap_or_default().split(',').map(str::trim);
    let is = |name: &str| directives().any(|directive| directive.eq_ignore_ascii_case(name));
    if is("no-store") || is("no-cache") {
        return FRESH_AT_LEAST;
    }
    let max_age = directives().find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        let is_max_age = name.trim().eq_ignore_ascii_case("max-age");
        if is_max_age { value.trim().trim_matches('"').parse::<u64>().ok() } else { None }
    });
    max_age.map_or(FRESH_BY_DEFAULT, Duration::from_secs).clamp(FRESH_AT_LEAST, FRESH_AT_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_lasts_between_five_minutes_and_a_day() {
        for (cache_control, seconds) in [
            (None, 3_600),
            (Some(""), 3_600),
            (Some("public, max-age=7200"), 7_200),
            (Some("Max-Age=\"7200\""), 7_200),
            (Some("max-age=1"), 300),
            (Some("max-age=31536000, immutable"), 86_400),
            (Some("max-age=99999999999999999999"), 3_600),
            (Some("max-age=7200, no-cache"), 300),
            (Some("no-store"), 300),
            (Some("s-maxage=60"), 3_600),
        ] {
            assert_eq!(fresh_for(cache_control), Duration::from_secs(seconds), "{cache_control:?}");
        }
    }
}
