//! What the suite saw in one run: every check, held against the list of those that are known to fail.

use std::{collections::BTreeSet, fmt, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// What the suite runs for show, and what nothing here claims to have: an extension that the connector does not offer, and
/// streams that the server cuts off in the middle of a call, to be taken up again within a session.
const NOT_CLAIMED: [&str; 2] = ["tasks-", "server-sse-polling"];

/// `-2026-07-28T00-00-00-000Z`, with which the suite ends the name of a scenario's folder.
const TIMESTAMP: usize = 25;

/// Checks are named as in the suite's own lists: `scenario:check`.
#[derive(Debug, Default)]
pub struct Report {
    scenarios: BTreeSet<String>,
    passed: usize,
    /// With what the suite calls a warning: a recommendation that was not followed.
    failed: BTreeSet<String>,
    /// By what each said.
    reasons: Vec<String>,
}

impl Report {
    /// Reads the folder of one run.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut report = Self::default();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).context("the suite names folders in ASCII")?;
            let Some(name) = name.strip_prefix("server-") else { continue };
            let scenario = name.get(..name.len().saturating_sub(TIMESTAMP)).unwrap_or(name).to_owned();
            if NOT_CLAIMED.iter().any(|beginning| scenario.starts_with(beginning)) {
                continue;
            }
            let checks: Vec<Value> = serde_json::from_slice(&fs::read(path.join("checks.json"))?)?;
            checks.iter().for_each(|check| report.add(&scenario, check));
            report.scenarios.insert(scenario);
        }
        Ok(report)
    }

    fn add(&mut self, scenario: &str, check: &Value) {
        match check["status"].as_str() {
            Some("SUCCESS") => self.passed += 1,
            Some("FAILURE" | "WARNING") => {
                let name = format!("{scenario}:{}", check["id"].as_str().unwrap_or_default());
                self.reasons
                    .push(format!("{name}: {}", check["errorMessage"].as_str().unwrap_or("no reason was given")));
                self.failed.insert(name);
            }
            _ => {}
        }
    }

    /// Fails where the run differs from the list in either direction: the suite forgives a listed check that it did not come to.
    pub fn ensure_fails_only(&self, listed: &BTreeSet<String>) -> Result<()> {
        ensure!(!self.scenarios.is_empty(), "the suite ran nothing");
        let unexpected: Vec<_> = self.failed.difference(listed).collect();
        ensure!(unexpected.is_empty(), "not on the list of what fails: {unexpected:?}\n{}", self.reasons.join("\n"));
        let stale: Vec<_> = listed.difference(&self.failed).collect();
        ensure!(stale.is_empty(), "on the list of what fails, and did not: {stale:?}");
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenarios, passed, failed, .. } = self;
        write!(formatter, "{} scenarios, {passed} checks passed, {} failed", scenarios.len(), failed.len())
    }
}

/// The entries of a list in the suite's own format, of which no more is used here than one line an entry.
pub fn listed(baseline: &str) -> BTreeSet<String> {
    baseline.lines().filter_map(|line| line.trim().strip_prefix("- ")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report() -> Report {
        let mut report = Report::default();
        report.scenarios.insert("ping".to_owned());
        for (id, status) in [("a", "SUCCESS"), ("b", "FAILURE"), ("c", "WARNING"), ("d", "SKIPPED"), ("e", "INFO")] {
            report.add("ping", &json!({"id": id, "status": status}));
        }
        report
    }

    #[test]
    fn warnings_count_as_failures_and_what_was_not_tried_as_nothing() {
        assert_eq!(report().to_string(), "1 scenarios, 1 checks passed, 2 failed");
    }

    #[test]
    fn a_list_names_neither_less_nor_more_than_what_fails() {
        let report = report();
        assert!(report.ensure_fails_only(&listed("server:\n  # why\n  - ping:b\n  - ping:c\n")).is_ok());
        assert!(report.ensure_fails_only(&listed("  - ping:b")).is_err());
        assert!(report.ensure_fails_only(&listed("  - ping:b\n  - ping:c\n  - ping:never-ran")).is_err());
        assert!(Report::default().ensure_fails_only(&BTreeSet::new()).is_err());
    }
}
