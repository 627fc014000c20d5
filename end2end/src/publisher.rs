//! A publisher of client documents (Client ID Metadata Documents), on this machine and over https.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::{
    fixtures::folder,
    patience::wait_for,
    programs::{Companion, Lines},
    setup,
};

const START: Duration = Duration::from_secs(30);

/// It ends with the value.
#[derive(Debug)]
pub struct Publisher {
    _process: Companion,
    certificates: TempDir,
    base: String,
}

impl Publisher {
    pub fn start() -> Result<Self> {
        let certificates = TempDir::with_prefix("visage-publisher-")?;
        let mut command = Command::new(setup::python()?);
        command.arg(folder().join("clients/document/serve.py")).arg(certificates.path());
        let mut process = Companion(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?);
        let (said, errors) = (Lines::default(), Lines::default());
        drop(said.collect(process.0.stdout.take().context("the publisher has no stdout")?));
        drop(errors.collect(process.0.stderr.take().context("the publisher has no stderr")?));
        let base = wait_for(START, "a publisher of documents", || {
            ensure!(process.0.try_wait()?.is_none(), "the publisher did not start: {}", errors.text());
            Ok(said.find(|line| line.starts_with("https://").then(|| line.to_owned())))
        })?;
        Ok(Self { _process: process, certificates, base })
    }

    /// Where the document of a client lies. It says that the client is called `{name} by document` and runs on the person's
    /// computer.
    pub fn document_url(&self, name: &str) -> String {
        format!("{}/{name}/client.json", self.base)
    }

    /// The certificate of the authority that vouches for this publisher, for whoever is to trust it.
    pub fn authority(&self) -> PathBuf {
        self.certificates.path().join("authority.pem")
    }
}
