//! Which columns a chart has: one per day, or one per month where days would be too many.

use std::cmp::Ordering;

use crate::words;

/// What one column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Month,
}

impl Unit {
    /// `day`, in the middle of a sentence.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    pub const fn heading(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Month => "Month",
        }
    }
}

/// The calls of one day, by door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// Counted from 1970-01-01.
    pub day: i64,
    pub mcp: u64,
    pub api: u64,
    pub new_profiles: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Past,
    /// Today, or this month.
    Now,
    /// The rest of the cycle.
    Future,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// `1 Nov`, `Nov`
    pub short: String,
    /// `1 November`, `November 2026`
    pub long: String,
    /// The first day, `2026-11-01`.
    pub iso: String,
    pub when: When,
    pub mcp: u64,
    pub api: u64,
    pub new_profiles: u64,
}

impl Column {
    pub const fn total(&self) -> u64 {
        self.mcp + self.api
    }
}

/// The columns for a run of days, oldest first.
pub fn columns(unit: Unit, days: &[DayCount], today: i64) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for count in days {
        let day = count.day;
        let (short, long) = match unit {
            Unit::Day => (words::short_day(day), words::day_and_month(day)),
            Unit::Month => (words::short_month(day), words::month_and_year(day)),
        };
        let when = match day.cmp(&today) {
            Ordering::Less => When::Past,
            Ordering::Equal => When::Now,
            Ordering::Greater => When::Future,
        };
        match columns.last_mut().filter(|column| column.long == long) {
            Some(month) => {
                month.mcp += count.mcp;
                month.api += count.api;
                month.new_profiles += count.new_profiles;
                month.when = when;
            }
            None => columns.push(Column {
                short,
                long,
                iso: words::iso_day(day),
                when,
                mcp: count.mcp,
                api: count.api,
                new_profiles: count.new_profiles,
            }),
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21
    const TODAY: i64 = 20_778;

    fn days(first: i64, last: i64) -> Vec<DayCount> {
        (first..=last).map(|day| DayCount { day, mcp: 2, api: 1, new_profiles: 1 }).collect()
    }

    #[test]
    fn what_lies_ahead_is_told_from_what_was() {
        let columns = columns(Unit::Day, &days(TODAY - 20, TODAY + 9), TODAY);
        assert_eq!(columns.len(), 30);
        assert_eq!((columns[0].short.as_str(), columns[29].long.as_str()), ("1 Nov", "30 November"));
        assert_eq!((columns[19].when, columns[20].when, columns[21].when), (When::Past, When::Now, When::Future));
    }

    #[test]
    fn a_year_is_told_in_months_and_keeps_every_call() {
        let columns = columns(Unit::Month, &days(TODAY - 355, TODAY), TODAY);
        assert_eq!((columns[0].long.as_str(), columns.len()), ("December 2025", 12));
        assert_eq!(columns.iter().map(Column::total).sum::<u64>(), 356 * 3);
        assert_eq!(columns[11].when, When::Now);
    }
}
