//! `visage doctor`: what would keep the server from starting, or an AI client from connecting.

mod findings;
mod house;

use super::{Fault, output};
use clap::Args;
use domain::{clock::Clock as _, doctor::Verdict};
use findings::Findings;
use providers::{
    doctor::{Road, walk},
    operator::OperatorClient,
};
use std::{path::Path, process::ExitCode};
use usecases::deps::SystemClock;

/// Check the configuration or, given a URL, whether AI clients can connect to it
///
/// Without a URL: the configuration, the data folder and the database. With a connector's URL, such as
/// https://visage.example/mcp: everything that a client looks at before it signs anybody in, on any MCP server; the
/// configuration as well where the URL is this server's own. Nothing is changed.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The connector's URL, as people paste it into their AI client
    url: Option<String>,
    /// Print what was found as JSON
    #[arg(long, requires = "url")]
    json: bool,
}

impl Doctor {
    /// Exit code 1 when anything would fail.
    pub async fn run(self, config: Option<&Path>) -> Result<ExitCode, Fault> {
        let mut findings = Findings::new();
        let Some(url) = self.url else {
            house::check(config, &mut findings).await?;
            return findings.conclude();
        };
        let is_own = house::is_own(config, &url);
        if !self.json && is_own {
            house::check(config, &mut findings).await?;
        }
        let mut report = Box::pin(walk(&Road::Anywhere(OperatorClient::new()), &url, SystemClock.now())).await;
        if is_own {
            house::look_for_workspace(config, &mut report).await;
        } else {
            report.leave_workspace_open();
        }
        if self.json {
            let text = serde_json::to_string_pretty(&report).map_err(|error| Fault::of(&error))?;
            output::line(text)?;
            let fails = report.count(Verdict::Fail) > 0;
            return Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
        findings.tell(&report)?;
        findings.conclude()
    }
}
