//! `/server/clients/new`: an app that can't introduce itself, entered by an operator. Its secret is shown this once.

use domain::oauth::client_metadata::MetadataError;
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::client::{self, NewClient, RegisterError};

use super::{enter, open_form};
use crate::{
    components::{
        choice::Choice,
        copy_field::Snippet,
        field::{Field, Lines, sentence as as_sentence},
        frame::{PageHead, ServerFrame, ServerPlace},
        notice::{Notice, Tone},
    },
    one_shot::{NewApp, Refusal},
    pages::{our_fault, page, refuse},
    request::see_other,
};

const FORM: &str = "new-client";
const PAGE: &str = ServerPlace::NewClient.path();

/// As the wire calls the ways in which an app proves who it is (RFC 7591, section 2).
const PUBLIC: &str = "none";
const CONFIDENTIAL: &str = "client_secret_basic";

#[component]
pub fn NewClientPage() -> impl IntoView {
    page(ServerPlace::NewClient.title(), async {
        let (deps, viewer, _) = enter()?;
        let refusal = Refusal::take(&deps, FORM);
        let added = NewApp::take(&deps, PAGE);
        let form_token = viewer.form_token.as_str().to_owned();
        let url = deps.settings.public_url.join("/mcp");
        Ok(view! {
            <ServerFrame place=ServerPlace::NewClient viewer>
                <PageHead
                    title=ServerPlace::NewClient.title()
                    sentence="For apps that can’t introduce themselves. Claude, ChatGPT, Cursor and most others do, and need nothing here.".into_any()
                />
                {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{as_sentence(&fault)}</p></Notice> })}
                {added.map(|app| view! { <Added app url /> })}
                <NewClientForm form_token refusal />
            </ServerFrame>
        }
        .into_any())
    })
}

/// What to type into the app.
#[component]
fn Added(app: NewApp, url: String) -> impl IntoView {
    let NewApp { name, id, secret } = app;
    let words = if secret.is_some() {
        "Copy the secret now: it is shown this once. Type both into the app, with the connector’s address:"
    } else {
        "It has no secret. Type its client_id into the app, with the connector’s address:"
    };
    view! {
        <section class="card new-key" aria-labelledby="added">
            <h2 id="added">{format!("“{name}” may be authorized now")}</h2>
            <p class="small muted">{words}</p>
            <dl class="pairs pairs-copied">
                <div>
                    <dt>"client_id"</dt>
                    <dd><Snippet about="client_id" text=id /></dd>
                </div>
                {secret
                    .map(|secret| {
                        view! {
                            <div>
                                <dt>"client_secret"</dt>
                                <dd><Snippet about="client_secret" text=secret /></dd>
                            </div>
                        }
                    })}
                <div>
                    <dt>"Connector"</dt>
                    <dd><Snippet about="Connector URL" text=url /></dd>
                </div>
            </dl>
        </section>
    }
}

#[component]
fn NewClientForm(form_token: String, refusal: Refusal) -> impl IntoView {
    let is_confidential = refusal.typed("auth_method") == CONFIDENTIAL;
    view! {
        <section class="card form-card" aria-label="The app">
            <form class="stack" method="post" action=AddClient::PATH>
                <input type="hidden" name="form_token" value=form_token />
                <Field
                    label="Name"
                    name="name"
                    hint="As the consent screen shows it, with “Added by whoever runs this server”."
                    value=refusal.typed("name")
                    fault=refusal.fault_of("name")
                />
                <Lines
                    label="Redirect URIs"
                    name="redirect_uris"
                    hint="Where the app may send people back to, one a line, exactly as the app says it. For a program on people’s computers any port counts: http://127.0.0.1/callback."
                    value=refusal.typed("redirect_uris")
                    fault=refusal.fault_of("redirect_uris")
                />
                <Field
                    label="Logo"
                    name="logo_uri"
                    is_required=false
                    hint="Optional: the https address of a square PNG, JPEG, WebP or GIF. This server fetches it once and shows its own copy, unless the app runs on people’s computers."
                    value=refusal.typed("logo_uri")
                    fault=refusal.fault_of("logo_uri")
                />
                <fieldset class="choices">
                    <legend>"How it proves who it is"</legend>
                    <Choice
                        group="auth_method"
                        value=PUBLIC
                        text="A program on people’s devices, which can keep no secret."
                        is_chosen=!is_confidential
                    >
                        "Not at all "
                        <code>{PUBLIC}</code>
                    </Choice>
                    <Choice
                        group="auth_method"
                        value=CONFIDENTIAL
                        text="A server of its own. The secret may be sent by HTTP Basic or in the form."
                        is_chosen=is_confidential
                    >
                        "With a secret "
                        <code>{CONFIDENTIAL}</code>
                    </Choice>
                </fieldset>
                <div class="actions">
                    <button class="button button-primary" type="submit">"Add client"</button>
                </div>
            </form>
        </section>
    }
}

#[server(prefix = "/api", endpoint = "add_client")]
pub async fn add_client(
    #[server(default)] name: String,
    #[server(default)] redirect_uris: String,
    #[server(default)] logo_uri: String,
    #[server(default)] auth_method: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some((deps, operator)) = open_form(&form_token) else { return Ok(()) };
    let refused = |refusal: Refusal| {
        let refusal = refusal.keeping("name", &name).keeping("redirect_uris", &redirect_uris);
        let refusal = refusal.keeping("logo_uri", &logo_uri);
        refuse(&deps, &refusal.keeping("auth_method", &auth_method), PAGE);
    };
    if name.trim().is_empty() {
        refused(Refusal::new(FORM, &"name the app as people know it").at("name"));
        return Ok(());
    }
    let new = NewClient {
        name: name.clone(),
        redirect_uris: redirect_uris.split_whitespace().map(str::to_owned).collect(),
        is_confidential: auth_method == CONFIDENTIAL,
        identity_token_algorithm: None,
        logo_uri: Some(logo_uri.trim().to_owned()).filter(|uri| !uri.is_empty()),
    };
    match client::add(&deps, &operator, new).await {
        Ok(added) => {
            let secret = added.secret.map(|secret| secret.expose().to_owned());
            NewApp { name: added.client.name, id: added.client.id.to_string(), secret }.leave(&deps, PAGE);
            see_other(PAGE);
        }
        Err(RegisterError::Metadata(error @ MetadataError::LogoUri)) => {
            refused(Refusal::new(FORM, &error).at("logo_uri"));
        }
        Err(RegisterError::Metadata(error)) => refused(Refusal::new(FORM, &error).at("redirect_uris")),
        Err(RegisterError::Store(error)) => refused(our_fault(FORM, &error)),
    }
    Ok(())
}
