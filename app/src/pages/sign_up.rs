//! `/sign-up`: a new account. What the person came for goes along.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{NOT_OUR_FORM, is_own_form, our_fault, page, refuse, welcome};
use crate::{
    components::{
        field::{Field, sentence},
        frame::PlainFrame,
        notice::{Notice, Tone},
    },
    error::PageError,
    one_shot::Refusal,
    onward::Onward,
    request::{address, deps, viewer},
    visit::{self, CookiesNeeded},
};
use usecases::pace::ClientAddress;

const FORM: &str = "sign-up";

#[component]
pub fn SignUpPage() -> impl IntoView {
    page("Create account", async {
        let deps = deps()?;
        let onward = Onward::asked_for();
        let viewer = viewer();
        if viewer.is_some() {
            // Whoever has to sign in again has an account.
            let again = onward.sign_in_asked(&deps, viewer.as_ref()).await?.again;
            return Err(PageError::SeeOther(if again { onward.behind("/sign-in") } else { onward.path() }));
        }
        let purpose = onward.purpose(&deps).await?;
        let may_sign_up = usecases::sign_in::may_sign_up(&deps).await.map_err(|error| PageError::ours(&error))?;
        let refusal = Refusal::take(&deps, FORM);
        if may_sign_up {
            let form_token = visit::form_token(&deps).as_str().to_owned();
            Ok(view! { <SignUpForm onward purpose refusal form_token /> }.into_any())
        } else {
            Ok(view! { <NotOpen onward /> }.into_any())
        }
    })
}

#[component]
fn SignUpForm(onward: Onward, purpose: Option<String>, refusal: Refusal, form_token: String) -> impl IntoView {
    let sign_in = onward.behind("/sign-in");
    view! {
        <PlainFrame>
            <div>
                <h1>"Create account"</h1>
                {purpose.map(|purpose| view! { <p class="muted">{purpose}</p> })}
            </div>
            {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{sentence(&fault)}</p></Notice> })}
            <CookiesNeeded />
            <form class="stack" method="post" action=SignUp::PATH>
                <input type="hidden" name="form_token" value=form_token />
                <input type="hidden" name="onward" value=onward.text() />
                <Field
                    label="Name"
                    name="name"
                    autocomplete="name"
                    value=refusal.typed("name")
                    fault=refusal.fault_of("name")
                    is_focused=refusal.field.is_none()
                />
                <Field
                    label="Email"
                    name="email"
                    kind="email"
                    autocomplete="username"
                    value=refusal.typed("email")
                    fault=refusal.fault_of("email")
                />
                <Field
                    label="Password"
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 10 characters. Length counts, special characters don’t."
                    fault=refusal.fault_of("password")
                />
                <button class="button button-primary button-wide" type="submit">"Create account"</button>
            </form>
            <p class="muted small">"Have an account? " <a href=sign_in>"Sign in"</a></p>
        </PlainFrame>
    }
}

#[component]
fn NotOpen(onward: Onward) -> impl IntoView {
    view! {
        <PlainFrame>
            <h1>"Create account"</h1>
            <p class="muted">"Accounts are made by whoever runs this server. Ask them for one, then come back and sign in."</p>
            <p><a class="button" href=onward.behind("/sign-in")>"Sign in"</a></p>
        </PlainFrame>
    }
}

#[server(prefix = "/api", endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] onward: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    use usecases::{
        passwords::HashingError,
        sign_in::{SignUp, SignUpError},
        user::CreateUserError,
    };

    let Ok(deps) = deps() else { return Ok(()) };
    let onward = Onward::read(&onward);
    let stale = Refusal::new(FORM, &NOT_OUR_FORM).keeping("name", &name).keeping("email", &email);
    if !is_own_form(&deps, &form_token, stale, &onward, "/sign-up") {
        return Ok(());
    }
    let from = address().map(|ClientAddress(address)| address);
    let form = SignUp { name: name.clone(), email: email.clone(), password, from };
    let refusal = match usecases::sign_in::sign_up(&deps, form).await {
        Ok(signed_in) => {
            welcome(&deps, &signed_in, &onward);
            return Ok(());
        }
        Err(SignUpError::Account(error @ CreateUserError::Name(_))) => Refusal::new(FORM, &error).at("name"),
        Err(SignUpError::Account(error @ CreateUserError::Email(_))) => Refusal::new(FORM, &error).at("email"),
        Err(SignUpError::Account(error @ CreateUserError::Taken)) => {
            Refusal::new(FORM, &format!("{error}: sign in instead")).at("email")
        }
        Err(SignUpError::Account(error @ CreateUserError::Password(_))) => Refusal::new(FORM, &error).at("password"),
        Err(
            error @ (SignUpError::NotOpen
            | SignUpError::Haste(_)
            | SignUpError::Account(CreateUserError::Hashing(HashingError::Crowded))),
        ) => Refusal::new(FORM, &error),
        Err(error) => our_fault(FORM, &error),
    };
    let refusal = refusal.keeping("name", &name).keeping("email", &email);
    refuse(&deps, &refusal, &onward.behind("/sign-up"));
    Ok(())
}
