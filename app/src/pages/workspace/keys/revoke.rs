//! Ending a key.

use domain::id::ApiKeyId;
use leptos::prelude::*;

use super::FORM;
use crate::{
    components::frame::Place,
    one_shot::Refusal,
    pages::{form_viewer, our_fault, refuse},
    request::{deps, see_other},
};

#[server(prefix = "/api", endpoint = "revoke_key")]
pub async fn revoke_key(
    #[server(default)] workspace: String,
    #[server(default)] id: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    use usecases::api_key::RevokeKeyError;

    let Ok(deps) = deps() else { return Ok(()) };
    let Some(viewer) = form_viewer(&form_token) else {
        see_other("/sign-in");
        return Ok(());
    };
    let Ok(member) = usecases::workspace::open(&deps, viewer.user.id, &workspace).await else {
        see_other("/");
        return Ok(());
    };
    let page = Place::Keys.path(member.workspace.slug.as_str());
    let Ok(key) = id.parse::<ApiKeyId>() else {
        see_other(&page);
        return Ok(());
    };
    match usecases::api_key::revoke(&deps, &member, key).await {
        Ok(()) => see_other(&page),
        Err(RevokeKeyError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), &page),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), &page),
    }
    Ok(())
}
