//! `/w/{workspace}/keys`: which keys exist and are alive, a new one, the end of one.

mod create;
mod revoke;
mod table;

use domain::role::Permission;
use leptos::prelude::*;
use usecases::api_key::NotAllowed;

use super::enter;
use crate::{
    components::{
        confirm::WasRevoked,
        copy_field::Snippet,
        field::sentence as as_sentence,
        frame::{PageHead, Place, WorkspaceFrame},
        notice::{Notice, Tone},
    },
    error::PageError,
    one_shot::{NewKey, Refusal, Revoked},
    pages::page,
};
use create::CreateKeyForm;
use table::KeyTable;

const FORM: &str = "keys";

#[component]
pub fn KeysPage() -> impl IntoView {
    page(Place::Keys.title(), async {
        let (deps, member, menu) = enter(Place::Keys).await?;
        let keys = match usecases::api_key::list(&deps, &member).await {
            Ok(keys) => Some(keys),
            Err(NotAllowed::Role) => None,
            Err(NotAllowed::Store(error)) => return Err(PageError::ours(&error)),
        };
        let slug = menu.here.slug.clone();
        let form_token = menu.viewer.form_token.as_str().to_owned();
        let refusal = Refusal::take(&deps, FORM);
        let revoked = Revoked::take(&deps, &Place::Keys.path(&slug));
        let new_key = NewKey::take(&deps, &Place::Keys.path(&slug));
        let may_manage = member.role.may(Permission::ManageKeys);
        let (now, public_url) = (deps.now(), deps.settings.public_url.clone());
        Ok(view! {
            <WorkspaceFrame menu>
                <PageHead
                    title=Place::Keys.title()
                    sentence="For the image API, which pages and servers call without a person. Revoking takes effect on the next request.".into_any()
                />
                <WasRevoked revoked />
                {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{as_sentence(&fault)}</p></Notice> })}
                {new_key.map(|key| view! { <ShownOnce key_name=key.name secret=key.secret template=public_url.join("/v1/avatar") /> })}
                {match keys {
                    Some(keys) => view! { <KeyTable keys slug=slug.clone() form_token=form_token.clone() may_manage now /> }.into_any(),
                    None => view! { <NotForYou /> }.into_any(),
                }}
                {may_manage.then(|| view! { <CreateKeyForm slug form_token refusal /> })}
            </WorkspaceFrame>
        }
        .into_any())
    })
}

/// The one time that a new key is shown.
#[component]
fn ShownOnce(key_name: String, secret: String, template: String) -> impl IntoView {
    let is_publishable = secret.starts_with(domain::secret::SecretKind::PublishableKey.prefix());
    let example = format!("{template}?key={secret}&linkedin_url=https://www.linkedin.com/in/…&size=128");
    let words = if is_publishable {
        "It may stand in a page for anyone to read. Put it into an image address like this:"
    } else {
        "Copy it now: it is shown this once. Keep it on your servers and send it in the header x-api-key."
    };
    view! {
        <section class="card new-key" aria-labelledby="ready">
            <h2 id="ready">{format!("“{key_name}” is ready")}</h2>
            <Snippet about="New key" text=secret />
            <p class="small muted">{words}</p>
            {is_publishable.then(|| view! { <p class="example"><code>{example}</code></p> })}
        </section>
    }
}

#[component]
fn NotForYou() -> impl IntoView {
    view! {
        <section class="card empty">
            <h2>"Keys are for developers and admins"</h2>
            <p class="muted small">"Your role in this workspace doesn’t include them. Whoever runs this server can give you the Developer role."</p>
        </section>
    }
}
