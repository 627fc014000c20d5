//! A house to measure: a data folder filled through the command line, as an operator would, and a server on it.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    process::{self, Cores, Server},
    wire::{Connection, Request},
};

/// Everybody's.
pub const PASSWORD: &str = "seven brass wheels turn";
/// How many people each directory holds, all with a photo.
pub const PEOPLE: usize = 16;
/// A month of the largest plan, in calls; more than this in one run is refused by the product.
pub const MONTH: u64 = 500_000;
const START: Duration = Duration::from_secs(60);

/// A machine with a database and no server running yet.
pub struct House {
    folder: TempDir,
    visage: PathBuf,
    pub address: SocketAddr,
    cores: Cores,
    log: Option<String>,
}

/// Somebody with a workspace, so that each measurement has a meter of its own.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub email: String,
    pub publishable_key: String,
    secret_key: String,
}

impl House {
    /// `log`: the level of the server's log, as `VISAGE_LOG` takes it; its own default without.
    pub fn new(visage: PathBuf, cores: Cores, log: Option<String>) -> Result<Self> {
        // The port is free again at once, and taken by the server a moment later.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self { folder: TempDir::with_prefix("visage-bench-")?, visage, address, cores, log })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// Makes an account, a workspace on the largest plan, its keys, and its directory of people with photos.
    pub fn move_in(&self, name: &str, photo: &Path) -> Result<Tenant> {
        let email = format!("{name}@bench.example");
        let account = ["user", "create", "--email", &email, "--name", name, "--password-stdin"];
        process::read(&mut self.command(&account), &format!("{PASSWORD}\n"))?;
        let slug = self.run(&["workspace", "create", name, "--owner", &email])?;
        self.run(&["workspace", "plan", &slug, "scale"])?;
        let key = |kind| self.run(&["key", "create", "--workspace", &slug, "--kind", kind, "--name", "Bench"]);
        let (publishable_key, secret_key) = (key("publishable")?, key("secret")?);

        let file = self.folder().join("people.jsonl");
        let people: Vec<String> = (0..PEOPLE).map(|number| person(number, photo).to_string()).collect();
        fs::write(&file, people.join("\n"))?;
        let told = self.run(&["import", &file.display().to_string(), "--workspace", &slug])?;
        if !told.contains(&format!("added {PEOPLE}")) || !told.contains(&format!("photos {PEOPLE} ")) {
            bail!("the directory was not read: {told}");
        }
        Ok(Tenant { email, publishable_key, secret_key })
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        process::read(&mut self.command(arguments), "")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.cores.server(&self.visage);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("VISAGE_LISTEN", self.address.to_string())
            .env("VISAGE_PUBLIC_URL", self.url(""))
            .env("VISAGE_DATA_DIR", self.folder().join("data"))
            .env("VISAGE_RATE_LIMIT_TOOL_CALLS", "0")
            .env("VISAGE_RATE_LIMIT_IMAGES", "0");
        if let Some(log) = &self.log {
            command.env("VISAGE_LOG", log);
        }
        command
    }

    /// Starts the server and waits until it is ready. Its log goes to a file, as an operator's would.
    pub async fn serve(&self) -> Result<Server> {
        let log = self.folder().join("log");
        let mut command = self.command(&["serve"]);
        let output = File::create(self.folder().join("out"))?;
        let mut server = Server(command.stdout(output).stderr(File::create(&log)?).spawn()?);
        let start = Instant::now();
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await
                && let Ok(answer) = connection.exchange(&Request::get("/readyz", &[])).await
                && answer.status == 200
            {
                return Ok(server);
            }
            if server.0.try_wait()?.is_some() || start.elapsed() > START {
                bail!("the server did not start: {}", fs::read_to_string(log)?);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many calls `GET /v1/usage` says that a tenant's workspace has used this month.
    pub async fn counted(&self, tenant: &Tenant) -> Result<u64> {
        let mut connection = Connection::open(self.address).await?;
        let request = Request::get("/v1/usage", &[("x-api-key", &tenant.secret_key)]);
        let text = connection.exchange(&request).await?.text();
        let usage: Value = serde_json::from_str(&text).with_context(|| text.clone())?;
        usage["meters"]["avatar_requests"]["used"].as_u64().with_context(|| format!("no number in {text}"))
    }
}

/// How a person of the directory is addressed.
pub fn username(number: usize) -> String {
    format!("person-{}", number % PEOPLE)
}

fn person(number: usize, photo: &Path) -> Value {
    json!({
        "linkedin_url": format!("https://www.linkedin.com/in/{}", username(number)),
        "name": format!("Ada Lovelace {number}"),
        "headline": "Analyst of engines", "company": "Analytical Engines", "summary": "Wrote the first program.",
        "industry": "Computing", "location": "London", "open_to_work": true, "photo": photo,
    })
}
