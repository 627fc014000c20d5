//! The two libraries that believe an authorization server least: oauth4webapi and openid-client.

use anyhow::{Context, Result, ensure};
use end2end::{browser::Browser, conversation::Conversation, visage::Visage};
use serde_json::{Value, json};

use crate::story::{ADA, ensure_console_is_clean, fill_in_sign_in, furnished};

const METHODS: [&str; 4] = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];
const SCOPE: &str = "openid profile email offline_access";

#[test]
fn oauth4webapi_finds_nothing_to_object_to() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut library = Conversation::script("oauth", "oauth4webapi.mjs", &[&visage.url("/mcp")])?;
    for method in METHODS {
        ensure_walked(&mut library, &browser, method)?;
    }
    answered(&mut library, &browser, &json!({"do": "refusals"}), "Authorize", "refused")?;
    answered(&mut library, &browser, &json!({"do": "denial"}), "Cancel", "denied")?;
    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

#[test]
fn oauth4webapi_believes_who_signed_in_before_and_after_the_keys_were_rotated() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut library = Conversation::script("oauth", "oauth4webapi.mjs", &[&visage.url("/mcp")])?;
    let by_secret = json!({"do": "identify", "method": "client_secret_basic", "algorithm": "RS256", "max_age": 3600});
    let first = answered(&mut library, &browser, &by_secret, "Authorize", "identified")?;
    ensure_is_ada(&first, &visage)?;

    visage.command(&["keys", "rotate"])?;
    let second = answered(&mut library, &browser, &by_secret, "Authorize", "identified")?;
    ensure_is_ada(&second, &visage)?;
    let count = |answer: &Value| answer["published"].as_array().map_or(0, Vec::len);
    ensure!(count(&second) > count(&first), "the new keys are not published ahead: {second}");
    ensure!(first["kid"] == second["kid"], "a key signs that nobody has had the time to see: {second}");

    visage.command(&["keys", "rotate", "--leaked"])?;
    let replaced = answered(&mut library, &browser, &by_secret, "Authorize", "identified")?;
    ensure_is_ada(&replaced, &visage)?;
    let published = replaced["published"].as_array().context("no keys are published")?;
    ensure!(!published.contains(&first["kid"]), "a leaked key verifies still: {replaced}");

    // No sign-in is young enough for this, and the assertions are signed with the other algorithm too.
    let again = json!({
        "do": "identify", "method": "private_key_jwt", "algorithm": "ES256", "max_age": 0,
        "metadata": {"token_endpoint_auth_signing_alg": "RS256"},
    });
    let third = signed_in_again(&mut library, &browser, &again)?;
    ensure_is_ada(&third, &visage)?;
    let times = [&second, &third].map(|answer| answer["claims"]["auth_time"].as_i64().unwrap_or_default());
    ensure!(times[0] < times[1], "auth_time is not that of the second sign-in: {times:?}");

    let (client_id, client_secret) = resource_server(&visage)?;
    library.say(&json!({"do": "introspect", "client_id": client_id, "client_secret": client_secret}))?;
    library.hear_event("introspected")?;
    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email, &client_secret])
}

#[test]
fn openid_client_finds_nothing_to_object_to() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut library = Conversation::script("oauth", "openid-client.mjs", &[&visage.url("/mcp")])?;
    for method in METHODS {
        ensure_walked(&mut library, &browser, method)?;
    }

    let (client_id, client_secret) = resource_server(&visage)?;
    let mut identify = json!({
        "do": "identify", "method": "none", "algorithm": "ES256", "max_age": 3600,
        "resource_server": {"client_id": client_id, "client_secret": client_secret},
    });
    ensure_is_ada(&answered(&mut library, &browser, &identify, "Authorize", "identified")?, &visage)?;
    identify["method"] = "client_secret_post".into();
    identify["algorithm"] = "RS256".into();
    identify["parameters"] = json!({"prompt": "login", "login_hint": ADA.email});
    ensure_is_ada(&signed_in_again(&mut library, &browser, &identify)?, &visage)
}

/// Metadata, registration, consent, code, refresh and revocation.
fn ensure_walked(library: &mut Conversation, browser: &Browser, method: &str) -> Result<()> {
    let walked = answered(library, browser, &json!({"do": "walk", "method": method}), "Authorize", "walked")
        .with_context(|| format!("with {method}"))?;
    ensure!(walked["scope"] == SCOPE, "the scope is {walked}");
    Ok(())
}

fn ensure_is_ada(identified: &Value, visage: &Visage) -> Result<()> {
    let (claims, person) = (&identified["claims"], &identified["person"]);
    ensure!(claims["iss"] == visage.url(""), "somebody else says so: {claims}");
    ensure!(claims["auth_time"].is_i64(), "it is not said when she signed in: {claims}");
    for who in [claims, person] {
        ensure!(who["name"] == ADA.name && who["email"] == ADA.email, "this is not Ada: {who}");
        ensure!(who["email_verified"] == false, "nobody has verified her address: {who}");
    }
    Ok(())
}

/// What a command comes to, once the person has pressed a button for it.
fn answered(
    library: &mut Conversation,
    browser: &Browser,
    command: &Value,
    button: &str,
    event: &str,
) -> Result<Value> {
    open_authorization(library, browser, command)?;
    browser.press(button)?;
    library.hear_event(event)
}

/// The same where the app wants the person, who is signed in, to prove herself once more.
fn signed_in_again(library: &mut Conversation, browser: &Browser, command: &Value) -> Result<Value> {
    open_authorization(library, browser, command)?;
    browser.wait_for_text("Your app asks you to sign in again.")?;
    fill_in_sign_in(browser, &ADA)?;
    browser.press("Authorize")?;
    library.hear_event("identified")
}

fn open_authorization(library: &mut Conversation, browser: &Browser, command: &Value) -> Result<()> {
    library.say(command)?;
    let asked = library.hear_event("authorize")?;
    browser.go(asked["url"].as_str().context("the client names no URL")?)
}

/// A resource server that the operator has entered, and its secret.
fn resource_server(visage: &Visage) -> Result<(String, String)> {
    let added = visage.command(&["client", "add", "--name", "Images elsewhere", "--resource-server"])?;
    let mut words = added.split_whitespace();
    let client_id = words.next().context("no client_id was printed")?;
    let secret = words.next().with_context(|| format!("no secret was printed: {added}"))?;
    Ok((client_id.to_owned(), secret.to_owned()))
}
