//! `visage client add | list | allow | block | release | policy`: which apps may connect to this server.

use super::{Fault, client_rule::Rule, output};
use crate::start;
use clap::{
    Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::oauth::{
    client::{ClientId, Standing},
    client_policy::{Effect, RuleSubject},
    logo,
    signing::SigningAlgorithm,
};
use usecases::{
    Deps,
    access::operator::at_command_line,
    client::{self, NewClient},
    client_policy::{self, AddRuleError, Moved, Search, Wanted},
};

#[derive(Debug, Subcommand)]
pub enum Client {
    /// Enter an OAuth client and print its client_id, and below it the client_secret where it has one
    Add {
        /// The app's name, as the consent screen shows it
        #[arg(long)]
        name: String,
        /// Where the app may be sent back to; may be repeated
        #[arg(long = "redirect-uri", value_name = "URI", required_unless_present = "resource_server")]
        redirect_uris: Vec<String>,
        /// Where its logo is: an https address of a PNG, JPEG, WebP or GIF, which the server fetches and keeps
        #[arg(long, value_name = "URI")]
        logo_uri: Option<String>,
        /// The app can keep a secret; it is printed this once
        #[arg(long)]
        confidential: bool,
        /// What its id_token is signed with [default: RS256 for a confidential app, ES256 for any other]
        #[arg(long, value_name = "ALG", value_parser = identity_token_algorithm())]
        id_token_alg: Option<SigningAlgorithm>,
        /// Not an app but a server that asks /introspect what tokens stand for; its secret is printed this once
        #[arg(long, conflicts_with_all = ["redirect_uris", "logo_uri", "confidential", "id_token_alg"])]
        resource_server: bool,
    },
    /// List the clients that this server knows, those that wait for approval first
    List {
        /// Part of a name, of a client_id or of an address [default: all]
        #[arg(default_value = "", hide_default_value = true)]
        text: String,
        /// Only those that wait for approval
        #[arg(long, conflicts_with = "blocked")]
        waiting: bool,
        /// Only those that are blocked
        #[arg(long)]
        blocked: bool,
    },
    /// Let people authorize a client, whatever the rules for hosts and names say
    Allow {
        /// The client_id
        id: String,
    },
    /// Refuse a client from its next request on; its connections work again once it is no longer blocked
    Block {
        /// The client_id
        id: String,
    },
    /// Take back what was decided about one client: the other rules hold for it again
    Release {
        /// The client_id
        id: String,
    },
    /// Rules for clients by their hosts and names
    #[command(subcommand)]
    Rule(Rule),
    /// Say what is done with a client that no rule fits; without an answer: show the rules
    Policy {
        /// allow, ask (nobody may authorize it before you approve it) or block
        #[arg(ignore_case = true, value_parser = effect())]
        default: Option<Effect>,
    },
}

/// Takes the names of the effects, and lists them in the help.
fn effect() -> impl TypedValueParser<Value = Effect> {
    PossibleValuesParser::new(Effect::ALL.map(Effect::as_str)).try_map(|name| name.to_lowercase().parse::<Effect>())
}

fn identity_token_algorithm() -> impl TypedValueParser<Value = SigningAlgorithm> {
    PossibleValuesParser::new(SigningAlgorithm::OF_IDENTITY_TOKENS.map(SigningAlgorithm::as_str))
        .try_map(|name| SigningAlgorithm::from_name(&name).ok_or("no such algorithm"))
}

impl Client {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        match self {
            Self::Add { name, resource_server: true, .. } => {
                require_name(&name)?;
                let added = client::add_resource_server(deps, &name).await.map_err(|error| start::database(&error))?;
                tell_added(&added)
            }
            Self::Add { name, redirect_uris, logo_uri, confidential, id_token_alg, .. } => {
                require_name(&name)?;
                let new = NewClient {
                    name,
                    redirect_uris,
                    is_confidential: confidential,
                    identity_token_algorithm: id_token_alg,
                    logo_uri,
                };
                let added = client::add(deps, &at_command_line(), new).await.map_err(|error| Fault::of(&error))?;
                tell_added(&added)?;
                tell_alike(deps, &added).await?;
                tell_logo(deps, &added).await
            }
            Self::List { text, waiting, blocked } => {
                let standing = if waiting { Some(Standing::Asked) } else { blocked.then_some(Standing::Blocked) };
                list(deps, Wanted { text, standing }).await
            }
            Self::Allow { id } => decide(deps, id, Effect::Allow).await,
            Self::Block { id } => decide(deps, id, Effect::Block).await,
            Self::Release { id } => release(deps, id).await,
            Self::Rule(rule) => rule.run(deps).await,
            Self::Policy { default: None } => super::client_rule::list(deps).await,
            Self::Policy { default: Some(effect) } => {
                let set = client_policy::set_default(deps, &at_command_line(), effect).await;
                let moved = set.map_err(|error| start::database(&error))?;
                output::line(format_args!("Every client that no rule fits: {effect}{}", moved_clients(moved)))
            }
        }
    }
}

