//! Ending a key.

use domain::id::ApiKeyId;
use leptos::prelude::*;

use super::FORM;
use crate::{
    components::frame::Place,
    one_shot::{Refusal, Revoked},
    pages::{
        our_fault, refuse,
        workspace::{OpenForm, open_form},
    },
    request::see_other,
};

#[server(prefix = "/api", endpoint = "revoke_key")]
pub async fn revoke_key(
    #[server(default)] workspace: String,
    #[server(default)] id: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    use usecases::api_key::RevokeKeyError;

    let Some(OpenForm { deps, member, page }) = open_form(Place::Keys, &workspace, &form_token).await else {
        return Ok(());
    };
    let Ok(key) = id.parse::<ApiKeyId>() else {
        see_other(&page);
        return Ok(());
    };
    match usecases::api_key::revoke(&deps, &member, key).await {
        Ok(()) => {
            let keys = usecases::api_key::list(&deps, &member).await.unwrap_or_default();
            if let Some(key) = keys.into_iter().find(|each| each.id == key) {
                Revoked { name: key.name }.leave(&deps, &page);
            }
            see_other(&page);
        }
        Err(RevokeKeyError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), &page),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), &page),
    }
    Ok(())
}
