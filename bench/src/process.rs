//! Servers as processes: started on a core of their own where that is possible, asked what they cost, ended with the value.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// Who runs where. Server and load on one core each disturb each other least, and every server gets the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cores {
    Apart,
    Shared,
}

const OF_SERVER: &str = "0";
const OF_LOAD: &str = "1";

impl Cores {
    /// Moves this thread, which makes the load, to its core. Without `taskset` or a second core all stays as it is.
    pub fn split() -> Self {
        let is_there = |core| succeeds(Command::new("taskset").args(["-c", core, "true"]));
        let own = std::process::id().to_string();
        let moved = thread::available_parallelism().is_ok_and(|cores| cores.get() > 1)
            && is_there(OF_SERVER)
            && succeeds(Command::new("taskset").args(["-cp", OF_LOAD, &own]));
        if moved { Self::Apart } else { Self::Shared }
    }

    /// A server's command, rid of the environment: a developer's own settings change no figure.
    pub fn server(self, program: &Path) -> Command {
        let mut command = match self {
            Self::Apart => {
                let mut command = Command::new("taskset");
                command.args(["-c", OF_SERVER]).arg(program);
                command
            }
            Self::Shared => Command::new(program),
        };
        command.env_clear().stdin(Stdio::null());
        command
    }
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A running server. It ends with the value.
pub struct Server(pub Child);

impl Server {
    /// The processor time used so far; none on systems that don't tell.
    pub fn cpu_time(&self) -> Option<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).ok()?;
        // The second field is the program's name, which may hold anything; the 14th and 15th are user and system time in
        // ticks (proc_pid_stat(5)), of which Linux tells programs 100 a second on the machines this is built for.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some(Duration::from_millis(ticks * 10))
    }

    /// Memory in use, in megabytes of a million bytes; none on systems that don't tell.
    pub fn resident(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024 / 1_000_000)
    }

    /// Ends it at once (SIGKILL where there are signals): nothing is finished and nothing said good-bye to.
    pub fn kill(&mut self) -> io::Result<()> {
        self.0.kill()?;
        self.0.wait().map(drop)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.kill();
    }
}

/// How busy the machine was in the last minute; none on systems that don't tell.
pub fn load_average() -> Option<String> {
    Some(fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.to_owned())
}

/// The program that lies beside this one.
pub fn sibling(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !path.is_file() {
        bail!("{} does not exist: `cargo xtask bench` builds it", path.display());
    }
    Ok(path)
}

/// Runs a command to its end and gives what it printed.
pub fn read(command: &mut Command, input: &str) -> Result<String> {
    let shown = format!("{command:?}");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that reads no input has closed it already.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().with_context(|| shown.clone())?;
    if !output.status.success() {
        bail!("{shown} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
