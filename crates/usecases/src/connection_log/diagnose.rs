//! What was the matter with a request that a door refused. Looked up afterwards, so that the road itself stays short.

use super::Note;
use crate::{Deps, authorize::BeginError};
use domain::{
    connection::{Mismatch, Step},
    oauth::{
        authorization_request::{PageFault, RedirectFault},
        client::ClientId,
        error::ErrorCode,
        resource::McpResource,
    },
    secret::{Secret, SecretKind},
};
use store::StoreError;

/// What an authorization request said of itself, kept aside before it is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    client: Option<String>,
    redirect_uri: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    resources: Vec<String>,
}

impl Said {
    pub fn by(parameters: &[(String, String)]) -> Self {
        let all = |name: &'static str| {
            let sent = parameters.iter().filter(move |(sent, value)| sent == name && !value.is_empty());
            sent.map(|(_, value)| value.clone())
        };
        let first = |name| all(name).next();
        Self {
            client: first("client_id"),
            redirect_uri: first("redirect_uri"),
            code_challenge: first("code_challenge"),
            code_challenge_method: first("code_challenge_method"),
            resources: all("resource").collect(),
        }
    }

    /// Whoever it says it is.
    pub fn client(&self) -> &str {
        self.client.as_deref().unwrap_or_default()
    }
}

/// The step at which an authorization request failed.
pub async fn refused_request(deps: &Deps, said: &Said, error: &BeginError) -> Note {
    let (step, mismatch) = match error {
        BeginError::Page(PageFault::RedirectUri(_)) => (Step::Authorize, callback_url(deps, said).await),
        BeginError::Page(PageFault::Identifier(fault)) => (Step::Registration, Mismatch::document(&fault.to_string())),
        BeginError::Page(PageFault::Document { reason, .. }) => (Step::Registration, Mismatch::document(reason)),
        BeginError::Page(fault) => (Step::Authorize, page_fault(fault)),
        BeginError::Redirect(_, fault) | BeginError::Offer { fault, .. } => {
            (Step::Authorize, redirect_fault(deps, said, fault))
        }
        BeginError::Store(_) => (Step::Authorize, Mismatch::ServerFault),
    };
    Note::failed(step, mismatch).client(said.client())
}

async fn callback_url(deps: &Deps, said: &Said) -> Mismatch {
    let client = store::client::find(&deps.store, &ClientId(said.client().to_owned())).await;
    let registered = client.ok().flatten().map(|client| client.redirect_uris).unwrap_or_default();
    Mismatch::callback_url(said.redirect_uri.as_deref(), registered.iter().map(|uri| uri.as_str()))
}

pub(crate) fn page_fault(fault: &PageFault) -> Mismatch {
    match fault {
        PageFault::UnknownClient => Mismatch::UnknownClient,
        PageFault::BlockedClient(_) => Mismatch::BlockedClient,
        PageFault::UnapprovedClient(_) => Mismatch::ApprovalNeeded,
        fault => Mismatch::request(&fault.to_string()),
    }
}

fn redirect_fault(deps: &Deps, said: &Said, fault: &RedirectFault) -> Mismatch {
    match fault.code {
        ErrorCode::InvalidTarget => {
            match McpResource::requested(&deps.settings.public_url, said.resources.iter().map(String::as_str)) {
                Err(target) => Mismatch::wrong_resource(&target.sent, &target.expected),
                Ok(_) => Mismatch::request(&fault.description),
            }
        }
        ErrorCode::LoginRequired | ErrorCode::ConsentRequired => Mismatch::silent_check(fault.code.as_str()),
        ErrorCode::InvalidRequest if said.code_challenge.is_none() => Mismatch::PkceMissing,
        ErrorCode::InvalidRequest if said.code_challenge_method.as_deref() != Some("S256") => {
            Mismatch::pkce_method(said.code_challenge_method.as_deref())
        }
        _ => Mismatch::request(&fault.description),
    }
}

