//! Authorization requests (OAuth 2.1, section 4.1.1): read in two steps, so that a fault found before the redirect URI is
//! known to be the client's can never leave by a redirect.

use super::{
    client::{Client, ClientId, Registration},
    client_document::DocumentUrlError,
    error::ErrorCode,
    pkce::CodeChallenge,
    prompt::{Prompt, PromptSet},
    publisher::{self, Publisher},
    redirect_uri::RedirectUri,
    resource::McpResource,
    scope::ScopeSet,
};
use crate::{
    clock::Timestamp,
    connection::difference,
    email::Email,
    id::{AuthorizationRequestId, WorkspaceId},
    settings::PublicUrl,
    text::one_line,
};
use std::{collections::HashSet, time::Duration};

/// How much of an address stands on a page, in graphemes, and how many addresses.
const LONGEST_SHOWN: usize = 200;
const MOST_SHOWN: usize = 5;

/// The parameters as they came, each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
}

/// A fault that is shown on a page of ours and never redirected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    #[error("the parameter {0} was sent more than once")]
    Duplicate(String),
    #[error("the parameter {0} holds a character that can't be there")]
    Unreadable(String),
    #[error("client_id is missing")]
    NoClient,
    #[error("this app is not known here: remove the connector in the app and add it again")]
    UnknownClient,
    /// The identifier is a URL, and no document's.
    #[error("{0}")]
    Identifier(#[from] DocumentUrlError),
    #[error("the app's identity document at {host} could not be read: {reason}")]
    Document { host: String, reason: String },
    #[error("this app was blocked by the operator of this server")]
    BlockedClient(Asker),
    #[error("this app waits for the approval of this server's operator")]
    UnapprovedClient(Box<Unapproved>),
    #[error("callback URL mismatch: the app asked to be sent to an address that it never registered")]
    RedirectUri(Box<UnknownCallback>),
}

/// Who asked, on a page that grants nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// As the client claims it.
    pub name: String,
    /// None where the answer was to go to an address that is not the client's: then nothing tells who asked.
    pub publisher: Option<Publisher>,
}

/// An app that the operator has not let in yet, and where it would hear so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unapproved {
    pub asker: Asker,
    pub redirect_uri: RedirectUri,
    pub state: Option<String>,
}

/// An address that the answer was to go to, beside those that it may go to. Fit to be shown: short, and without the queries
/// of the registered ones, which are nobody else's business. Those that an operator entered by hand may name hosts of their
/// own network, so none of them is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCallback {
    /// As the client claims it.
    pub name: String,
    /// How it came to be known, which says how its addresses are changed.
    pub registration: Registration,
    pub asked: Option<String>,
    pub registered: Vec<String>,
    /// What is different, in words, where there is something to compare.
    pub difference: Option<String>,
}

impl UnknownCallback {
    fn of(client: &Client, asked: Option<&str>) -> Self {
        let asked = asked.filter(|asked| !asked.is_empty());
        let registered = client.redirect_uris.iter();
        let is_open = client.registration != Registration::PreRegistered;
        let registered = registered.filter(|_| is_open);
        let shown_whole = registered.clone().map(RedirectUri::as_str).filter(|uri| !uri.contains('?'));
        Self {
            name: client.name.clone(),
            registration: client.registration,
            asked: asked.map(|asked| one_line(asked, LONGEST_SHOWN)),
            registered: registered.take(MOST_SHOWN).map(|uri| one_line(uri.without_query(), LONGEST_SHOWN)).collect(),
            difference: asked
                .and_then(|asked| difference(asked, shown_whole))
                .map(|told| one_line(&told, 2 * LONGEST_SHOWN)),
        }
    }
}

/// A fault that is told to the client by redirect (RFC 6749, section 4.1.2.1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{description}")]
pub struct RedirectFault {
    pub code: ErrorCode,
    pub description: String,
}

/// A request that may be put before a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub client: ClientId,
    pub redirect_uri: RedirectUri,
    pub state: Option<String>,
    /// As the client named them; nothing where it named none that we know.
    pub scopes: ScopeSet,
    pub code_challenge: CodeChallenge,
    pub resource: McpResource,
    pub nonce: Option<String>,
    pub prompts: PromptSet,
    /// How long ago the person may have signed in at most.
    pub max_age: Option<Duration>,
    /// Who the client thinks the person is: a suggestion for the sign-in form. What is no address is left out.
    pub login_hint: Option<Email>,
}

/// Where a stored request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Pending,
    /// Answered, one way or the other: never twice.
    Decided {
        at: Timestamp,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    pub id: AuthorizationRequestId,
    pub asked: Asked,
    /// The workspace picked with **Switch**, before anything is granted.
    pub picked_workspace: Option<WorkspaceId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub stage: Stage,
}

impl AuthorizationRequest {
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.stage == Stage::Pending && now < self.expires_at
    }

    /// Whether somebody who signed in at `signed_in_at` may answer, or has to sign in again first. Signing in after the
    /// request was filed is always enough: however short `max_age` is, reading the consent screen takes its time.
    pub fn takes_sign_in_of(&self, signed_in_at: Timestamp, now: Timestamp) -> bool {
        signed_in_at > self.created_at
            || (!self.asked.prompts.contains(Prompt::Login) && self.asked.is_recent(signed_in_at, now))
    }
}

