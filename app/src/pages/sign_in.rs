//! `/sign-in`: email address and password. What the person came for goes along.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{NOT_OUR_FORM, consent::DECISION, is_own_form, our_fault, page, refuse, welcome};
use crate::{
    components::{
        field::{Field, sentence},
        frame::PlainFrame,
        notice::{Notice, Tone},
    },
    error::PageError,
    one_shot::Refusal,
    onward::Onward,
    request::{address, cookie, deps, viewer},
    visit::{self, CookiesNeeded},
};
use domain::session::cookie_name;
use usecases::{access::session::Viewer, pace::ClientAddress};

const FORM: &str = "sign-in";

#[component]
pub fn SignInPage() -> impl IntoView {
    page("Sign in", async {
        let deps = deps()?;
        let onward = Onward::asked_for();
        let viewer = viewer();
        let asked = onward.sign_in_asked(&deps, viewer.as_ref()).await?;
        if viewer.is_some() && !asked.again {
            return Err(PageError::SeeOther(onward.path()));
        }
        let purpose = onward.purpose(&deps).await?;
        let may_sign_up =
            viewer.is_none() && usecases::sign_in::may_sign_up(&deps).await.map_err(|error| PageError::ours(&error))?;
        let refusal = Refusal::take(&deps, FORM);
        let known = asked.login_hint.or(viewer.as_ref().map(|viewer| viewer.user.email.clone()));
        let known = known.map(String::from).unwrap_or_default();
        let form_token = visit::form_token(&deps).as_str().to_owned();
        Ok(view! { <SignInForm onward purpose refusal known may_sign_up form_token again=viewer /> }.into_any())
    })
}

#[component]
fn SignInForm(
    onward: Onward,
    purpose: Option<String>,
    refusal: Refusal,
    /// The address that is most likely.
    known: String,
    may_sign_up: bool,
    form_token: String,
    /// Who is signed in, and has to do it again.
    again: Option<Viewer>,
) -> impl IntoView {
    let sign_up = onward.behind("/sign-up");
    let typed = refusal.typed("email");
    let email = if typed.is_empty() { known } else { typed };
    let is_email_known = !email.is_empty();
    let told_again = again.as_ref().map(|viewer| {
        view! {
            <p class="muted">
                "You are signed in as " <b>{viewer.user.name.clone()}</b> {format!(" ({}). ", viewer.user.email)}
                "Your app asks you to sign in again."
            </p>
        }
    });
    let cancel = match (&onward, again) {
        (Onward::Consent(request), Some(viewer)) => Some(view! { <CancelForm request=request.to_string() viewer /> }),
        _ => None,
    };
    view! {
        <PlainFrame>
            <div>
                <h1>"Sign in"</h1>
                {told_again}
                {purpose.map(|purpose| view! { <p class="muted">{purpose}</p> })}
            </div>
            {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{sentence(&fault)}</p></Notice> })}
            <CookiesNeeded />
            <form class="stack" method="post" action=SignIn::PATH>
                <input type="hidden" name="form_token" value=form_token />
                <input type="hidden" name="onward" value=onward.text() />
                <Field label="Email" name="email" kind="email" autocomplete="username" value=email is_focused=!is_email_known />
                <Field label="Password" name="password" kind="password" autocomplete="current-password" is_focused=is_email_known />
                <button class="button button-primary button-wide" type="submit">"Sign in"</button>
            </form>
            {cancel}
            {may_sign_up.then(|| view! { <p class="muted small">"No account yet? " <a href=sign_up>"Create account"</a></p> })}
        </PlainFrame>
    }
}

/// Declines, as on the consent page: the app is told, and nobody has to sign in for that.
#[component]
fn CancelForm(request: String, viewer: Viewer) -> impl IntoView {
    view! {
        <form method="post" action=DECISION>
            <input type="hidden" name="request" value=request />
            <input type="hidden" name="form_token" value=viewer.form_token.as_str().to_owned() />
            <button class="button button-ghost button-wide" type="submit" name="decision" value="cancel">"Cancel"</button>
        </form>
    }
}

#[server(prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] onward: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    use usecases::{
        passwords::HashingError,
        sign_in::{SignIn, SignInError},
    };

    let Ok(deps) = deps() else { return Ok(()) };
    let onward = Onward::read(&onward);
    if !is_own_form(&deps, &form_token, Refusal::new(FORM, &NOT_OUR_FORM).keeping("email", &email), &onward, "/sign-in")
    {
        return Ok(());
    }
    let replaces = cookie(cookie_name(deps.settings.public_url.is_https()));
    let from = address().map(|ClientAddress(address)| address);
    let form = SignIn { email: email.clone(), password, replaces, from };
    let refusal = match usecases::sign_in::sign_in(&deps, form).await {
        Ok(signed_in) => {
            welcome(&deps, &signed_in, &onward);
            return Ok(());
        }
        Err(
            error @ (SignInError::Refused
            | SignInError::TooFast { .. }
            | SignInError::Haste(_)
            | SignInError::Hashing(HashingError::Crowded)),
        ) => Refusal::new(FORM, &error),
        Err(error) => our_fault(FORM, &error),
    };
    refuse(&deps, &refusal.keeping("email", &email), &onward.behind("/sign-in"));
    Ok(())
}
