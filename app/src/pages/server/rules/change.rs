//! The forms that change the rules, effective on the next request of whomever they are about.

use domain::{
    id::PolicyRuleId,
    oauth::client_policy::{Effect, RuleSubject},
};
use leptos::prelude::*;
use usecases::client_policy::{self, AddRuleError, RemoveRuleError};

use super::{FORM, holds, open_form, told};
use crate::{
    components::frame::ServerPlace,
    one_shot::{Done, Refusal},
    pages::{our_fault, refuse},
    request::see_other,
};

const PAGE: &str = ServerPlace::Rules.path();

#[server(prefix = "/api", endpoint = "add_rule")]
pub async fn add_rule(
    #[server(default)] kind: String,
    #[server(default)] text: String,
    #[server(default)] effect: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some((deps, operator)) = open_form(&form_token) else { return Ok(()) };
    let (subject, effect) = match (RuleSubject::parse(&kind, &text), effect.parse::<Effect>()) {
        (Ok(subject @ (RuleSubject::Host(_) | RuleSubject::Name(_))), Ok(effect)) => (subject, effect),
        (Err(error), _) => {
            refuse(&deps, &Refusal::new(FORM, &error), PAGE);
            return Ok(());
        }
        _ => {
            see_other(PAGE);
            return Ok(());
        }
    };
    match client_policy::add_rule(&deps, &operator, subject, effect).await {
        Ok(changed) => {
            let (holds, subject) = (holds(changed.rule.effect), &changed.rule.subject);
            let sentence = format!("{holds}: {} {}.{}", subject.kind(), subject.text(), told(changed.moved));
            Done::new(sentence).leave(&deps, PAGE);
            see_other(PAGE);
        }
        Err(AddRuleError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), PAGE),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), PAGE),
    }
    Ok(())
}

#[server(prefix = "/api", endpoint = "remove_rule")]
pub async fn remove_rule(
    #[server(default)] id: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some((deps, operator)) = open_form(&form_token) else { return Ok(()) };
    let removed = match id.parse::<PolicyRuleId>() {
        Ok(id) => client_policy::remove_rule(&deps, &operator, id).await,
        Err(_) => Err(RemoveRuleError::NotFound),
    };
    match removed {
        Ok(changed) => {
            let subject = &changed.rule.subject;
            let sentence =
                format!("Removed the rule for {} {}.{}", subject.kind(), subject.text(), told(changed.moved));
            Done::new(sentence).leave(&deps, PAGE);
            see_other(PAGE);
        }
        Err(RemoveRuleError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), PAGE),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), PAGE),
    }
    Ok(())
}

#[server(prefix = "/api", endpoint = "set_default_rule")]
pub async fn set_default(
    #[server(default)] effect: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some((deps, operator)) = open_form(&form_token) else { return Ok(()) };
    let Ok(effect) = effect.parse::<Effect>() else {
        see_other(PAGE);
        return Ok(());
    };
    match client_policy::set_default(&deps, &operator, effect).await {
        Ok(moved) => {
            Done::new(format!("{}: every app that no rule fits.{}", holds(effect), told(moved))).leave(&deps, PAGE);
            see_other(PAGE);
        }
        Err(error) => refuse(&deps, &our_fault(FORM, &error), PAGE),
    }
    Ok(())
}
