//! The connected apps and keys of the demo: whatever pays for its calls.

use super::{DemoError, diary, team::Team};
use crate::{
    Deps,
    audit::{self, Entry},
    client,
    token::{self, Family},
};
use domain::{
    api_key::{AllowedDomain, ApiKey, KeyKind},
    audit::{Action, Actor},
    clock::{Clock, Timestamp},
    id::{ApiKeyId, GrantId},
    oauth::{client::Client, grant::Grant, resource::McpResource, scope::ScopeSet},
    principal::Subject,
    secret::Secret,
    usage::Payer,
    user::User,
};
use serde_json::json;
use std::{sync::Arc, time::Duration};

const DAY: Duration = Duration::from_secs(86_400);
/// How long before its last call an app got the token that it called with.
const SINCE_THE_TOKEN: Duration = Duration::from_secs(2 * 3_600);

/// A clock that stands still.
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A payer, and how many calls it makes on a working day.
pub struct Habit {
    pub payer: Payer,
    pub calls_a_day: u64,
}

/// Claims a name, is sent to an address, and was connected so many days ago.
struct App {
    name: &'static str,
    redirect_uri: &'static str,
    days_ago: u32,
    calls_a_day: u64,
}

pub async fn connect(deps: &Deps, team: &Team) -> Result<Vec<Habit>, DemoError> {
    let [charles, mary, luigi] = team.colleagues.as_slice() else { return Ok(Vec::new()) };
    let app = |name, redirect_uri, days_ago, calls_a_day| App { name, redirect_uri, days_ago, calls_a_day };
    let mut habits = Vec::new();
    for (user, app) in [
        (&team.owner, app("Claude", "https://claude.ai/api/mcp/auth_callback", 41, 34)),
        (&team.owner, app("Claude Code", "http://localhost:3118/callback", 33, 21)),
        (charles, app("ChatGPT", "https://chatgpt.com/connector_platform_oauth_redirect", 38, 27)),
        (mary, app("Cursor", "cursor://anysphere.cursor-mcp/oauth/callback", 17, 12)),
        (luigi, app("Contact Sheet", "https://sheet.example/oauth/callback", 9, 4)),
    ] {
        habits.push(grant(deps, team, user, &app).await?);
    }
    habits.push(key(deps, team, KeyKind::Publishable, "Website: team page", &["analytical.example"], 44).await?);
    // One that can be tried from anywhere.
    habits.push(key(deps, team, KeyKind::Publishable, "Mail signatures", &[], 16).await?);
    habits.push(key(deps, team, KeyKind::Secret, "CRM, nightly", &[], 37).await?);
    Ok(habits)
}

async fn grant(deps: &Deps, team: &Team, user: &User, app: &App) -> Result<Habit, DemoError> {
    let document = json!({ "client_name": app.name, "redirect_uris": [app.redirect_uri] });
    let client = client::register(deps, &document).await?.client;
    let grant = approved(deps, team, user, &client, app);
    let transaction = deps.store.begin().await?;
    store::grant::insert(&transaction, &grant).await?;
    store::grant::mark_connected(&transaction, grant.id, grant.created_at).await?;
    if let Some(used) = grant.last_used_at {
        let then = Deps { clock: Arc::new(At(used.minus(SINCE_THE_TOKEN))), ..deps.clone() };
        token::issue(&then, &transaction, &grant, &Family::begin(&then), grant.scopes).await?;
        store::client::touch(&transaction, &client.id, used, used).await?;
    }
    diary::arrived(deps, &transaction, (&client, user.id, grant.id), grant.created_at).await?;
    let entry = Entry {
        workspace: Some(grant.workspace),
        actor: Actor::User(user.id),
        action: Action::GrantApproved,
        target: grant.id.to_string(),
        detail: json!({ "client": client.id, "scopes": grant.scopes }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(Habit { payer: Payer::Grant(grant.id), calls_a_day: app.calls_a_day })
}

fn approved(deps: &Deps, team: &Team, user: &User, client: &Client, app: &App) -> Grant {
    let at = deps.now().minus(DAY * app.days_ago);
    Grant {
        id: GrantId::generate(at, &*deps.entropy),
        subject: Subject::User(user.id),
        client: client.id.clone(),
        client_name: client.name.clone(),
        workspace: team.first.id,
        asked: ScopeSet::all(),
        scopes: ScopeSet::all(),
        resource: McpResource::Server.uri(&deps.settings.public_url),
        redirect_uri: app.redirect_uri.to_owned(),
        created_at: at,
        // The busiest were used last.
        last_used_at: Some(deps.now().minus(Duration::from_secs(6_000 / app.calls_a_day))),
        revoked_at: None,
    }
}

async fn key(
    deps: &Deps,
    team: &Team,
    kind: KeyKind,
    name: &str,
    domains: &[&str],
    calls_a_day: u64,
) -> Result<Habit, DemoError> {
    let created_at: Timestamp = deps.now().minus(DAY * 40);
    let secret = Secret::generate(kind.secret_kind(), &*deps.entropy);
    let key = ApiKey {
        id: ApiKeyId::generate(created_at, &*deps.entropy),
        workspace: team.first.id,
        kind,
        name: name.to_owned(),
        hint: secret.hint(),
        readable: (kind == KeyKind::Publishable).then(|| secret.expose().to_owned()),
        allowed_domains: domains.iter().filter_map(|domain| domain.parse::<AllowedDomain>().ok()).collect(),
        is_connector: false,
        created_at,
        last_used_at: Some(deps.now().minus(Duration::from_secs(7 * 60))),
        revoked_at: None,
    };
    let transaction = deps.store.begin().await?;
    store::api_key::insert(&transaction, &key, &secret.hash()).await?;
    let entry = Entry {
        workspace: Some(key.workspace),
        actor: Actor::User(team.owner.id),
        action: Action::KeyCreated,
        target: key.hint.clone(),
        detail: json!({ "kind": key.kind, "name": key.name }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(Habit { payer: Payer::Key(key.id), calls_a_day })
}
