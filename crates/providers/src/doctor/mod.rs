//! The road of an AI client, walked from outside on any MCP server: the address, the challenge, the resource's metadata, the
//! authorization server's metadata, its endpoints (MCP authorization; RFC 9728, RFC 8414). Nothing is changed on the way.

mod address;
mod challenge;
mod detour;
mod document;
mod endpoints;
mod resource;
mod road;
mod seen;
mod server;
mod trouble;
mod web_pages;

pub use road::Road;

use domain::{
    clock::Timestamp,
    doctor::{Leg, Report},
};
use std::time::Duration;

/// What every call says of who it is.
pub const USER_AGENT: &str = concat!("visage-doctor/", env!("CARGO_PKG_VERSION"));

/// A clock that is this much off lets tokens expire before they are valid.
const SKEW: Duration = Duration::from_secs(60);

/// Walks as far as the road goes; `now` is the clock that the server's is compared with.
pub async fn walk(road: &Road, typed: &str, now: Timestamp) -> Report {
    let mut report = Report::new(typed);
    let Some(endpoint) = address::read(typed, &mut report) else { return report };
    let (endpoint, answer) = detour::to_the_connector(road, endpoint, &mut report).await;
    let Some(challenged) = challenge::look(road, &endpoint, answer, &mut report).await else { return report };
    let Some(issuer) = resource::look(road, &endpoint, challenged.metadata.as_deref(), &mut report).await else {
        return report;
    };
    if let Some(document) = server::look(road, &issuer, &mut report).await {
        endpoints::look(road, &document, &mut report).await;
    }
    web_pages::look(road, &endpoint, &mut report).await;
    clock(challenged.date, now, &mut report);
    report
}

fn clock(theirs: Option<Timestamp>, now: Timestamp, report: &mut Report) {
    let Some(theirs) = theirs else { return };
    let (ahead, behind) = (theirs.since(now), now.since(theirs));
    if ahead.max(behind) <= SKEW {
        report.pass(Leg::Clock, "The server’s clock and the one here agree.");
        return;
    }
    let (off, direction) = if ahead > behind { (ahead, "ahead of") } else { (behind, "behind") };
    report.warn(
        Leg::Clock,
        format!("The server’s clock is {} s {direction} the one here.", off.as_secs()),
        "Have both machines set their clocks by NTP: codes and tokens end by the clock.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::doctor::Verdict;

    #[test]
    fn a_clock_may_be_a_minute_off_and_no_more() {
        let now = Timestamp::from_millis(1_795_262_400_000);
        for (theirs, expected) in [
            (now.plus(Duration::from_secs(59)), Verdict::Pass),
            (now.minus(Duration::from_secs(61)), Verdict::Warn),
            (now.plus(Duration::from_secs(3_600)), Verdict::Warn),
        ] {
            let mut report = Report::new("");
            clock(Some(theirs), now, &mut report);
            assert_eq!(report.verdict(), expected, "{report:?}");
        }
    }
}