fn require_name(name: &str) -> Result<(), Fault> {
    if domain::text::one_line(name, 1).is_empty() {
        return Err(Fault::new(
            "The client has no name: give the name that people know it by, as in --name \"Contact desk\".",
        ));
    }
    Ok(())
}

/// One item a line, for scripts; which is which is said beside them.
fn tell_added(added: &client::Registered) -> Result<(), Fault> {
    output::remark("client_id:")?;
    output::line(&added.client.id)?;
    let Some(secret) = &added.secret else { return Ok(()) };
    output::remark("client_secret, shown this once:")?;
    output::line(secret.expose())
}

/// Two of the same may be meant, and may be one command too many.
async fn tell_alike(deps: &Deps, added: &client::Registered) -> Result<(), Fault> {
    let alike = client_policy::entered_alike(deps, &at_command_line(), &added.client).await;
    match alike.map_err(|error| start::database(&error))? {
        Some(id) => {
            output::remark(format_args!("There is a client of this name with these redirect URIs already: {id}"))
        }
        None => Ok(()),
    }
}

/// Waits for the picture, before which the process would end, and says where letters stand in for it.
async fn tell_logo(deps: &Deps, added: &client::Registered) -> Result<(), Fault> {
    if added.client.logo_uri.is_none() {
        return Ok(());
    }
    deps.logos.settle().await;
    let line = client_policy::client(deps, &at_command_line(), &added.client.id).await;
    let line = line.map_err(|error| start::database(&error))?;
    match line.filter(|line| line.logo.is_none()) {
        None => Ok(()),
        Some(line) if logo::vouched(&line.client, &line.publisher).is_none() => output::remark(
            "The logo is not shown: the app sends people to a program on their own computers, and any program there could show it.",
        ),
        Some(_) => output::remark(
            "The logo is not shown: it could not be fetched as PNG, JPEG, WebP or GIF of at most 256 KB.",
        ),
    }
}

async fn list(deps: &Deps, wanted: Wanted) -> Result<(), Fault> {
    let mut search = Search { wanted, page: 1 };
    let mut rows = Vec::new();
    loop {
        let found = client_policy::clients(deps, &at_command_line(), &search).await;
        let found = found.map_err(|error| start::database(&error))?;
        rows.extend(found.lines.into_iter().map(|line| {
            let places: Vec<String> = line.places.iter().map(ToString::to_string).collect();
            [
                line.client.id.to_string(),
                line.client.name,
                places.join(" "),
                standing(line.client.standing).to_owned(),
                line.live_grants.to_string(),
            ]
        }));
        if found.page == found.pages {
            break;
        }
        search.page += 1;
    }
    output::table(["CLIENT_ID", "NAME", "SENT TO", "STANDING", "CONNECTIONS"], rows)
}

/// In the words of the pages.
const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Allowed => "allowed",
        Standing::Asked => "waiting for approval",
        Standing::Blocked => "blocked",
    }
}

async fn decide(deps: &Deps, id: String, effect: Effect) -> Result<(), Fault> {
    let about = RuleSubject::Client(ClientId(id.clone()));
    client_policy::add_rule(deps, &at_command_line(), about, effect).await.map_err(not_added)?;
    match effect {
        Effect::Allow => output::line(format_args!("Allowed {id}")),
        Effect::Ask => output::line(format_args!("{id} waits for approval")),
        Effect::Block => output::line(format_args!("Blocked {id}: its next request is refused")),
    }
}

async fn release(deps: &Deps, id: String) -> Result<(), Fault> {
    let released = client_policy::release(deps, &at_command_line(), &ClientId(id.clone())).await;
    match released.map_err(|error| start::database(&error))? {
        Some(_) => output::line(format_args!("Released {id}: the other rules hold for it again")),
        None => Err(Fault::new(format!("Nothing was decided about {id}: `visage client policy` shows all rules."))),
    }
}

pub(super) fn not_added(error: AddRuleError) -> Fault {
    match error {
        AddRuleError::Store(error) => start::database(&error),
        other => Fault::of(&other),
    }
}

/// ` (2 clients blocked)`, or nothing where no client stands elsewhere.
pub(super) fn moved_clients(moved: Moved) -> String {
    let parts: Vec<String> =
        [(moved.allowed, Standing::Allowed), (moved.asked, Standing::Asked), (moved.blocked, Standing::Blocked)]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, state)| {
                format!("{count} {} {}", if count == 1 { "client" } else { "clients" }, standing(state))
            })
            .collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
