//! `visage user create | list | password | disable | enable | operator`: accounts without a browser.

use super::{Fault, output};
use clap::Subcommand;
use domain::audit::Actor;
use std::io::{BufRead as _, Read as _};
use usecases::{
    Deps,
    user::{self, Connections, PasswordChanged},
};

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
    /// List all accounts, with their state and when they were made
    List,
    /// Give an account a new password: whoever is signed in with the old one has to sign in again, and the person's
    /// connections end
    ///
    /// The password is read from standard input: printf '%s\n' "$PASSWORD" | visage user password ada@example.com
    /// --password-stdin
    Password {
        /// The account's email address
        email: String,
        /// Read the password, one line, from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
        /// Let the apps that the person connected go on: for somebody who merely forgot their password
        #[arg(long)]
        keep_connections: bool,
    },
    /// Close an account: its sessions end, and its connections are refused from the next call on
    Disable {
        /// The account's email address
        email: String,
    },
    /// Let somebody run the server: they see every client and say which may connect
    Operator {
        /// The account's email address
        email: String,
        /// Take the server out of their hands, effective on their next request
        #[arg(long)]
        off: bool,
    },
    /// Open a closed account again
    Enable {
        /// The account's email address
        email: String,
    },
}

impl User {
    /// Whether the command may be the first on a new database: somebody has to be let in before the server starts.
    pub const fn may_come_first(&self) -> bool {
        matches!(self, Self::Create { .. })
    }

    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        match self {
            Self::Create { email, name, .. } => create(deps, email, name).await,
            Self::List => list(deps).await,
            Self::Password { email, keep_connections, .. } => change_password(deps, &email, keep_connections).await,
            Self::Operator { email, off: false } => {
                let named = user::name_operator(deps, &email).await.map_err(|error| Fault::of(&error))?;
                match named {
                    (user, true) => output::line(format_args!("{} runs this server now", user.email)),
                    (user, false) => output::line(format_args!("{} runs this server already", user.email)),
                }
            }
            Self::Operator { email, off: true } => {
                let dismissed = user::dismiss_operator(deps, &email).await.map_err(|error| Fault::of(&error))?;
                match &dismissed {
                    (user, true) => output::line(format_args!("{} no longer runs this server", user.email))?,
                    (user, false) => output::line(format_args!("{} does not run this server", user.email))?,
                }
                tell_left_alone(deps, &dismissed.0).await
            }
            Self::Enable { email } => {
                let user = user::enable(deps, &email).await.map_err(|error| Fault::of(&error))?;
                output::line(format_args!("Enabled {}", user.email))
            }
            Self::Disable { email } => {
                let user = user::disable(deps, &email).await.map_err(|error| Fault::of(&error))?;
                output::line(format_args!("Disabled {}", user.email))?;
                tell_left_alone(deps, &user).await
            }
        }
    }
}

async fn create(deps: &Deps, email: String, name: String) -> Result<(), Fault> {
    let password = password()?;
    let new = user::NewUser { email, name, password };
    let address = new.email.clone();
    let user = user::create(deps, new, Actor::Operator).await.map_err(|error| match error {
        user::CreateUserError::Taken => Fault::new(format!(
            "There is an account with the address {address} already: `visage user password {address} --password-stdin` gives it another password."
        )),
        other => Fault::of(&other),
    })?;
    output::line(format_args!("Created {}", user.email))
}

async fn change_password(deps: &Deps, email: &str, keep_connections: bool) -> Result<(), Fault> {
    let connections = if keep_connections { Connections::Keep } else { Connections::End };
    let changed = user::change_password(deps, email, &password()?, connections).await;
    let PasswordChanged { user, ended } = changed.map_err(|error| Fault::of(&error))?;
    output::line(format_args!("Changed the password of {}", user.email))?;
    match ended {
        0 => Ok(()),
        1 => output::remark("One connection of theirs ended with the old one: the app has to be connected again."),
        many => output::remark(format_args!(
            "{many} connections of theirs ended with the old one: the apps have to be connected again."
        )),
    }
}

/// Says what nobody looks after any more, with the command that mends it.
async fn tell_left_alone(deps: &Deps, user: &domain::user::User) -> Result<(), Fault> {
    let left = user::left_alone(deps, user).await.map_err(|error| Fault::of(&error))?;
    for workspace in left.workspaces {
        let slug = workspace.slug;
        output::remark(format_args!(
            "The workspace {slug} has no owner who can sign in now: `visage workspace member {slug} EMAIL --role owner` gives it one."
        ))?;
    }
    if left.server {
        output::remark("Nobody runs this server now: `visage user operator EMAIL` puts it into somebody’s hands.")?;
    }
    Ok(())
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
    let users = user::list(deps).await.map_err(|error| Fault::of(&error))?;
    let rows = users.into_iter().map(|user| {
        let state = match (&user.disabled_at, user.operator_since.is_some()) {
            (Some(_), true) => "disabled operator",
            (Some(_), false) => "disabled",
            (None, true) => "operator",
            (None, false) => "active",
        };
        [user.email.to_string(), user.name, state.to_owned(), user.created_at.to_rfc3339()]
    });
    output::table(["EMAIL", "NAME", "STATE", "SINCE"], rows.collect())
}
