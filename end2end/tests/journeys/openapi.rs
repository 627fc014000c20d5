//! The OpenAPI document, held against the built binary by Schemathesis: no answer of another status, type or shape, and none that
//! is our fault, whoever asks and whatever for.

use anyhow::{Context, Result, ensure};
use end2end::{
    app::App,
    browser::{Browser, Role},
    http, other_site,
    schemathesis::ensure_document_is_kept,
    visage::{Home, Visage},
};
use serde_json::json;

use crate::story::{ADA, SLUG, WITH_PHOTO, import_people, sign_up_with_workspace};

#[test]
fn a_stranger_is_answered_as_the_document_says() -> Result<()> {
    let visage = without_limits()?;
    ensure_document_is_kept(&visage, "stranger", &[])?;
    ensure_no_fault_was_logged(&visage)
}

#[test]
fn whoever_holds_credentials_is_answered_as_the_document_says() -> Result<()> {
    let visage = without_limits()?;
    let browser = Browser::open()?;
    sign_up_with_workspace(&visage, &browser, &ADA)?;
    import_people(&visage)?;

    let callback = other_site::serve("<h1>Thank you</h1>".to_owned())? + "callback";
    let app = App::register(&visage, "Fuzzy", &callback)?;
    browser.go(&app.authorize_url()?)?;
    browser.find(Role::Button, "Authorize")?.click()?;
    let address = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;
    let access_token = app.connect(&app.read(&address)?.code.context("no code was sent")?)?;

    let key = visage.command(&["key", "create", "--workspace", SLUG, "--kind", "secret", "--name", "Fuzzy"])?;
    let avatar =
        http::get(&visage.url(&format!("/v1/avatar?linkedin_url={WITH_PHOTO}")), &[("x-api-key", key.trim())])?;
    let photo = avatar.header("location").split('/').rev().nth(1).context("there is no photo")?.to_owned();

    let metadata = json!({ "client_name": "Managed", "redirect_uris": ["https://managed.example/callback"] });
    let registration = http::post_json(&visage.url("/register"), &[], &metadata)?.json()?;
    let registered = |field: &str| registration[field].as_str().with_context(|| format!("no {field}: {registration}"));

    let added = visage.command(&["client", "add", "--name", "Resource server", "--resource-server"])?;
    let (client_id, client_secret) = added.trim().split_once('\n').with_context(|| format!("no secret: {added}"))?;

    let holds = [
        ("HOLDER_KEY", key.trim()),
        ("HOLDER_ACCESS_TOKEN", &access_token),
        ("HOLDER_PHOTO", &photo),
        ("HOLDER_APP", app.client_id()),
        ("HOLDER_REGISTRATION", registered("client_id")?),
        ("HOLDER_REGISTRATION_TOKEN", registered("registration_access_token")?),
        ("HOLDER_CLIENT_ID", client_id),
        ("HOLDER_CLIENT_SECRET", client_secret),
    ];
    ensure_document_is_kept(&visage, "holder", &holds)?;
    visage.ensure_log_keeps_secrets(&[])?;
    ensure_no_fault_was_logged(&visage)
}

/// Everything is asked for at once here, and what haste is answered with is tested elsewhere.
fn without_limits() -> Result<Visage> {
    let limits =
        ["REGISTRATIONS", "AUTHORIZATIONS", "TOOL_CALLS", "IMAGES"].map(|what| format!("VISAGE_RATE_LIMIT_{what}"));
    let home = Home::new()?.with("VISAGE_LOG", "info");
    limits.iter().fold(home, |home, limit| home.with(limit, "0")).serve()
}

fn ensure_no_fault_was_logged(visage: &Visage) -> Result<()> {
    let log = visage.log();
    let faults: Vec<_> = log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).collect();
    ensure!(faults.is_empty(), "the server found fault with itself: {faults:#?}");
    Ok(())
}
