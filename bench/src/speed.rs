//! `bench speed`: the server and a bare one in turns, and whether every metered call was counted.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::{
    CONNECTIONS,
    house::{House, MONTH, Tenant},
    load::{self, Caller, Until},
    process::{self, Cores, Server},
    sample::{Row, Sample},
    table,
    targets::{ALL, Target},
    wire::Connection,
};

const WARM_UP: Duration = Duration::from_millis(500);

pub struct Wish {
    pub visage: PathBuf,
    pub photo: PathBuf,
    /// Of one sample.
    pub duration: Duration,
    pub samples: usize,
    /// Only targets whose names contain this.
    pub filter: String,
    pub log: Option<String>,
    /// Where the table goes, as markdown.
    pub report: Option<PathBuf>,
}

/// Measures, prints the table and writes it down. Fails where an answer or a count was wrong.
pub async fn measure(wish: &Wish) -> Result<()> {
    let targets: Vec<Target> = ALL.into_iter().filter(|target| target.name().contains(&wish.filter)).collect();
    ensure!(!targets.is_empty(), "nothing that is measured has {:?} in its name", wish.filter);
    let busy = process::load_average();
    let cores = Cores::split();
    let house = House::new(wish.visage.clone(), cores, wish.log.clone())?;
    let start = Instant::now();
    let mut server = house.serve().await?;
    let cold = start.elapsed();
    let idle = server.resident();

    let mut rows = Vec::new();
    for target in targets {
        writeln!(io::stderr().lock(), "── {}", target.name())?;
        let tenant = house.move_in(&format!("target-{}", rows.len()), &wish.photo)?;
        rows.push(Bout { wish, cores, house: &house, server: &server, tenant: &tenant, target }.fight().await?);
    }
    let text =
        table::markdown(&table::Circumstances { wish, cores, busy, cold, idle, loaded: server.resident() }, &rows);
    server.kill()?;
    table::print(&text)?;
    if let Some(report) = &wish.report {
        fs::write(report, &text).with_context(|| report.display().to_string())?;
    }
    Ok(())
}

/// One target, from its first request to the check of its count.
struct Bout<'a> {
    wish: &'a Wish,
    cores: Cores,
    house: &'a House,
    server: &'a Server,
    tenant: &'a Tenant,
    target: Target,
}

impl Bout<'_> {
    async fn fight(&self) -> Result<Row> {
        let mut callers = self.target.callers(self.house, self.tenant, CONNECTIONS).await?;
        // Getting ready may have cost a call.
        let before = self.house.counted(self.tenant).await?;
        let (mut bare, bare_address) = self.start_bare(&mut callers).await?;
        // The bare server says the same again and again, so nothing can follow from it.
        let mut bare_callers: Vec<Caller> =
            callers.iter().cloned().map(|caller| Caller { follow_up: None, ..caller }).collect();
        let mut called = 1;
        called += load::run(self.house.address, &mut callers, Until::Over(WARM_UP)).await?.acknowledged;
        load::run(bare_address, &mut bare_callers, Until::Over(WARM_UP)).await?;

        let mut row = Row::new(self.target);
        for _ in 0..self.wish.samples {
            let (sample, _) = self.sample(&bare, bare_address, &mut bare_callers).await?;
            row.bare.push(sample);
            let (sample, acknowledged) = self.sample(self.server, self.house.address, &mut callers).await?;
            row.visage.push(sample);
            called += acknowledged;
            ensure!(
                !self.target.is_metered() || called < MONTH * 4 / 5,
                "a month's {MONTH} calls are nearly used up: choose shorter samples"
            );
        }
        bare.kill()?;

        let counted = self.house.counted(self.tenant).await? - before;
        let expected = if self.target.is_metered() { called } else { 0 };
        ensure!(counted == expected, "{expected} metered calls were answered, and {counted} counted");
        row.counted = self.target.is_metered().then_some(counted);
        Ok(row)
    }

    /// Asks once, and starts a bare server that says the same.
    async fn start_bare(&self, callers: &mut [Caller]) -> Result<(Server, SocketAddr)> {
        let caller = callers.first_mut().context("nobody calls")?;
        let mut connection = Connection::open(self.house.address).await?;
        let answer = connection.exchange(&caller.requests[0]).await?;
        ensure!(
            answer.status == caller.status && answer.contains(caller.words),
            "expected {} with {:?}, got {}: {}",
            caller.status,
            caller.words,
            answer.status,
            answer.text()
        );
        if let Some(follow_up) = caller.follow_up {
            caller.requests[0] = follow_up(&caller.requests[0], &answer).context("nothing follows")?;
        }
        let file = self.house.folder().join("answer.json");
        fs::write(&file, answer.recorded().to_string())?;
        start_bare(self.cores, &file)
    }

    async fn sample(&self, server: &Server, address: SocketAddr, callers: &mut Vec<Caller>) -> Result<(Sample, u64)> {
        let before = server.cpu_time();
        let outcome = load::run(address, callers, Until::Over(self.wish.duration)).await?;
        let cpu = server.cpu_time().zip(before).map(|(after, before)| after.saturating_sub(before));
        Ok((Sample::of(&outcome, cpu), outcome.acknowledged))
    }
}

fn start_bare(cores: Cores, answer: &Path) -> Result<(Server, SocketAddr)> {
    let program = process::sibling("bare")?;
    let mut bare = Server(cores.server(&program).arg(answer).stdout(Stdio::piped()).spawn()?);
    let stdout = bare.0.stdout.take().context("the bare server has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let address = line.trim().parse().context("the bare server did not start")?;
    Ok((bare, address))
}
