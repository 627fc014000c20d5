//! A whole server in one process, called through its router: one database, one clock, one person who signed up, and the
//! client's side of OAuth in short words.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use domain::{
    audit::Actor,
    session::FormToken,
    settings::{PublicUrl, Settings, SignUpPolicy},
    workspace::Workspace,
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use providers::http::GuardedClient;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{FixedClock, SeededEntropy, database::TestDatabase};
use tower::ServiceExt;
use usecases::{
    Deps,
    sign_in::{SignUp, sign_up},
    workspace::{self, NewWorkspace},
};

pub const PUBLIC_URL: &str = "https://visage.example";
pub const CALLBACK: &str = "https://client.example/callback";
/// The pair of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct House {
    pub deps: Deps,
    pub clock: FixedClock,
    pub router: Router,
    _database: TestDatabase,
    _folder: tempfile::TempDir,
}

/// A signed-in browser.
pub struct Person {
    pub cookie: String,
    pub form_token: String,
    pub workspace: Workspace,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub struct Tokens {
    pub client_id: String,
    pub access: String,
    pub refresh: String,
}

impl House {
    pub async fn start() -> Self {
        Self::start_on(TestDatabase::sqlite().await)
    }

    pub fn start_on(database: TestDatabase) -> Self {
        Self::build(database, None)
    }

    /// With another way to other people's servers.
    pub async fn start_reaching(network: GuardedClient) -> Self {
        Self::build(TestDatabase::sqlite().await, Some(network))
    }

    fn build(database: TestDatabase, network: Option<GuardedClient>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let public_url: PublicUrl = PUBLIC_URL.parse().unwrap();
        let mut settings = Settings::new(public_url, folder.path().to_owned());
        settings.sign_up = SignUpPolicy::Open;
        let clock = FixedClock::default();
        let entropy = Arc::new(SeededEntropy::default());
        let mut deps = Deps::with(database.store().clone(), settings, Arc::new(clock.clone()), entropy);
        if let Some(network) = network {
            deps.network = network;
        }
        Self { router: server::router::router(deps.clone()), deps, clock, _database: database, _folder: folder }
    }

    /// A new process on the same database: of what was kept in memory it knows nothing.
    pub fn restarted(mut self) -> Self {
        let entropy = Arc::new(SeededEntropy::new(1815));
        let settings = (*self.deps.settings).clone();
        self.deps = Deps::with(self.deps.store.clone(), settings, Arc::new(self.clock.clone()), entropy);
        self.router = server::router::router(self.deps.clone());
        self
    }

    /// Signs somebody up and gives them a workspace, `Analytical Engines`.
    pub async fn person(&self) -> Person {
        self.person_named("Ada Lovelace", "ada@example.com", "Analytical Engines").await
    }

