//! `visage user create | list | disable`: accounts without a browser.

use super::{Fault, output};
use clap::Subcommand;
use domain::audit::Actor;
use std::io::{BufRead as _, Read as _};
use usecases::{Deps, user};

/// Longer than any password that is taken, and a bound on what is read.
const LONGEST_LINE: u64 = 4_096;

#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account
    ///
    /// The password is read from standard input: printf '%s\n' "$PASSWORD" | visage user create --email ada@example.com
    /// --name Ada --password-stdin
    Create {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// The name that others see
        #[arg(long)]
        name: String,
        /// Read the password, one line, from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// List all accounts
    List,
    /// Close an account: its sessions end, and its connections are refused from the next call on
    Disable {
        /// The account's e-mail address
        email: String,
    },
}

impl User {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        match self {
            Self::Create { email, name, .. } => create(deps, email, name).await,
            Self::List => list(deps).await,
            Self::Disable { email } => {
                let user = user::disable(deps, &email).await.map_err(|error| Fault::of(&error))?;
                output::line(format_args!("Disabled {}", user.email))
            }
        }
    }
}

async fn create(deps: &Deps, email: String, name: String) -> Result<(), Fault> {
    let password = password()?;
    let new = user::NewUser { email, name, password };
    let user = user::create(deps, new, Actor::Operator).await.map_err(|error| Fault::of(&error))?;
    output::line(format_args!("Created {}", user.email))
}

fn password() -> Result<String, Fault> {
    let mut line = String::new();
    let read = std::io::stdin().lock().take(LONGEST_LINE).read_line(&mut line);
    read.map_err(|error| Fault::new(format!("The password can't be read from standard input ({error}).")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Fault::new("The password is missing: write it to standard input, in one line."));
    }
    Ok(password.to_owned())
}

async fn list(deps: &Deps) -> Result<(), Fault> {
    for user in user::list(deps).await.map_err(|error| Fault::of(&error))? {
        let state = if user.disabled_at.is_some() { "disabled" } else { "active" };
        output::line(format_args!("{}\t{}\t{state}\tsince {}", user.email, user.name, user.created_at.to_rfc3339()))?;
    }
    Ok(())
}