/// A token request whose client did not prove who it is. Whoever holds a code or a refresh token of a connection is certainly
/// about that one; of everybody else no more is known than the name that they use.
pub async fn refused_client(deps: &Deps, claimed: &str, secret: Option<&str>) -> Note {
    let unproven = Note::failed(Step::Token, Mismatch::UnprovenCaller).client(claimed);
    match why_client_refused(deps, claimed, secret).await {
        Ok(Some(note)) => note,
        Ok(None) => unproven,
        Err(error) => {
            tracing::warn!(error = %error, "The diary of connecting could not look up a refused client");
            unproven
        }
    }
}

async fn why_client_refused(deps: &Deps, claimed: &str, secret: Option<&str>) -> Result<Option<Note>, StoreError> {
    let Some(secret) = secret.and_then(|secret| Secret::parse(secret).ok()) else { return Ok(None) };
    let rows = &deps.store;
    let grant = match secret.kind() {
        SecretKind::AuthorizationCode => {
            store::authorization_code::find(rows, &secret.hash()).await?.map(|found| found.code.grant)
        }
        SecretKind::RefreshToken => store::token::find_refresh(rows, &secret.hash()).await?.map(|token| token.grant),
        _ => None,
    };
    let Some(grant) = grant else { return Ok(None) };
    let grant = store::grant::find(rows, grant).await?.filter(|grant| grant.client.0 == claimed);
    let Some(grant) = grant else { return Ok(None) };
    let client = store::client::find(rows, &grant.client).await?;
    let mismatch = match client.is_some_and(|client| client.is_blocked()) {
        true => Mismatch::BlockedClient,
        false => Mismatch::ClientAuthentication,
    };
    Ok(Some(Note::failed(Step::Token, mismatch).client(claimed).grant(grant.id)))
}

/// The call that a token did not open. Whoever only guesses tokens learns nothing here, and costs one look-up.
pub async fn refused_token(deps: &Deps, resource: &McpResource, token: &str) -> Note {
    let unknown = Note::failed(Step::FirstCall, Mismatch::TokenUnknown);
    let Ok(secret) = Secret::parse_as(SecretKind::AccessToken, token) else { return unknown };
    match why_refused(deps, resource, &secret).await {
        Ok(Some(note)) => note,
        Ok(None) => unknown,
        Err(error) => {
            tracing::warn!(error = %error, "The diary of connecting could not look up a refused token");
            unknown
        }
    }
}

async fn why_refused(deps: &Deps, resource: &McpResource, secret: &Secret) -> Result<Option<Note>, StoreError> {
    let rows = &deps.store;
    let Some(token) = store::token::find_access(rows, &secret.hash()).await? else { return Ok(None) };
    let Some(grant) = store::grant::find(rows, token.grant).await? else { return Ok(None) };
    let Some(user) = grant.subject.user() else { return Ok(None) };
    let client = store::client::find(rows, &grant.client).await?;
    let account = store::user::find(rows, user).await?;
    let asked = resource.uri(&deps.settings.public_url);
    let mismatch = if client.is_some_and(|client| client.is_blocked()) {
        Mismatch::BlockedClient
    } else if !grant.is_live() || token.revoked_at.is_some() {
        Mismatch::Revoked
    } else if account.is_none_or(|account| account.disabled_at.is_some()) {
        Mismatch::AccountDisabled
    } else if store::membership::find(rows, grant.workspace, user).await?.is_none() {
        Mismatch::NotAMember { workspace: None }
    } else if deps.now() >= token.expires_at {
        Mismatch::TokenExpired
    } else if grant.resource != asked {
        Mismatch::wrong_resource(&asked, &grant.resource)
    } else {
        Mismatch::TokenUnknown
    };
    Ok(Some(Note::failed(Step::FirstCall, mismatch).client(&grant.client.0).grant(grant.id).user(user)))
}
