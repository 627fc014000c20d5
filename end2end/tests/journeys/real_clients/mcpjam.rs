//! MCPJam's conformance tests: every way to register, in every revision of the protocol that they know, and what must be refused.

use anyhow::{Context, Result, ensure};
use end2end::{browser::Browser, conversation::Conversation, visage::Visage};
use serde_json::{Value, json};

use super::{by_document::beside_a_publisher, free_port};
use crate::story::{ensure_console_is_clean, furnish, furnished, open_page};

const REVISIONS: [&str; 3] = ["2025-03-26", "2025-06-18", WITH_DOCUMENTS];

/// The one in which a client may be known by a document.
const WITH_DOCUMENTS: &str = "2025-11-25";

/// What is tried after a sign-in has worked, and must be refused; the last one looks at what was answered.
const NEGATIVE: [&str; 6] = [
    "oauth_dcr_http_redirect_uri",
    "oauth_invalid_client",
    "oauth_invalid_authorize_redirect",
    "oauth_invalid_token",
    "oauth_invalid_redirect",
    "oauth_token_format",
];

#[test]
fn a_client_that_registers_itself_conforms_in_every_revision() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut suite = start(&visage)?;
    for revision in REVISIONS {
        let judged = sign_in(&mut suite, &browser, &json!({"registration": "dcr", "revision": revision}))?;
        ensure_flawless(&judged, &[]).context(revision)?;
    }
    suite.say(&json!({"do": "mcp"}))?;
    // What a stateless server without prompts to complete and logs to tune does not offer.
    let absent = ["logging-set-level", "completion-complete", "server-sse-polling-session"];
    ensure_flawless(&suite.hear_event("judged")?, &absent)?;
    ensure_console_is_clean(&visage, &browser)
}

#[test]
fn a_client_that_the_operator_entered_conforms_in_every_revision() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut suite = start(&visage)?;
    let public = entered(&visage, &[])?;
    for revision in REVISIONS {
        ensure_flawless(&sign_in(&mut suite, &browser, &public.flow(revision))?, &[]).context(revision)?;
    }
    let confidential = entered(&visage, &["--confidential"])?;
    ensure!(confidential.secret.is_some(), "no secret was printed");
    ensure_flawless(&sign_in(&mut suite, &browser, &confidential.flow(WITH_DOCUMENTS))?, &[]).context("confidential")
}

/// A client that the operator entered by hand.
struct Entered {
    id: String,
    secret: Option<String>,
    redirect_url: String,
}

impl Entered {
    fn flow(&self, revision: &str) -> Value {
        json!({
            "registration": "preregistered",
            "revision": revision,
            "redirect_url": self.redirect_url,
            "client": {"preregistered": {"clientId": self.id, "clientSecret": self.secret}},
        })
    }
}

fn entered(visage: &Visage, options: &[&str]) -> Result<Entered> {
    let redirect_url = format!("http://127.0.0.1:{}/callback", free_port()?);
    let add = ["client", "add", "--name", "Entered by hand", "--redirect-uri", &redirect_url];
    let added = visage.command(&[&add[..], options].concat())?;
    let mut words = added.split_whitespace().map(str::to_owned);
    let id = words.next().context("no client_id was printed")?;
    Ok(Entered { id, secret: words.next(), redirect_url })
}

#[test]
fn a_client_that_is_known_by_its_document_conforms() -> Result<()> {
    let (publisher, visage) = beside_a_publisher()?;
    let browser = furnish(&visage)?;
    let mut command = Conversation::script_command("mcpjam", "conformance.mjs", &[&visage.url("/mcp")])?;
    // The suite reads the document too.
    command.env("NODE_EXTRA_CA_CERTS", publisher.authority());
    let mut suite = Conversation::start(command)?;
    let flow = json!({
        "registration": "cimd",
        "revision": WITH_DOCUMENTS,
        "redirect_url": format!("http://127.0.0.1:{}/callback", free_port()?),
        "client": {"clientIdMetadataUrl": publisher.document_url("mcpjam")},
    });
    ensure_flawless(&sign_in(&mut suite, &browser, &flow)?, &[])?;
    open_page(&visage, &browser, "Authorized apps", "/apps")?;
    browser.wait_for_text("mcpjam by document")
}

fn start(visage: &Visage) -> Result<Conversation> {
    Conversation::script("mcpjam", "conformance.mjs", &[&visage.url("/mcp")])
}

fn sign_in(suite: &mut Conversation, browser: &Browser, flow: &Value) -> Result<Value> {
    let mut command = flow.clone();
    command["do"] = "oauth".into();
    suite.say(&command)?;
    let asked = suite.hear_event("authorize")?;
    browser.go(asked["url"].as_str().context("the client names no URL")?)?;
    browser.press("Authorize")?;
    let judged = suite.hear_event("judged")?;
    let checks = judged["checks"].as_array().context("nothing was checked")?;
    for name in NEGATIVE {
        ensure!(checks.iter().any(|check| check["name"] == name), "{name} was not checked: {judged:#}");
    }
    Ok(judged)
}

/// Fails where anything failed or was warned of, and where anything but `absent` was left out.
fn ensure_flawless(judged: &Value, absent: &[&str]) -> Result<()> {
    let odd: Vec<_> = judged["checks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|check| match check["status"].as_str() {
            Some("passed") => check["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()),
            Some("skipped") => !absent.iter().any(|name| check["name"] == *name),
            _ => true,
        })
        .collect();
    ensure!(judged["passed"] == true && odd.is_empty(), "{}: {odd:#?}", judged["summary"]);
    Ok(())
}