impl Asked {
    /// Whether an answer may still go where it was asked to go: the operator or the client itself may have had a say since.
    /// The fault is the one that a new request would meet.
    pub fn may_be_answered(&self, client: &Client) -> Result<(), PageFault> {
        let mut pairs = vec![("redirect_uri".to_owned(), self.redirect_uri.to_string())];
        pairs.extend(self.state.iter().map(|state| ("state".to_owned(), state.clone())));
        Parameters { pairs }.redirect_uri(client).map(drop)
    }

    /// Whether a sign-in is no older than `max_age` allows.
    pub fn is_recent(&self, signed_in_at: Timestamp, now: Timestamp) -> bool {
        self.max_age.is_none_or(|max_age| now.since(signed_in_at) <= max_age)
    }
}

impl Parameters {
    /// Takes decoded pairs; a parameter sent twice is a fault (RFC 6749, section 3.1), except `resource`
    /// (RFC 8707, section 2).
    pub fn new(pairs: Vec<(String, String)>) -> Result<Self, PageFault> {
        // No parameter may hold one (RFC 6749, appendix A), and PostgreSQL's texts can't.
        if let Some((name, _)) = pairs.iter().find(|(_, value)| value.contains('\0')) {
            return Err(PageFault::Unreadable(one_line(name, 40)));
        }
        let mut seen = HashSet::new();
        for (name, _) in pairs.iter().filter(|(name, _)| name != "resource") {
            if !seen.insert(name.as_str()) {
                return Err(PageFault::Duplicate(one_line(name, 40)));
            }
        }
        Ok(Self { pairs })
    }

    /// An empty value counts as left out (RFC 6749, section 3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(sent, value)| sent == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub fn client_id(&self) -> Result<ClientId, PageFault> {
        self.get("client_id").map(|id| ClientId(id.to_owned())).ok_or(PageFault::NoClient)
    }

    /// The redirect URI, once it is known to be the client's.
    pub fn redirect_uri(&self, client: &Client) -> Result<RedirectUri, PageFault> {
        // Elsewhere an empty value counts as left out; here it is more likely an app that lost its address.
        let sent = self.pairs.iter().find(|(name, _)| name == "redirect_uri").map(|(_, value)| value.as_str());
        let matched = client.match_redirect_uri(sent);
        let asker = |matched: Option<&RedirectUri>| Asker {
            name: client.name.clone(),
            publisher: matched.map(|redirect_uri| publisher::identify(client, redirect_uri)),
        };
        if client.is_blocked() {
            return Err(PageFault::BlockedClient(asker(matched.as_ref())));
        }
        let redirect_uri =
            matched.ok_or_else(|| PageFault::RedirectUri(Box::new(UnknownCallback::of(client, sent))))?;
        if client.may_be_authorized() {
            return Ok(redirect_uri);
        }
        let state = self.get("state").map(str::to_owned);
        Err(PageFault::UnapprovedClient(Box::new(Unapproved {
            asker: asker(Some(&redirect_uri)),
            redirect_uri,
            state,
        })))
    }

    /// Everything else; faults may now go back by redirect.
    pub fn into_asked(
        self,
        public_url: &PublicUrl,
        client: &Client,
        redirect_uri: RedirectUri,
    ) -> Result<Asked, RedirectFault> {
        let fault = |code, description: &dyn ToString| RedirectFault { code, description: description.to_string() };
        if self.get("request").is_some() {
            return Err(fault(ErrorCode::RequestNotSupported, &"request objects are not supported"));
        }
        if self.get("request_uri").is_some() {
            return Err(fault(ErrorCode::RequestUriNotSupported, &"request_uri is not supported"));
        }
        match self.get("response_type") {
            Some("code") => {}
            Some(_) => return Err(fault(ErrorCode::UnsupportedResponseType, &"response_type must be code")),
            None => return Err(fault(ErrorCode::InvalidRequest, &"response_type is missing: it must be code")),
        }
        if self.get("response_mode").is_some_and(|mode| mode != "query") {
            return Err(fault(ErrorCode::InvalidRequest, &"response_mode must be query"));
        }
        let code_challenge = CodeChallenge::parse(self.get("code_challenge"), self.get("code_challenge_method"))
            .map_err(|error| fault(ErrorCode::InvalidRequest, &error))?;
        let prompts = PromptSet::parse(self.get("prompt").unwrap_or_default());
        if prompts.contradicts_itself() {
            return Err(fault(ErrorCode::InvalidRequest, &"prompt=none can't be combined with another prompt"));
        }
        let max_age = self
            .get("max_age")
            .map(|seconds| seconds.parse::<u32>().map(|seconds| Duration::from_secs(seconds.into())))
            .transpose()
            .map_err(|_| fault(ErrorCode::InvalidRequest, &"max_age must be a number of seconds"))?;
        let resources = self.pairs.iter().filter(|(name, value)| name == "resource" && !value.is_empty());
        let resource = McpResource::requested(public_url, resources.map(|(_, value)| value.as_str()))
            .map_err(|error| fault(ErrorCode::InvalidTarget, &error))?;
        Ok(Asked {
            client: client.id.clone(),
            redirect_uri,
            state: self.get("state").map(str::to_owned),
            scopes: ScopeSet::parse(self.get("scope").unwrap_or_default()),
            code_challenge,
            resource,
            nonce: self.get("nonce").map(str::to_owned),
            prompts,
            max_age,
            login_hint: self.get("login_hint").and_then(|hint| hint.parse().ok()),
        })
    }
}
