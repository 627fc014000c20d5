//! An app that connects by hand: registered over the wire, with the pair of RFC 7636 for its proof. For journeys in which the
//! browser is the subject and no library may get in between.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use url::Url;

use crate::{http, visage::Visage};

/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What the answer must bring back unchanged.
pub const STATE: &str = "s+t/a=t&e é";

#[derive(Debug)]
pub struct App<'a> {
    visage: &'a Visage,
    client_id: String,
    redirect_uri: String,
}

/// What an authorization answered.
#[derive(Debug)]
pub struct Landing {
    pub code: Option<String>,
    pub error: Option<String>,
}

impl<'a> App<'a> {
    pub fn register(visage: &'a Visage, name: &str, redirect_uri: &str) -> Result<Self> {
        let metadata = json!({
            "client_name": name,
            "redirect_uris": [redirect_uri],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none",
        });
        let answer = http::post_json(&visage.url("/register"), &[], &metadata)?;
        ensure!(answer.status == 201, "the app was not registered: {}", answer.text());
        let client_id = answer.json()?["client_id"].as_str().context("there is no client_id")?.to_owned();
        Ok(Self { visage, client_id, redirect_uri: redirect_uri.to_owned() })
    }

    /// One that is known already.
    pub fn known(visage: &'a Visage, client_id: &str, redirect_uri: &str) -> Self {
        Self { visage, client_id: client_id.to_owned(), redirect_uri: redirect_uri.to_owned() }
    }

    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The address that the app opens in a browser.
    pub fn authorize_url(&self) -> Result<String> {
        let resource = self.visage.url("/mcp");
        let parameters = [
            ("response_type", "code"),
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("state", STATE),
            ("scope", "openid profile email offline_access"),
            ("resource", resource.as_str()),
        ];
        Ok(Url::parse_with_params(&self.visage.url("/authorize"), parameters)?.into())
    }

    /// Reads an answer that came to the app's address. Fails where it is not the app's, or came without `state` and `iss`.
    pub fn read(&self, address: &str) -> Result<Landing> {
        ensure!(address.starts_with(&self.redirect_uri), "{address} is not the app's own address");
        let url = Url::parse(address)?;
        let parameter =
            |name: &str| url.query_pairs().find(|(sent, _)| sent == name).map(|(_, value)| value.into_owned());
        ensure!(parameter("state").as_deref() == Some(STATE), "the state is not the app's: {address}");
        ensure!(parameter("iss") == Some(self.visage.url("")), "the issuer is missing: {address}");
        Ok(Landing { code: parameter("code"), error: parameter("error") })
    }

    /// Exchanges a code, and gives the answer of whatever status.
    pub fn redeem(&self, code: &str) -> Result<http::Answer> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", self.client_id.as_str()),
            ("code", code),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ];
        http::post_form(&self.visage.url("/token"), &fields)
    }

    /// Exchanges a code for an access token, which must work.
    pub fn connect(&self, code: &str) -> Result<String> {
        let answer = self.redeem(code)?;
        ensure!(answer.status == 200, "the code was refused: {}", answer.text());
        Ok(answer.json()?["access_token"].as_str().context("there is no access token")?.to_owned())
    }

    /// Calls a tool with a token, and gives its result.
    pub fn call(&self, token: &str, tool: &str, arguments: &Value) -> Result<Value> {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("accept", "application/json, text/event-stream"),
            ("mcp-protocol-version", "2025-11-25"),
        ];
        let call = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        });
        let answer = http::post_json(&self.visage.url("/mcp"), &headers, &call)?;
        ensure!(answer.status == 200, "the call was answered {} {}", answer.status, answer.text());
        Ok(answer.json()?["result"].take())
    }
}
