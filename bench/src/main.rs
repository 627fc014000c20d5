//! Speed and exactness of the built binary, measured from outside. `cargo xtask bench` builds both and starts this.

mod connect;
mod house;
mod kill;
mod load;
mod process;
mod sample;
mod speed;
mod table;
mod targets;
mod wire;

use std::{collections::VecDeque, path::PathBuf, str::FromStr, time::Duration};

use anyhow::{Context, Result, bail};

/// At a time, each kept alive.
const CONNECTIONS: usize = 32;

const USAGE: &str = "\
usage: bench [speed] --visage BINARY --photo FILE [--seconds N] [--samples N] [--log LEVEL] [--report FILE] [FILTER]
       bench kill    --visage BINARY --photo FILE [--rounds N]";

// One thread makes all the load, so that it fits on one core beside the server's.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments: VecDeque<String> = std::env::args().skip(1).collect();
    let is_kill = arguments.front().is_some_and(|word| word == "kill");
    if is_kill || arguments.front().is_some_and(|word| word == "speed") {
        arguments.pop_front();
    }
    let mut visage: Option<PathBuf> = None;
    let mut photo: Option<PathBuf> = None;
    let (mut seconds, mut samples, mut rounds) = (4_u64, 3_usize, 5_u64);
    let (mut filter, mut log, mut report) = (String::new(), None, None);
    while let Some(word) = arguments.pop_front() {
        let mut next = || arguments.pop_front().with_context(|| format!("{word} needs a value\n{USAGE}"));
        match word.as_str() {
            "--visage" => visage = Some(next()?.into()),
            "--photo" => photo = Some(next()?.into()),
            "--seconds" => seconds = number(&next()?)?,
            "--samples" => samples = number(&next()?)?,
            "--rounds" => rounds = number(&next()?)?,
            "--log" => log = Some(next()?),
            "--report" => report = Some(next()?.into()),
            _ if word.starts_with('-') || !filter.is_empty() => bail!("{word} is not understood\n{USAGE}"),
            _ => filter = word,
        }
    }
    let (Some(visage), Some(photo)) = (visage, photo) else { bail!(USAGE) };
    // Commands run in a folder of their own.
    let (visage, photo) = (std::path::absolute(visage)?, std::path::absolute(photo)?);
    if is_kill {
        return kill::rounds(&kill::Wish { visage, photo, rounds }).await;
    }
    let duration = Duration::from_secs(seconds);
    speed::measure(&speed::Wish { visage, photo, duration, samples, filter, log, report }).await
}

/// At least one.
fn number<T: FromStr + PartialOrd + From<u8>>(text: &str) -> Result<T> {
    text.parse().ok().filter(|number| *number >= T::from(1)).with_context(|| format!("{text:?} is no number"))
}
