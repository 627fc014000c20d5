//! `bench kill`: the server is killed under load, again and again. Whatever it acknowledged must be counted when it is back,
//! and nothing more than was on its way.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Result, ensure};
use tokio::time::sleep;

use crate::{
    CONNECTIONS,
    house::House,
    load::{self, Until},
    process::Cores,
    targets::Target,
};

pub struct Wish {
    pub visage: PathBuf,
    pub photo: PathBuf,
    pub rounds: u64,
}

/// Half of the connections ask for faces, half call a tool. Fails at the first round that lost or invented a call.
pub async fn rounds(wish: &Wish) -> Result<()> {
    let house = House::new(wish.visage.clone(), Cores::split(), None)?;
    let mut server = house.serve().await?;
    let tenant = house.move_in("kill", &wish.photo)?;
    let mut callers = Target::Redirect.callers(&house, &tenant, CONNECTIONS / 2).await?;
    callers.extend(Target::ToolCall.callers(&house, &tenant, CONNECTIONS / 2).await?);
    let mut before = house.counted(&tenant).await?;
    for round in 1..=wish.rounds {
        // Each round is cut at another moment of whatever the server does periodically.
        let life = Duration::from_millis(700 + 137 * round % 900);
        let cut = async {
            sleep(life).await;
            server.kill()
        };
        let (outcome, killed) = tokio::join!(load::run(house.address, &mut callers, Until::Cut), cut);
        let outcome = outcome?;
        killed?;
        server = house.serve().await?;
        let counted = house.counted(&tenant).await?;
        let new = counted - before;
        before = counted;
        writeln!(
            io::stdout().lock(),
            "round {round}: killed after {} ms; {} acknowledged, {} in flight, {new} counted",
            life.as_millis(),
            outcome.acknowledged,
            outcome.in_flight,
        )?;
        ensure!(new >= outcome.acknowledged, "{} acknowledged calls were lost", outcome.acknowledged - new);
        ensure!(new <= outcome.acknowledged + outcome.in_flight, "more was counted than was asked");
    }
    server.kill()?;
    writeln!(io::stdout().lock(), "{} rounds: nothing lost, nothing counted twice", wish.rounds)?;
    Ok(())
}
