//! A throw-away PostgreSQL cluster, one per person and machine: started by the first test that needs it, shared by all
//! test programs, and stopped by a watchdog once none of them is left. It listens on a socket only and never syncs.

use anyhow::{Context, Result, bail, ensure};
use std::{
    collections::hash_map::RandomState,
    fs::{self, File, Permissions},
    hash::{BuildHasher, Hasher},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// The role that owns everything, and the port that names the socket.
const ROLE: &str = "visage";
const PORT: &str = "5432";

/// Stops the cluster once no test program holds `users`, so that nothing is left running behind the tests.
/// `flock` and [`File::lock`] are the same lock to the system.
const WATCHDOG: &str = r#"
while sleep 20; do
    if flock --exclusive --nonblock "$1/users" "$2/pg_ctl" --pgdata="$1/data" --mode=immediate stop; then exit; fi
    test -e "$1/data/postmaster.pid" || exit
done
"#;

/// A running cluster, and this program's share in it.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    /// Present when this program runs as root, as which PostgreSQL refuses to run.
    account: Option<String>,
    /// Tells this program's databases from those that another one of its number left behind.
    mark: u64,
    _share: File,
}

/// The cluster, started if nobody did so before.
pub(crate) fn cluster() -> Result<&'static Cluster> {
    static CLUSTER: OnceLock<std::result::Result<Cluster, String>> = OnceLock::new();
    CLUSTER
        .get_or_init(|| Cluster::join().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|error| anyhow::anyhow!("{error}"))
}

impl Cluster {
    fn join() -> Result<Self> {
        let programs = find_programs()?;
        let user = output(Command::new("id").arg("--user"))?;
        let account = (user == "0").then(find_account).transpose()?;
        let folder = std::env::temp_dir().join(format!("visage-test-postgres-{user}"));
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
        if let Some(account) = &account {
            run(Command::new("chown").arg(account).arg(&folder))?;
        }
        // The share comes first: from here on the watchdog leaves the cluster alone.
        let share = open(&folder.join("users"))?;
        share.lock_shared()?;
        let cluster =
            Self { folder, programs, account, mark: RandomState::new().build_hasher().finish(), _share: share };
        let turn = open(&cluster.folder.join("turn"))?;
        turn.lock()?;
        if !cluster.is_alive() {
            cluster.start()?;
        }
        Ok(cluster)
    }

    /// Makes an empty database and tells its URL and its name.
    pub(crate) fn create_database(&self) -> Result<(String, String)> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{:x}_{number}", std::process::id(), self.mark);
        run(self.client("createdb").arg(&name))?;
        let folder = self.folder.display();
        Ok((format!("postgres:///{name}?host={folder}&port={PORT}&user={ROLE}"), name))
    }

    pub(crate) fn drop_database(&self, name: &str) -> Result<()> {
        run(self.client("dropdb").args(["--if-exists", "--force", name]))
    }

    /// Whether a transaction in this database waits for another one.
    pub(crate) fn has_waiting(&self, name: &str) -> Result<bool> {
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let count = output(self.client("psql").args(["--no-align", "--tuples-only", "--command", waiting, name]))?;
        Ok(count != "0")
    }

    fn is_alive(&self) -> bool {
        self.client("pg_isready")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    fn start(&self) -> Result<()> {
        let data = self.folder.join("data");
        if data.exists() {
            // Left by a cluster that was stopped or killed; without syncing there is nothing in it to trust.
            drop(self.server("pg_ctl").arg("--pgdata").arg(&data).args(["--mode=immediate", "stop"]).output());
            fs::remove_dir_all(&data)?;
        }
        run(self.server("initdb").arg("--pgdata").arg(&data).args([
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
            "--username",
            ROLE,
        ]))
        .context("initdb failed")?;
        let options = format!(
            "-c listen_addresses='' -c port={PORT} -c unix_socket_directories='{}' -c fsync=off -c full_page_writes=off \
             -c synchronous_commit=off -c max_connections=400 -c shared_buffers=32MB -c max_wal_size=256MB",
            self.folder.display()
        );
        run(self
            .server("pg_ctl")
            .arg("--pgdata")
            .arg(&data)
            .args(["--wait", "--timeout=60", "--log"])
            .arg(self.folder.join("log"))
            .args(["--options", &options, "start"])
            .stdout(Stdio::null()))
        .context("PostgreSQL did not start")?;
        let mut watchdog = self.as_account(Path::new("setsid"));
        watchdog.args(["--fork", "sh", "-c", WATCHDOG, "watchdog"]).arg(&self.folder).arg(&self.programs);
        // It outlives this program, so it may hold none of its pipes: whoever reads them would wait for it.
        let started = watchdog.stdout(Stdio::null()).stderr(Stdio::null()).status().context("setsid can't be run")?;
        ensure!(started.success(), "the watchdog of the test database did not start");
        Ok(())
    }

    /// A program that talks to the cluster.
    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.arg("--host").arg(&self.folder).args(["--port", PORT, "--username", ROLE]);
        command
    }

    /// A program that is the cluster, or works on its files.
    fn server(&self, program: &str) -> Command {
        self.as_account(&self.programs.join(program))
    }

    fn as_account(&self, program: &Path) -> Command {
        let mut command = match &self.account {
            Some(account) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", account, "--regid", account, "--clear-groups", "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir("/").stdin(Stdio::null());
        command
    }
}

/// The newest installed PostgreSQL, where Debian keeps it or else on the `PATH`.
fn find_programs() -> Result<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = installed
        .map(|entry| entry.path().join("bin"))
        .filter(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
        .max_by_key(|folder| {
            let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
            version.and_then(|version| version.parse::<u32>().ok())
        });
    if let Some(folder) = newest {
        return Ok(folder);
    }
    match output(Command::new("pg_config").arg("--bindir")) {
        Ok(folder) if Path::new(&folder).join("initdb").exists() => Ok(PathBuf::from(folder)),
        _ => bail!(
            "these tests need PostgreSQL: install it (Debian: apt-get install postgresql), no server need be running"
        ),
    }
}

/// Who runs the cluster when root may not.
fn find_account() -> Result<String> {
    for account in ["postgres", "nobody"] {
        if let Ok(user) = output(Command::new("id").args(["--user", account])) {
            return Ok(user);
        }
    }
    bail!("PostgreSQL can't run as root, and there is no account postgres or nobody to run it as")
}

/// A file that is there to be locked; every account of the cluster's may.
fn open(path: &Path) -> Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(path)?;
    file.set_permissions(Permissions::from_mode(0o666))?;
    Ok(file)
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().display().to_string();
    let result = command.stderr(Stdio::piped()).output().with_context(|| format!("{program} can't be run"))?;
    ensure!(result.status.success(), "{program}: {}", String::from_utf8_lossy(&result.stderr).trim());
    Ok(())
}

fn output(command: &mut Command) -> Result<String> {
    let result = command.output()?;
    ensure!(result.status.success());
    Ok(String::from_utf8(result.stdout)?.trim().to_owned())
}
