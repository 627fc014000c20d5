//! What an operator decides about one app: it may be authorized, it is refused, or the rules say.

use domain::oauth::{
    client::{ClientId, Standing},
    client_policy::{Effect, PolicyRule, RuleSubject},
};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::{
    Deps,
    access::operator::Operator,
    client_policy::{self, AddRuleError, Against, ClientLine},
};

use super::{clients::FORM, open_form, standing_word};
use crate::{
    components::{
        confirm::{Confirm, Hidden},
        frame::ServerPlace,
        publisher::shown_name,
    },
    one_shot::{Done, Refusal},
    pages::{our_fault, refuse},
    request::see_other,
    words,
};

const ALLOW: &str = "allow";
const BLOCK: &str = "block";
const UNBLOCK: &str = "unblock";
const RELEASE: &str = "release";

#[component]
pub fn Decisions(line: ClientLine, name: String, back: String, form_token: String) -> impl IntoView {
    let id = line.client.id.to_string();
    let fields = |decision: &str| {
        vec![
            ("form_token", form_token.clone()),
            ("id", id.clone()),
            ("decision", decision.to_owned()),
            ("back", back.clone()),
        ]
    };
    let is_own = matches!(&line.rule, Some(PolicyRule { subject: RuleSubject::Client(_), .. }));
    let decide = |label: &'static str, decision: &str, button: &'static str| {
        let fields = fields(decision);
        let about = name.clone();
        view! {
            <form method="post" action=DecideClient::PATH>
                <Hidden fields />
                <button class=button type="submit" aria-description=about>{label}</button>
            </form>
        }
        .into_any()
    };
    let may_be_let_in = match line.client.standing {
        Standing::Allowed => None,
        // Asked once more: the next app takes the place of the one that is approved, under a finger that may press again.
        Standing::Asked => Some(
            view! {
                <Confirm
                    action=DecideClient::PATH
                    fields=fields(ALLOW)
                    label="Approve"
                    back="Not yet"
                    about=name.clone()
                    consequence=format!("{name} is let in: people may authorize it from now on.")
                    is_calm=true
                />
            }
            .into_any(),
        ),
        // By itself or by a rule: who unblocks it need not tell.
        Standing::Blocked => Some(decide("Unblock", UNBLOCK, "button button-small")),
    };
    let consequence = match line.live_grants {
        0 => format!("{name} is refused from its next request on. Nobody has it connected."),
        grants => {
            format!("{name} is refused from its next request on: {} until it is unblocked.", words::stopping(grants))
        }
    };
    view! {
        <div class="row-actions">
            {may_be_let_in}
            {(line.client.standing != Standing::Blocked)
                .then(|| {
                    view! {
                        <Confirm
                            action=DecideClient::PATH
                            fields=fields(BLOCK)
                            label="Block now"
                            back="Keep"
                            about=name.clone()
                            consequence
                        />
                    }
                })}
            {is_own.then(|| decide("Leave it to the rules", RELEASE, "button button-small button-ghost"))}
        </div>
    }
}

#[server(prefix = "/api", endpoint = "decide_client")]
pub async fn decide_client(
    #[server(default)] id: String,
    #[server(default)] decision: String,
    #[server(default)] back: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some((deps, operator)) = open_form(&form_token) else { return Ok(()) };
    let page = own_address(&back);
    let client = ClientId(id);
    let decided = match decision.as_str() {
        ALLOW => decide(&deps, &operator, &client, Effect::Allow).await.map(|()| Decided::Alone),
        BLOCK => decide(&deps, &operator, &client, Effect::Block).await.map(|()| Decided::Alone),
        UNBLOCK => client_policy::unblock(&deps, &operator, &client).await.map(Decided::Unblocked),
        RELEASE => {
            let released = client_policy::release(&deps, &operator, &client).await;
            released.map(|_| Decided::Released).map_err(AddRuleError::Store)
        }
        _ => {
            see_other(&page);
            return Ok(());
        }
    };
    match decided {
        Ok(decided) => {
            // What was decided holds, whether or not it can be told.
            if let Ok(Some(line)) = client_policy::client(&deps, &operator, &client).await {
                Done::new(told(&line, &decided)).leave(&deps, ServerPlace::Clients.path());
            }
            see_other(&page);
        }
        Err(AddRuleError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), &page),
        Err(AddRuleError::UnknownClient(_)) => {
            let gone = "this app is not known any more: its registration was taken back or swept out";
            refuse(&deps, &Refusal::new(FORM, &gone), &page);
        }
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), &page),
    }
    Ok(())
}

async fn decide(deps: &Deps, operator: &Operator, client: &ClientId, effect: Effect) -> Result<(), AddRuleError> {
    client_policy::add_rule(deps, operator, RuleSubject::Client(client.clone()), effect).await.map(|_| ())
}

/// What was done.
enum Decided {
    Alone,
    Released,
    Unblocked(Option<Against>),
}

fn told(line: &ClientLine, decided: &Decided) -> String {
    let name = shown_name(&line.publisher, &line.client.name);
    let (_, word) = standing_word(line.client.standing);
    match (decided, line.client.standing) {
        (Decided::Released, _) => {
            format!("The rules decide about {name} again. By them it is: {}.", word.to_lowercase())
        }
        (Decided::Unblocked(Some(against)), _) => {
            let against = match against {
                Against::Rule(rule) => format!("the rule for {} {}", rule.subject.kind(), rule.subject.text()),
                Against::Default => "what holds for all other apps".to_owned(),
            };
            format!("Unblocked {name} against {against}: people may authorize it from now on, whatever the rules say.")
        }
        (Decided::Unblocked(None), Standing::Allowed) => {
            format!("Unblocked {name}: people may authorize it from now on. The rules decide about it again.")
        }
        (Decided::Unblocked(None), Standing::Asked) => {
            format!(
                "Unblocked {name}: its connections work again. By the rules nobody may authorize it before you approve it."
            )
        }
        (Decided::Alone, Standing::Allowed) => {
            format!(
                "{name} is allowed: people may authorize it from now on. Rules for hosts and names don’t count for it."
            )
        }
        (Decided::Alone, Standing::Asked) => format!("{name} waits for your approval."),
        (Decided::Alone | Decided::Unblocked(None), Standing::Blocked) => {
            format!("Blocked {name}. Its next request is refused.")
        }
    }
}

/// Only the list itself, however it was searched: no form leads elsewhere.
fn own_address(sent: &str) -> String {
    let path = ServerPlace::Clients.path();
    let is_ours = sent == path || sent.strip_prefix(path).is_some_and(|rest| rest.starts_with('?'));
    let is_plain = sent.bytes().all(|byte| byte.is_ascii_graphic());
    if is_ours && is_plain { sent.to_owned() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_the_list_and_nowhere_else() {
        let searched = "/server/clients?standing=waiting&q=a+b&page=2";
        assert_eq!(own_address(searched), searched);
        for elsewhere in ["", "https://evil.example", "//evil.example", "/server/clients.evil", "/server/clients?a\nb"]
        {
            assert_eq!(own_address(elsewhere), "/server/clients", "{elsewhere:?}");
        }
    }
}
