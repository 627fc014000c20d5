//! The steps of an attempt as they are shown.

use crate::{
    clock::Timestamp,
    connection::{ConnectionEvent, Outcome, Step},
};

/// A step as it is shown: what came several times in a row is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub step: Step,
    pub outcome: Outcome,
    pub at: Timestamp,
    pub last_at: Timestamp,
    pub count: u32,
}

/// The steps of an attempt as they are shown.
pub fn lines(events: &[ConnectionEvent]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for event in events {
        match lines.iter_mut().rfind(|line| line.step == event.step) {
            Some(line) if line.outcome == event.outcome => {
                line.last_at = line.last_at.max(event.last_at);
                line.count = line.count.saturating_add(event.count);
            }
            _ => lines.push(Line {
                step: event.step,
                outcome: event.outcome.clone(),
                at: event.at,
                last_at: event.last_at,
                count: event.count,
            }),
        }
    }
    lines
}
