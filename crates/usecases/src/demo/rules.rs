//! What the demo's operator has decided about apps: one waits for an answer, one is blocked.

use super::{DemoError, diary};
use crate::{Deps, access::operator::at_command_line, client, client_policy};
use domain::oauth::client_policy::{Effect, HostPattern, RuleSubject};
use serde_json::json;
use std::time::Duration;

pub async fn lay_down(deps: &Deps) -> Result<(), DemoError> {
    for (name, host, effect, hours_ago) in
        [("Badge Printer", "badges.example", Effect::Ask, 2), ("Lead Vacuum", "leads.example", Effect::Block, 71)]
    {
        let about = RuleSubject::Host(HostPattern::Host(host.to_owned()));
        client_policy::add_rule(deps, &at_command_line(), about, effect).await?;
        let callback = format!("https://{host}/oauth/callback");
        let document = json!({ "client_name": name, "redirect_uris": [callback] });
        let app = client::register(deps, &document).await?.client;
        let seen = deps.now().minus(Duration::from_secs(hours_ago * 3_600));
        let transaction = deps.store.begin().await?;
        store::client::touch(&transaction, &app.id, seen, seen).await?;
        if effect == Effect::Ask {
            diary::stranded(deps, &transaction, &app, seen).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
