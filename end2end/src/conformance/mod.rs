//! The official conformance suite, and what it needs to meet us: a handler that has what it asks for, and somebody who signs in
//! in its place.

mod report;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use report::Report;

use crate::{
    fixtures::root,
    http,
    patience::wait_for,
    programs::{Companion, Lines, run},
    setup,
    visage::{Home, binary, free_port},
};

const START: Duration = Duration::from_secs(30);
const END: Duration = Duration::from_secs(60);

/// Where a handler finds its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// As the connector is served: no sessions, and streams only within an answer.
    Stateless,
    /// With the sessions of revisions up to 2025-11-25.
    Sessions,
}

/// The server with the suite's own tools in place of ours, beside a house whose tokens it takes. It ends with the value.
#[derive(Debug)]
pub struct Fixture {
    _process: Companion,
    pub port: u16,
}

impl Fixture {
    pub fn start(home: &Home, transport: Transport) -> Result<Self> {
        let program = binary()?.with_file_name("examples").join("conformance");
        ensure!(program.is_file(), "{} does not exist: `cargo xtask e2e` builds it", program.display());
        let mode = match transport {
            Transport::Stateless => "stateless",
            Transport::Sessions => "sessions",
        };
        let port = free_port()?;
        let mut command = home.command_of(&program, &[mode]);
        command.env("VISAGE_LISTEN", format!("127.0.0.1:{port}")).stdout(Stdio::null());
        let mut process = Companion(command.spawn()?);
        let errors = errors_of(&mut process.0);
        let ready = format!("http://127.0.0.1:{port}/readyz");
        wait_for(START, "the suite's handler to be ready", || {
            ensure!(process.0.try_wait()?.is_none(), "the suite's handler did not start: {}", errors.text());
            Ok(http::get(&ready, &[]).ok().filter(|answer| answer.status == 200))
        })?;
        Ok(Self { _process: process, port })
    }
}

/// Sends requests on to a server with a token in them, and changes nothing else. It ends with the value.
#[derive(Debug)]
pub struct Bearer {
    _process: Companion,
    url: String,
}

impl Bearer {
    pub fn before(port: u16, token: &str) -> Result<Self> {
        let script = setup::npm("conformance")?.join("bearer.mjs");
        let mut command = Command::new(setup::node()?);
        command.arg(script).args([&port.to_string(), token]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Companion(command.spawn()?);
        let errors = errors_of(&mut process.0);
        let lines = Lines::default();
        drop(lines.collect(process.0.stdout.take().context("the bearer has no stdout")?));
        let port: u16 = wait_for(START, "somebody who signs in for the suite", || {
            ensure!(process.0.try_wait()?.is_none(), "the bearer did not start: {}", errors.text());
            Ok(lines.find(|line| line.parse().ok()))
        })?;
        Ok(Self { _process: process, url: format!("http://localhost:{port}/mcp") })
    }

    /// Runs every scenario that a revision requires. Fails where one fails that `baseline`, a file beside the suite, does not
    /// list, and where one does not fail that it lists: it can only shrink. What was seen is kept in `target/journeys`.
    pub fn ensure_meets(&self, revision: &str, name: &str, baseline: Option<&str>) -> Result<()> {
        let folder = root().join("target/journeys/conformance").join(format!("{name}-{revision}"));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let mut command = suite()?;
        command.args(["server", "--url", &self.url, "--requirements", revision, "--output-dir"]).arg(&folder);
        let mut listed = BTreeSet::new();
        if let Some(baseline) = baseline {
            let baseline = setup::npm("conformance")?.join(baseline);
            listed = report::listed(&fs::read_to_string(&baseline)?);
            command.arg("--expected-failures").arg(baseline);
        }
        // The suite's own verdict, and then what it leaves out of it.
        run(&mut command)?;
        let report = Report::read(&folder)?;
        fs::write(folder.with_extension("txt"), format!("{report}\n"))?;
        report.ensure_fails_only(&listed).with_context(|| format!("{name}, {revision}: {report}"))
    }
}

/// The suite as the client of our authorization server. It ends with the value.
#[derive(Debug)]
pub struct AuthorizationRun {
    process: Companion,
    said: Lines,
    errors: Lines,
}

impl AuthorizationRun {
    /// Begins, as a client that may be sent back to `/callback` on this port of 127.0.0.1.
    pub fn begin(issuer: &str, client_id: &str, port: u16) -> Result<Self> {
        let resource = format!("{issuer}/mcp");
        let port = port.to_string();
        let mut command = suite()?;
        command.args(["authorization", "--url", issuer, "--client-id", client_id, "--resource", &resource]);
        command.args(["--port", &port]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Companion(command.spawn()?);
        let errors = errors_of(&mut process.0);
        let said = Lines::default();
        drop(said.collect(process.0.stdout.take().context("the suite has no stdout")?));
        Ok(Self { process, said, errors })
    }

    /// The URL that a person is asked to open.
    pub fn authorize_url(&mut self, beginning: &str) -> Result<String> {
        wait_for(START, "the suite to want a browser", || {
            ensure!(self.process.0.try_wait()?.is_none(), "the suite has ended: {}", self.text());
            Ok(self.said.find(|line| line.trim().starts_with(beginning).then(|| line.trim().to_owned())))
        })
    }

    /// Waits for the end, which must be a good one, and gives everything that was said.
    pub fn finish(mut self) -> Result<String> {
        let status = wait_for(END, "the suite to end", || Ok(self.process.0.try_wait()?))?;
        ensure!(status.success(), "the suite ended badly: {}", self.text());
        Ok(self.text())
    }

    fn text(&self) -> String {
        format!("{}\n{}", self.said.text(), self.errors.text())
    }
}

fn suite() -> Result<Command> {
    let program: PathBuf = setup::npm("conformance")?.join("node_modules/@modelcontextprotocol/conformance");
    let mut command = Command::new(setup::node()?);
    command.arg(program.join("dist/index.js")).current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).stdin(Stdio::null());
    Ok(command)
}

fn errors_of(process: &mut Child) -> Lines {
    let errors = Lines::default();
    if let Some(source) = process.stderr.take() {
        drop(errors.collect(source));
    }
    errors
}
