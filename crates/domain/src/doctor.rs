//! What is found when the road to a connection is walked from outside: finding by finding, each with its way out.

use serde::Serialize;

/// The parts of the road, in the order in which they are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// What people paste.
    Address,
    /// A call without a token (RFC 9728, section 5).
    Challenge,
    /// The document of the resource (RFC 9728).
    ResourceMetadata,
    /// The document of the authorization server (RFC 8414).
    ServerMetadata,
    /// Where apps register, send people, and exchange codes.
    Endpoints,
    /// What web pages may read of it all (CORS).
    WebPages,
    Clock,
}

impl Leg {
    pub const ALL: [Self; 7] = [
        Self::Address,
        Self::Challenge,
        Self::ResourceMetadata,
        Self::ServerMetadata,
        Self::Endpoints,
        Self::WebPages,
        Self::Clock,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Address => "Address",
            Self::Challenge => "Challenge",
            Self::ResourceMetadata => "Resource metadata",
            Self::ServerMetadata => "Server metadata",
            Self::Endpoints => "Endpoints",
            Self::WebPages => "Web pages",
            Self::Clock => "Clock",
        }
    }

    /// What an app wants here.
    pub const fn question(self) -> &'static str {
        match self {
            Self::Address => "Can apps use this address at all?",
            Self::Challenge => "Is a call without a token told where to sign in?",
            Self::ResourceMetadata => "Does the connector say who signs people in for it?",
            Self::ServerMetadata => "Does whoever signs people in say how?",
            Self::Endpoints => "Are the addresses there that it names?",
            Self::WebPages => "May apps that run in a browser take part?",
            Self::Clock => "Does the server know what time it is?",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Pass,
    /// It works, and yet some app may trip over it.
    Warn,
    /// Apps would not get through.
    Fail,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub leg: Leg,
    pub verdict: Verdict,
    /// What was seen, a sentence.
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// One walk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// As it was typed.
    pub url: String,
    /// Which workspace's address it is, on a Visage. Its documents are the same whether or not it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    pub findings: Vec<Finding>,
}

impl Report {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), workspace: None, findings: Vec::new() }
    }

    pub fn pass(&mut self, leg: Leg, what: impl Into<String>) {
        self.findings.push(Finding { leg, verdict: Verdict::Pass, what: what.into(), fix: None });
    }

    pub fn warn(&mut self, leg: Leg, what: impl Into<String>, fix: impl Into<String>) {
        self.findings.push(Finding { leg, verdict: Verdict::Warn, what: what.into(), fix: Some(fix.into()) });
    }

    pub fn fail(&mut self, leg: Leg, what: impl Into<String>, fix: impl Into<String>) {
        self.findings.push(Finding { leg, verdict: Verdict::Fail, what: what.into(), fix: Some(fix.into()) });
    }

    /// Puts what was found of the address later, from what is known here, behind what its text said.
    pub fn add_to_address(&mut self, verdict: Verdict, what: impl Into<String>, fix: Option<String>) {
        let place = self.findings.iter().rposition(|finding| finding.leg == Leg::Address).map_or(0, |last| last + 1);
        self.findings.insert(place, Finding { leg: Leg::Address, verdict, what: what.into(), fix });
    }

    /// For whoever may not know which workspaces there are: existence is private.
    pub fn leave_workspace_open(&mut self) {
        let Some(workspace) = &self.workspace else { return };
        let what = format!(
            "Whether there is a workspace {workspace:?} can’t be seen from outside: one that you don’t belong to looks the same as one that isn’t there."
        );
        let fix = "Compare the address with the one on the workspace’s overview page. Whoever belongs to the workspace can sign in there and check it at /connect/doctor.";
        self.add_to_address(Verdict::Warn, what, Some(fix.to_owned()));
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|finding| finding.verdict == verdict).count()
    }

    /// The worst that was found. A walk that found nothing was none.
    pub fn verdict(&self) -> Verdict {
        self.findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Fail)
    }

    /// The worst on one part of the road; none where it was never reached.
    pub fn verdict_on(&self, leg: Leg) -> Option<Verdict> {
        self.on(leg).map(|finding| finding.verdict).max()
    }

    pub fn on(&self, leg: Leg) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.leg == leg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_is_as_good_as_its_worst_step() {
        let mut report = Report::new("https://visage.example/mcp");
        assert_eq!(report.verdict(), Verdict::Fail);
        report.pass(Leg::Address, "It is one.");
        assert_eq!(report.verdict(), Verdict::Pass);
        report.warn(Leg::Clock, "It is late.", "Set the clock.");
        assert_eq!((report.verdict(), report.verdict_on(Leg::Address)), (Verdict::Warn, Some(Verdict::Pass)));
        report.fail(Leg::Challenge, "Nobody is there.", "Start it.");
        assert_eq!((report.verdict(), report.count(Verdict::Fail)), (Verdict::Fail, 1));
        assert_eq!(report.verdict_on(Leg::WebPages), None);
    }

    #[test]
    fn what_is_told_of_a_workspace_stands_with_the_address() {
        let mut report = Report::new("https://visage.example/mcp/engines");
        report.pass(Leg::Address, "It is one.");
        report.pass(Leg::Clock, "It is noon.");
        report.leave_workspace_open();
        assert_eq!(report.findings.len(), 2);
        report.workspace = Some("engines".to_owned());
        report.leave_workspace_open();
        let legs: Vec<Leg> = report.findings.iter().map(|finding| finding.leg).collect();
        assert_eq!(legs, [Leg::Address, Leg::Address, Leg::Clock]);
        assert_eq!((report.verdict(), report.count(Verdict::Fail)), (Verdict::Warn, 0));
    }
}
