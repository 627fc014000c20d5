//! A new key: what it is for, where it will be used.

use domain::api_key::KeyKind;
use leptos::{prelude::*, server_fn::ServerFn};

use super::FORM;
use crate::{
    components::{field::Field, frame::Place},
    one_shot::{NewKey, Refusal},
    pages::{
        our_fault, refuse,
        workspace::{OpenForm, open_form},
    },
    request::see_other,
};

#[component]
pub fn CreateKeyForm(slug: String, form_token: String, refusal: Refusal) -> impl IntoView {
    let is_secret = refusal.typed("kind") == KeyKind::Secret.as_str();
    view! {
        <section class="card form-card" aria-labelledby="make-key">
            <h2 id="make-key">"Make a key"</h2>
            <form class="stack" method="post" action=CreateKey::PATH>
                <input type="hidden" name="form_token" value=form_token />
                <input type="hidden" name="workspace" value=slug />
                <Field
                    label="Name"
                    name="name"
                    hint="What it is for, so that you know what stops when you revoke it: CRM avatars, Website."
                    value=refusal.typed("name")
                    fault=refusal.fault_of("name")
                />
                <fieldset class="choices">
                    <legend>"Kind"</legend>
                    <KindChoice
                        kind=KeyKind::Publishable
                        title="Publishable"
                        text="For pages, documents and emails. Anyone may read it; it opens the image API only."
                        is_chosen=!is_secret
                    />
                    <KindChoice
                        kind=KeyKind::Secret
                        title="Secret"
                        text="For your servers. It may also read the usage."
                        is_chosen=is_secret
                    />
                </fieldset>
                <Field
                    label="Allowed domains"
                    name="domains"
                    is_required=false
                    hint="For a publishable key: the pages that may use it, as crm.example.com or *.example.com, with spaces between. Empty: any page."
                    value=refusal.typed("domains")
                    fault=refusal.fault_of("domains")
                />
                <div class="actions">
                    <button class="button button-primary" type="submit">"Create key"</button>
                </div>
            </form>
        </section>
    }
}

#[component]
fn KindChoice(kind: KeyKind, title: &'static str, text: &'static str, is_chosen: bool) -> impl IntoView {
    let name_id = format!("kind-{kind}");
    let text_id = format!("kind-{kind}-text");
    view! {
        <label class="choice">
            <input
                type="radio"
                name="kind"
                value=kind.as_str()
                checked=is_chosen
                aria-labelledby=name_id.clone()
                aria-describedby=text_id.clone()
            />
            <span class="choice-text">
                <span class="choice-name" id=name_id>{title}</span>
                <span class="muted small" id=text_id>{text}</span>
            </span>
        </label>
    }
}

#[server(prefix = "/api", endpoint = "create_key")]
pub async fn create_key(
    #[server(default)] workspace: String,
    #[server(default)] name: String,
    #[server(default)] kind: String,
    #[server(default)] domains: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    use usecases::api_key::CreateKeyError;

    let Some(OpenForm { deps, member, page }) = open_form(Place::Keys, &workspace, &form_token).await else {
        return Ok(());
    };
    let new = usecases::api_key::NewKey {
        kind: kind.parse().unwrap_or(KeyKind::Publishable),
        name: name.clone(),
        allowed_domains: split_domains(&domains),
    };
    let refusal = match usecases::api_key::create(&deps, &member, new).await {
        Ok((key, secret)) => {
            NewKey { name: key.name, secret: secret.expose().to_owned() }.leave(&deps, &page);
            see_other(&page);
            return Ok(());
        }
        Err(error @ CreateKeyError::Name(_)) => Refusal::new(FORM, &error).at("name"),
        Err(error @ (CreateKeyError::Domain(_) | CreateKeyError::DomainsOfSecretKey)) => {
            Refusal::new(FORM, &error).at("domains")
        }
        Err(error @ CreateKeyError::NotAllowed) => Refusal::new(FORM, &error),
        Err(error) => our_fault(FORM, &error),
    };
    let refusal = refusal.keeping("name", &name).keeping("kind", &kind).keeping("domains", &domains);
    refuse(&deps, &refusal, &page);
    Ok(())
}

/// People put spaces, commas or line ends between domains.
fn split_domains(text: &str) -> Vec<String> {
    text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';'))
        .filter(|domain| !domain.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::split_domains;

    #[test]
    fn domains_are_told_apart_however_they_were_listed() {
        assert_eq!(split_domains(" a.example, *.b.example\r\nc.example; "), ["a.example", "*.b.example", "c.example"]);
        assert!(split_domains(" , ").is_empty());
    }
}
