//! The command line: one file per command. Answers go to standard output, everything else to standard error.

mod client;
mod client_rule;
mod demo;
mod doctor;
mod fault;
mod import;
mod key;
mod keys;
mod openapi;
mod output;
mod serve;
#[cfg(test)]
mod tests;
mod user;
mod workspace;

use crate::{
    config::ServerConfig,
    start::{self, WithoutDatabase},
    telemetry,
};
use clap::{Parser, Subcommand};
use std::{io::Write as _, path::PathBuf, process::ExitCode, time::Duration};
use usecases::Deps;

pub use fault::Fault;

/// The real face and the facts behind a LinkedIn URL, for AI clients.
///
/// Visage is a remote MCP connector that you run yourself: one program and one SQLite file. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "visage", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// The configuration file [default: visage.toml in the working directory, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set up the database and serve (what happens without a command)
    Serve,
    /// Serve a throw-away database full of invented people, to look around
    Demo,
    Import(import::Import),
    /// Make, list and mend accounts
    #[command(subcommand)]
    User(user::User),
    /// Make and list workspaces, change their plans and members
    #[command(subcommand)]
    Workspace(workspace::Workspace),
    /// Make, list or revoke API keys
    #[command(subcommand)]
    Key(key::Key),
    /// Rotate the keys that identity tokens are signed with
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Enter, list, allow and block OAuth clients
    #[command(subcommand)]
    Client(client::Client),
    Doctor(doctor::Doctor),
    /// Print the OpenAPI document of the image API and the OAuth endpoints
    Openapi,
}

/// Reads the arguments, runs the command, and tells how it ended: 0 well, 1 with a fault, 2 used wrongly.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers too, and go to standard output. A closed output changes nothing.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Fault::new(format!("The system gives no threads to work with ({error})."))),
    };
    let ended = runtime.block_on(run(arguments));
    // A thread that still reads standard input or hashes a password must not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended.unwrap_or_else(|fault| fail(&fault))
}

fn fail(fault: &Fault) -> ExitCode {
    if fault.is_output_closed() {
        return ExitCode::SUCCESS;
    }
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{fault}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> Result<ExitCode, Fault> {
    let command = arguments.command.unwrap_or(Command::Serve);
    if let Command::Openapi = command {
        return openapi::run(arguments.config.as_deref());
    }
    if let Command::Doctor(doctor) = command {
        return Box::pin(doctor.run(arguments.config.as_deref())).await;
    }
    let config = ServerConfig::load(arguments.config.as_deref())?;
    // The demo's log would push the sign-in that it prints off the screen.
    let is_server = matches!(command, Command::Serve);
    telemetry::start(&config, if is_server { telemetry::OF_A_SERVER } else { telemetry::OF_A_COMMAND });
    match command {
        Command::Serve => Box::pin(serve::run(&config)).await?,
        Command::Demo => Box::pin(demo::run(config)).await?,
        Command::Import(import) => Box::pin(import.run(&config)).await?,
        Command::User(user) => {
            let without = if user.may_come_first() { WithoutDatabase::Create } else { WithoutDatabase::Refuse };
            with_house(&config, without, async |deps| user.run(deps).await).await?;
        }
        Command::Workspace(workspace) => {
            with_house(&config, WithoutDatabase::Refuse, async |deps| workspace.run(deps).await).await?;
        }
        Command::Key(key) => with_house(&config, WithoutDatabase::Refuse, async |deps| key.run(deps).await).await?,
        Command::Keys(keys) => with_house(&config, WithoutDatabase::Refuse, async |deps| keys.run(deps).await).await?,
        Command::Client(client) => {
            with_house(&config, WithoutDatabase::Refuse, async |deps| client.run(deps).await).await?;
        }
        Command::Doctor(_) | Command::Openapi => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the house beside a server that may be running, does something in it, and closes the database.
async fn with_house<T>(
    config: &ServerConfig,
    without: WithoutDatabase,
    work: impl AsyncFnOnce(&Deps) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let deps = start::open_beside(config, without).await?;
    let done = work(&deps).await;
    deps.store.clone().close().await;
    done
}
