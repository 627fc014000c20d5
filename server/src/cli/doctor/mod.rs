//! `visage doctor`: what would keep the server from starting, or an AI client from connecting.

mod findings;
mod house;
mod walk;

use super::Fault;
use clap::Args;
use findings::Findings;
use std::{path::Path, process::ExitCode};

/// Check the configuration and, given a URL, whether AI clients can connect to it
///
/// Without a URL: the configuration, the data folder and the database. With the connector's URL, such as
/// https://visage.example/mcp: also everything that a client looks at before it signs anybody in. Nothing is changed.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The connector's URL, as people paste it into their AI client
    url: Option<String>,
}

impl Doctor {
    /// Exit code 1 when anything would fail.
    pub async fn run(self, config: Option<&Path>) -> Result<ExitCode, Fault> {
        let mut findings = Findings::new();
        house::check(config, &mut findings).await?;
        if let Some(url) = &self.url {
            walk::walk(url, &mut findings).await?;
        }
        findings.conclude()
    }
}
