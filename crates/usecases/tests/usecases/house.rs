//! A house with people in it: the words that the tests' stories are told in.

use domain::{
    api_key::KeyKind,
    audit::Actor,
    clock::Timestamp,
    id::AuthorizationRequestId,
    linkedin_url::VanityName,
    oauth::{client::Client, grant::Answer, resource::McpResource, scope::ScopeSet},
    principal::KeyHolder,
    settings::Settings,
    workspace::Workspace,
};
use serde_json::json;
use std::sync::Arc;
use store::Store;
use tempfile::TempDir;
use testkit::{FixedClock, SeededEntropy};
use usecases::{
    Deps,
    access::session::Viewer,
    authorize,
    sign_in::{SignIn, SignUp},
    token::{self, RedeemCode, TokenAnswer},
    workspace::{Member, NewWorkspace},
};

pub const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
/// The verifier and challenge of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const PASSWORD: &str = "notes on the engine";

pub struct House {
    pub deps: Deps,
    pub clock: FixedClock,
    _folder: TempDir,
}

impl House {
    pub fn new(store: Store) -> Self {
        Self::with(store, |_| {})
    }

    pub fn with(store: Store, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = FixedClock::new(Timestamp::from_millis(1_795_253_000_000));
        let mut settings = Settings::new("https://visage.example".parse().unwrap(), folder.path().to_owned());
        settings.sign_up = domain::settings::SignUpPolicy::Open;
        change(&mut settings);
        let deps = Deps::with(store, settings, Arc::new(clock.clone()), Arc::new(SeededEntropy::new(7)));
        Self { deps, clock, _folder: folder }
    }

    pub async fn person(&self, name: &str) -> Viewer {
        let email = format!("{}@analytical.example", name.to_lowercase());
        let form = SignUp { name: name.to_owned(), email, password: PASSWORD.to_owned(), from: None };
        let signed_in = usecases::sign_in::sign_up(&self.deps, form).await.unwrap();
        self.viewer(signed_in.session.expose()).await.unwrap()
    }

    /// Ada in another browser.
    pub async fn viewer_again(&self) -> Viewer {
        let signed_in = usecases::sign_in::sign_in(&self.deps, self.sign_in_form(PASSWORD)).await.unwrap();
        self.viewer(signed_in.session.expose()).await.unwrap()
    }

    pub async fn viewer(&self, cookie: &str) -> Option<Viewer> {
        usecases::access::session::viewer(&self.deps, cookie).await.unwrap()
    }

    pub fn sign_in_form(&self, password: &str) -> SignIn {
        SignIn { email: "ada@analytical.example".into(), password: password.into(), replaces: None, from: None }
    }

    pub async fn workspace(&self, owner: &Viewer, name: &str) -> Workspace {
        let new = NewWorkspace { name: name.to_owned(), slug: None };
        usecases::workspace::create(&self.deps, owner.user.id, new, Actor::User(owner.user.id)).await.unwrap()
    }

    pub async fn member(&self, viewer: &Viewer, workspace: &Workspace) -> Member {
        usecases::workspace::open(&self.deps, viewer.user.id, workspace.slug.as_str()).await.unwrap()
    }

    pub async fn client(&self) -> Client {
        self.client_named("Claude").await
    }

    /// Of another name, and so another client: identical registrations are one.
    pub async fn client_named(&self, name: &str) -> Client {
        let document = json!({ "client_name": name, "redirect_uris": [CALLBACK] });
        usecases::client::register(&self.deps, &document).await.unwrap().client
    }

    pub async fn ask(&self, client: &Client) -> AuthorizationRequestId {
        authorize::begin(&self.deps, None, request_of(client)).await.unwrap()
    }

    /// Approves everything that was offered and returns the code.
    pub async fn approve(&self, viewer: &Viewer, client: &Client, workspace: &Workspace) -> String {
        self.approve_only(viewer, client, workspace, ScopeSet::all()).await
    }

    pub async fn approve_only(
        &self,
        viewer: &Viewer,
        client: &Client,
        workspace: &Workspace,
        ticked: ScopeSet,
    ) -> String {
        let request = self.ask(client).await;
        let answer = Answer::Approve { workspace: workspace.id, ticked };
        parameter(&authorize::decide(&self.deps, viewer, request, answer).await.unwrap(), "code").unwrap()
    }

    pub async fn redeem(&self, client: &Client, code: &str) -> Result<TokenAnswer, token::TokenError> {
        token::redeem_code(&self.deps, client, redeem_form(code)).await
    }

    /// A connection with everything granted.
    pub async fn connect(&self, viewer: &Viewer, workspace: &Workspace) -> (Client, TokenAnswer) {
        let client = self.client().await;
        let code = self.approve(viewer, &client, workspace).await;
        let answer = self.redeem(&client, &code).await.unwrap();
        (client, answer)
    }

    pub async fn is_let_in(&self, answer: &TokenAnswer) -> bool {
        let token = answer.access_token.expose();
        usecases::access::bearer::principal(&self.deps, &McpResource::Server, token).await.is_ok()
    }

    pub async fn key(&self, workspace: &Workspace, kind: KeyKind, domains: &[&str]) -> String {
        let allowed_domains = domains.iter().map(|domain| (*domain).to_owned()).collect();
        let new = usecases::api_key::NewKey { kind, name: "CRM".to_owned(), allowed_domains };
        let (_, secret) = usecases::api_key::create_as_operator(&self.deps, workspace, new).await.unwrap();
        secret.expose().to_owned()
    }

    pub async fn holder(&self, key: &str) -> KeyHolder {
        usecases::access::api_key::holder(&self.deps, key, None).await.unwrap()
    }

    /// What was done to the server as a whole, newest first.
    pub async fn audit_of_server(&self) -> Vec<(Actor, &'static str)> {
        let events = store::audit::list_of_server(&self.deps.store, 100).await.unwrap();
        events.into_iter().map(|event| (event.actor, event.action.as_str())).collect()
    }

    pub async fn audit(&self, workspace: &Workspace) -> Vec<&'static str> {
        let events = store::audit::list(&self.deps.store, workspace.id, 100).await.unwrap();
        events.iter().map(|event| event.action.as_str()).collect()
    }
}

pub fn redeem_form(code: &str) -> RedeemCode {
    RedeemCode {
        code: code.to_owned(),
        redirect_uri: Some(CALLBACK.to_owned()),
        code_verifier: VERIFIER.to_owned(),
        resource: Some("https://visage.example/mcp".to_owned()),
    }
}

pub fn request_of(client: &Client) -> Vec<(String, String)> {
    [
        ("client_id", client.id.0.as_str()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("state", "s t&te"),
        ("scope", "openid profile email claudeai"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("resource", "https://visage.example/mcp"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

pub fn parameter(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

pub fn vanity(name: &str) -> VanityName {
    VanityName::parse_username(name).unwrap()
}
