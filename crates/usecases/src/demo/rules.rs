//! What the demo's operator has decided about apps: one waits for an answer, one is blocked.

use super::DemoError;
use crate::{Deps, access::operator::at_command_line, client, client_policy};
use domain::oauth::client_policy::{Effect, HostPattern, RuleSubject};
use serde_json::json;

pub async fn lay_down(deps: &Deps) -> Result<(), DemoError> {
    for (name, host, effect) in
        [("Badge Printer", "badges.example", Effect::Ask), ("Lead Vacuum", "leads.example", Effect::Block)]
    {
        let about = RuleSubject::Host(HostPattern::Host(host.to_owned()));
        client_policy::add_rule(deps, &at_command_line(), about, effect).await?;
        let callback = format!("https://{host}/oauth/callback");
        client::register(deps, &json!({ "client_name": name, "redirect_uris": [callback] })).await?;
    }
    Ok(())
}
