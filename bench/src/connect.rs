//! The client's and the person's side of OAuth: registration, sign-in, consent, tokens; all of it over HTTP.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use url::Url;

use crate::{
    house::{House, PASSWORD, Tenant},
    wire::{Answer, Connection, Request},
};

const CALLBACK: &str = "http://127.0.0.1:7777/callback";
/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A registered client and a signed-in browser.
pub struct Connecting<'a> {
    house: &'a House,
    connection: Connection,
    pub client_id: String,
    pub cookie: String,
}

pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl<'a> Connecting<'a> {
    pub async fn begin(house: &'a House, tenant: &Tenant) -> Result<Self> {
        let mut connection = Connection::open(house.address).await?;
        let metadata = json!({"client_name": "Bench", "redirect_uris": [CALLBACK]});
        let registered = json(&connection.exchange(&Request::post_json("/register", &[], &metadata)).await?, 201)?;
        let client_id = word(&registered, "client_id")?;
        let page = connection.exchange(&Request::get("/sign-in", &[])).await?;
        let visit = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let form_token = hidden(&page.text(), "form_token")?;
        let form = [("email", tenant.email.as_str()), ("password", PASSWORD), ("form_token", &form_token)];
        let sent = Request::post_form("/api/sign_in", &[("cookie", &visit)], &form);
        let answer = connection.exchange(&sent).await?;
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        ensure!(cookie.starts_with("visage_session="), "nobody is signed in: {} {}", answer.status, answer.text());
        Ok(Self { house, connection, client_id, cookie })
    }

    /// A request that waits for consent: the path of its page.
    pub async fn pending(&mut self) -> Result<String> {
        let mut url = Url::parse(&self.house.url("/authorize"))?;
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", CALLBACK),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("scope", "openid profile email offline_access"),
            ("resource", &self.house.url("/mcp")),
            ("state", "bench"),
        ]);
        let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
        let answer = self.connection.exchange(&Request::get(&path, &[("cookie", &self.cookie)])).await?;
        let page = answer.header("location").to_owned();
        ensure!(page.starts_with("/consent/"), "no consent page: {} {page} {}", answer.status, answer.text());
        Ok(page)
    }

    /// The whole road to a pair of tokens for `/mcp`.
    pub async fn tokens(&mut self) -> Result<Tokens> {
        let page = self.pending().await?;
        let cookie = [("cookie", self.cookie.as_str())];
        let html = self.connection.exchange(&Request::get(&page, &cookie)).await?.text();
        let workspace = hidden(&html, "workspace")?;
        let form_token = hidden(&html, "form_token")?;
        let fields = [
            ("request", page.trim_start_matches("/consent/")),
            ("form_token", &form_token),
            ("workspace", &workspace),
            ("scope", "openid"),
            ("scope", "profile"),
            ("scope", "offline_access"),
            ("decision", "authorize"),
        ];
        let answer = self.connection.exchange(&Request::post_form("/authorize/decision", &cookie, &fields)).await?;
        let location = answer.header("location");
        let code = Url::parse(location)
            .ok()
            .and_then(|url| url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned()))
            .with_context(|| format!("no code: {} {location} {}", answer.status, answer.text()))?;
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.client_id),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let tokens = json(&self.connection.exchange(&Request::post_form("/token", &[], &fields)).await?, 200)?;
        Ok(Tokens { access: word(&tokens, "access_token")?, refresh: word(&tokens, "refresh_token")? })
    }
}

fn json(answer: &Answer, status: u16) -> Result<Value> {
    let text = answer.text();
    ensure!(answer.status == status, "expected {status}, got {}: {text}", answer.status);
    serde_json::from_str(&text).with_context(|| text.clone())
}

fn word(object: &Value, name: &str) -> Result<String> {
    object[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {object}"))
}

/// What a hidden field of a form holds.
fn hidden(html: &str, name: &str) -> Result<String> {
    let at = html.find(&format!("name=\"{name}\"")).with_context(|| format!("no field {name} in {html}"))?;
    let value = html[at..].split_once("value=\"").and_then(|(_, rest)| rest.split_once('"'));
    value.map(|(value, _)| value.to_owned()).with_context(|| format!("the field {name} is empty"))
}
