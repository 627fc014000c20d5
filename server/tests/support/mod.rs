//! A whole server in one process, called through its router.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use domain::{
    api_key::KeyKind,
    audit::Actor,
    settings::{PublicUrl, Settings, SignUpPolicy},
    workspace::Workspace,
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use std::{path::Path, sync::Arc};
use testkit::{FixedClock, SeededEntropy, database::TestDatabase};
use tower::ServiceExt as _;
use usecases::{
    Deps,
    api_key::{self, NewKey},
    profile::import::import,
    user::{self, NewUser},
    workspace::{self, NewWorkspace},
};

pub struct House {
    pub deps: Deps,
    pub workspace: Workspace,
    router: Router,
    _database: TestDatabase,
    _folder: tempfile::TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl House {
    /// A server with one workspace, `Analytical Engines`, and two people in it: Ada with a photo, Grace without.
    pub async fn start() -> Self {
        Self::start_at("https://visage.example").await
    }

    pub async fn start_at(public_url: &str) -> Self {
        let database = TestDatabase::sqlite().await;
        let folder = tempfile::tempdir().unwrap();
        let public_url: PublicUrl = public_url.parse().unwrap();
        let mut settings = Settings::new(public_url, folder.path().to_owned());
        settings.sign_up = SignUpPolicy::Open;
        let entropy = Arc::new(SeededEntropy::default());
        let deps = Deps::with(database.store().clone(), settings, Arc::new(FixedClock::default()), entropy);
        let new = NewUser {
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            password: "correct horse battery 1815".to_owned(),
        };
        let owner = user::create(&deps, new, Actor::Operator).await.unwrap();
        let new = NewWorkspace { name: "Analytical Engines".to_owned(), slug: None };
        let workspace = workspace::create(&deps, owner.id, new, Actor::Operator).await.unwrap();
        fill(&deps, &workspace, folder.path()).await;
        let router = server::router::router(deps.clone());
        Self { deps, workspace, router, _database: database, _folder: folder }
    }

    /// A key's text.
    pub async fn key(&self, kind: KeyKind, allowed_domains: &[&str]) -> String {
        let allowed_domains = allowed_domains.iter().map(|domain| (*domain).to_owned()).collect();
        let new = NewKey { kind, name: "Test".to_owned(), allowed_domains };
        let (_, secret) = api_key::create_as_operator(&self.deps, &self.workspace, new).await.unwrap();
        secret.expose().to_owned()
    }

    pub async fn publishable_key(&self) -> String {
        self.key(KeyKind::Publishable, &[]).await
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.call(Method::GET, path, headers, "").await
    }

    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// What the month has used: requests and new profiles.
    pub async fn used(&self) -> (u64, u64) {
        let balance = usecases::metering::balance(&self.deps, self.workspace.id).await.unwrap();
        (balance.used.avatar_requests, balance.used.avatar_new_profiles)
    }
}

async fn fill(deps: &Deps, workspace: &Workspace, folder: &Path) {
    std::fs::write(folder.join("ada.jpg"), avatar::demo_portrait(1)).unwrap();
    let people = concat!(
        r#"{"linkedin_url":"https://www.linkedin.com/in/ada-lovelace","name":"Ada Lovelace","photo":"ada.jpg"}"#,
        "\n",
        r#"{"linkedin_url":"https://www.linkedin.com/in/grace-hopper","name":"Grace Hopper"}"#,
        "\n",
    );
    let report = import(deps, Actor::Operator, workspace, people.as_bytes(), folder, |_| {}).await.unwrap();
    assert_eq!((report.added, report.photos), (2, 1), "{report:?}");
}

impl Answer {
    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// An SVG of initials, harmless in any page.
    #[track_caller]
    pub fn assert_initials(&self, letters: &str) -> &Self {
        assert_eq!(self.header(header::CONTENT_TYPE), "image/svg+xml");
        assert_eq!(self.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(self.header(header::CONTENT_SECURITY_POLICY), "default-src 'none'");
        assert_eq!(self.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(self.header("cross-origin-resource-policy".parse().unwrap()), "cross-origin");
        assert!(self.text().contains(&format!(">{letters}</text>")), "{}", self.text());
        self
    }

    #[track_caller]
    pub fn assert_problem(&self, status: u16) -> &Self {
        self.assert_status(status);
        assert_eq!(self.header(header::CONTENT_TYPE), "application/problem+json");
        assert_eq!(self.json()["status"], status);
        assert!(self.json()["detail"].is_string());
        self
    }
}
