//! The report: a table in markdown, and under what circumstances it came to be.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    time::Duration,
};

use crate::{
    CONNECTIONS,
    process::Cores,
    sample::{Row, Sample, middle},
    speed::Wish,
};

pub struct Circumstances<'a> {
    pub wish: &'a Wish,
    pub cores: Cores,
    /// The machine's load average before the start.
    pub busy: Option<String>,
    /// From the start of the process on an empty folder to the first answer.
    pub cold: Duration,
    /// Memory of the server before and after, in megabytes.
    pub idle: Option<u64>,
    pub loaded: Option<u64>,
}

pub fn markdown(circumstances: &Circumstances, rows: &[Row]) -> String {
    let mut text = String::from(
        "| | req/s: median (min–max) | p50 ms | p99 ms | CPU µs/req | bare: req/s | bare: p99 ms | bare: CPU µs/req | \
         **req/s : bare** | CPU : bare |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for row in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line(row));
    }
    let _ = write!(text, "\n{}", circumstances.told());
    let counted: u64 = rows.iter().filter_map(|row| row.counted).sum();
    if counted > 0 {
        let _ = writeln!(text, "Metered calls acknowledged = counted: {counted}.");
    }
    text
}

pub fn print(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "\n{text}")
}

fn line(row: &Row) -> String {
    let rate = |samples: &[Sample]| middle(samples, |sample| Some(sample.rate));
    let p99 = |samples: &[Sample]| middle(samples, |sample| Some(sample.p99));
    let cost = |samples: &[Sample]| middle(samples, |sample| sample.cost);
    let ratio = |figure: &dyn Fn(&[Sample]) -> Option<f64>| {
        figure(&row.visage).zip(figure(&row.bare)).map(|(ours, bare)| ours / bare)
    };
    let (slowest, fastest) = row
        .visage
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(low, high), sample| (low.min(sample.rate), high.max(sample.rate)));
    format!(
        "| {} | {} ({}–{}) | {} | {} | {} | {} | {} | {} | **{}** | {} |",
        row.target.name(),
        shown(rate(&row.visage), 0),
        shown(Some(slowest), 0),
        shown(Some(fastest), 0),
        shown(middle(&row.visage, |sample| Some(sample.median)), 2),
        shown(p99(&row.visage), 2),
        shown(cost(&row.visage), 1),
        shown(rate(&row.bare), 0),
        shown(p99(&row.bare), 2),
        shown(cost(&row.bare), 1),
        shown(ratio(&rate), 3),
        shown(ratio(&cost), 1),
    )
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.digits$}"))
}

impl Circumstances<'_> {
    fn told(&self) -> String {
        let Self { wish, cores, busy, cold, idle, loaded } = self;
        let place = match cores {
            Cores::Apart => "server on one core, load on another",
            Cores::Shared => "server and load share the cores",
        };
        let megabytes = |memory: &Option<u64>| memory.map_or_else(|| "–".to_owned(), |memory| memory.to_string());
        format!(
            "{} samples of {} s each, bare and Visage in turns; {CONNECTIONS} connections, HTTP/1.1; {place}; load average \
             at the start {}; log {}.\nCold start on an empty folder {} ms; memory {} MB idle, {} MB after the load.\n",
            wish.samples,
            wish.duration.as_secs(),
            busy.as_deref().unwrap_or("–"),
            wish.log.as_deref().unwrap_or("as by default"),
            cold.as_millis(),
            megabytes(idle),
            megabytes(loaded),
        )
    }
}