    pub async fn person_named(&self, name: &str, email: &str, workspace: &str) -> Person {
        let form = SignUp {
            name: name.to_owned(),
            email: email.to_owned(),
            password: "correct horse battery 1815".to_owned(),
            from: None,
        };
        let signed_in = sign_up(&self.deps, form).await.map_err(|error| error.to_string()).unwrap();
        let new = NewWorkspace { name: workspace.to_owned(), slug: None };
        let user = signed_in.user.id;
        let workspace = workspace::create(&self.deps, user, new, Actor::User(user)).await.unwrap();
        Person {
            cookie: format!("__Host-visage_session={}", signed_in.session.expose()),
            form_token: FormToken::of(&signed_in.session).as_str().to_owned(),
            workspace,
        }
    }

    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, "visage.example".parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body).unwrap()).await
    }

    pub async fn post_form(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let body = form(fields);
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.call(Method::POST, path, &all, Body::from(body)).await
    }

    pub async fn post_json(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.call(Method::POST, path, &all, Body::from(body.to_string())).await
    }

    /// A public client with one web callback: the same one each time.
    pub async fn client(&self) -> String {
        self.client_named("Test client").await
    }

    pub async fn client_named(&self, name: &str) -> String {
        let metadata = json!({"client_name": name, "redirect_uris": [CALLBACK]});
        let answer = self.post_json("/register", &[], &metadata).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.json()["client_id"].as_str().unwrap().to_owned()
    }

    /// The identifier of a pending request for `resource`.
    pub async fn pending(&self, client_id: &str, resource: &str) -> String {
        let answer = self.get(&authorize_path(client_id, &[("resource", resource)])).await;
        let location = answer.location();
        location.strip_prefix("/consent/").unwrap_or_else(|| panic!("no consent page: {location}")).to_owned()
    }

    pub async fn decide(&self, person: &Person, request: &str, decision: &str) -> Answer {
        self.decide_for(person, request, decision, "openid profile offline_access").await
    }

    /// With these scopes ticked.
    pub async fn decide_for(&self, person: &Person, request: &str, decision: &str, scopes: &str) -> Answer {
        let workspace = person.workspace.id.to_string();
        let mut fields = vec![
            ("request", request),
            ("form_token", person.form_token.as_str()),
            ("workspace", workspace.as_str()),
            ("decision", decision),
        ];
        fields.extend(scopes.split(' ').map(|scope| ("scope", scope)));
        self.post_form("/authorize/decision", &[("cookie", &person.cookie)], &fields).await
    }

    /// A page as this person sees it.
    pub async fn page(&self, person: &Person, path: &str) -> Answer {
        self.call(Method::GET, path, &[("cookie", &person.cookie)], Body::empty()).await
    }

    /// The answer to a code for which `more` was asked and `scopes` were granted.
    pub async fn connect(&self, person: &Person, client_id: &str, more: &[(&str, &str)], scopes: &str) -> Value {
        let asked = self.get(&authorize_path(client_id, more)).await.location();
        let request = asked.strip_prefix("/consent/").unwrap_or_else(|| panic!("no consent page: {asked}"));
        let code = self.decide_for(person, request, "authorize", scopes).await.location_parameter("code").unwrap();
        let answer = self.redeem(client_id, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// A fresh code, approved by `person`.
    pub async fn code(&self, person: &Person, client_id: &str, resource: &str) -> String {
        let request = self.pending(client_id, resource).await;
        self.decide(person, &request, "authorize").await.location_parameter("code").unwrap()
    }

    pub async fn redeem(&self, client_id: &str, code: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", client_id),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post_form("/token", &[], &fields).await
    }

    /// The whole road for `/mcp`.
    pub async fn tokens(&self, person: &Person) -> Tokens {
        self.tokens_for(person, "https://visage.example/mcp").await
    }

    pub async fn tokens_for(&self, person: &Person, resource: &str) -> Tokens {
        let client_id = self.client().await;
        let code = self.code(person, &client_id, resource).await;
        let answer = self.redeem(&client_id, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let body = answer.json();
        Tokens {
            client_id,
            access: body["access_token"].as_str().unwrap().to_owned(),
            refresh: body["refresh_token"].as_str().unwrap().to_owned(),
        }
    }

    pub async fn refresh(&self, tokens: &Tokens) -> Answer {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", tokens.client_id.as_str()),
            ("refresh_token", tokens.refresh.as_str()),
        ];
        self.post_form("/token", &[], &fields).await
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: no JSON: {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where the browser goes next, by itself.
    pub fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header("location").to_owned()
    }

    pub fn location_parameter(&self, name: &str) -> Option<String> {
        parameter(&self.location(), name)
    }

    /// The link back to an app, on a page of ours that does not send the browser there.
    pub fn offered(&self) -> Option<String> {
        let page = self.text();
        let (before, _) = page.split_once(r#"" rel="noreferrer" class="button">Go back to "#)?;
        let (_, link) = before.rsplit_once(r#"href=""#)?;
        assert_eq!((self.status, self.header("location")), (StatusCode::BAD_REQUEST, ""));
        Some(link.replace("&amp;", "&"))
    }

    pub fn offered_parameter(&self, name: &str) -> Option<String> {
        let link = self.offered().unwrap_or_else(|| panic!("no way back is offered: {} {}", self.status, self.text()));
        parameter(&link, name)
    }

    /// Status and error code: `400 invalid_grant`.
    pub fn oauth_error(&self) -> String {
        assert_eq!(self.header("cache-control"), "no-store");
        format!("{} {}", self.status.as_u16(), self.json()["error"].as_str().unwrap())
    }
}

pub fn parameter(address: &str, name: &str) -> Option<String> {
    let address = url::Url::parse(address).unwrap();
    address.query_pairs().find(|(sent, _)| sent == name).map(|(_, value)| value.into_owned())
}

/// A body that a slow client never ended.
pub fn slow_body() -> Body {
    let chunks = [Ok("abc"), Err(server::accept::BodyTooSlow)];
    Body::from_stream(futures::stream::iter(chunks))
}

pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A good authorization request; `more` replaces or adds parameters, and an empty value leaves one out.
pub fn authorize_path(client_id: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", CALLBACK),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "s t&te"),
        ("scope", "openid profile offline_access"),
    ];
    fields.retain(|(name, _)| !more.iter().any(|(replaced, _)| replaced == name));
    fields.extend(more.iter().filter(|(_, value)| !value.is_empty()));
    format!("/authorize?{}", form(&fields))
}

/// `value` with what differs from run to run replaced, by JSON pointer: `("/client_id", "[client]")`.
pub fn masked(mut value: Value, masks: &[(&str, &str)]) -> Value {
    for (pointer, mask) in masks {
        let place = value.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}"));
        *place = json!(mask);
    }
    value
}
