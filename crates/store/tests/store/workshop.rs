//! Makes the rows that a test needs before its story begins.

use domain::{
    clock::{Clock, Timestamp},
    id::{AuthorizationRequestId, FamilyId, GrantId, TokenId, UserId, WorkspaceId},
    oauth::{
        authorization_request::{Asked, AuthorizationRequest, Stage},
        client::{AuthMethod, Client, ClientId, Fingerprint, Registration, Standing},
        client_document::Reach,
        grant::Grant,
        logo::LogoUri,
        pkce::CodeChallenge,
        prompt::PromptSet,
        redirect_uri::RedirectUri,
        resource::McpResource,
        scope::ScopeSet,
        signing::SigningAlgorithm,
        token::RefreshToken,
    },
    principal::Subject,
    role::Role,
    secret::{Secret, SecretHash, SecretKind},
    slug::Slug,
    user::User,
    workspace::{Membership, Workspace},
};
use std::time::Duration;
use store::{Store, authorization_code::AuthorizationCode, token::AccessToken};
use testkit::{FixedClock, SeededEntropy};

pub const REDIRECT: &str = "https://claude.ai/api/mcp/auth_callback";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Builds rows that differ from each other.
#[derive(Default)]
pub struct Workshop {
    pub clock: FixedClock,
    pub entropy: SeededEntropy,
}

/// A person in a workspace with a connected client.
pub struct Connected {
    pub user: User,
    pub workspace: Workspace,
    pub client: Client,
    pub grant: Grant,
}

impl Workshop {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn later(&self, seconds: u64) -> Timestamp {
        self.now().plus(Duration::from_secs(seconds))
    }

    pub fn hash(&self) -> SecretHash {
        Secret::generate(SecretKind::AccessToken, &self.entropy).hash()
    }

    pub fn user(&self, name: &str) -> User {
        User {
            id: UserId::generate(self.now(), &self.entropy),
            email: format!("{}@example.com", Slug::from_name(name)).parse().unwrap(),
            name: name.to_owned(),
            created_at: self.now(),
            disabled_at: None,
            operator_since: None,
        }
    }

    pub fn workspace(&self, name: &str) -> Workspace {
        Workspace {
            id: WorkspaceId::generate(self.now(), &self.entropy),
            slug: Slug::from_name(name),
            name: name.to_owned(),
            plan: "free".to_owned(),
            created_at: self.now(),
        }
    }

    pub fn membership(&self, user: &User, workspace: &Workspace, role: Role) -> Membership {
        Membership { user: user.id, workspace: workspace.id, role, created_at: self.now() }
    }

    pub fn client(&self, name: &str) -> Client {
        Client {
            id: ClientId(format!("{}-{:x}", Slug::from_name(name), self.entropy.next())),
            name: name.to_owned(),
            logo_uri: LogoUri::parse("https://app.example/logo.png", Reach::Public),
            redirect_uris: vec![RedirectUri::parse(REDIRECT).unwrap()],
            auth_method: AuthMethod::ClientSecretBasic,
            secret_hash: Some(self.hash()),
            keys: None,
            identity_token_algorithm: SigningAlgorithm::Rs256,
            may_refresh: true,
            may_introspect: true,
            registration: Registration::Dynamic,
            registration_token_hash: Some(self.hash()),
            fingerprint: Some(Fingerprint(self.hash().0)),
            document: None,
            standing: Standing::Asked,
            created_at: self.now(),
            last_seen_at: Some(self.now()),
        }
    }

    pub fn request(&self, client: &Client) -> AuthorizationRequest {
        AuthorizationRequest {
            id: AuthorizationRequestId::generate(self.now(), &self.entropy),
            asked: Asked {
                client: client.id.clone(),
                redirect_uri: RedirectUri::parse(REDIRECT).unwrap(),
                state: Some("opaque & \"odd\" ✓".to_owned()),
                scopes: ScopeSet::all(),
                code_challenge: CodeChallenge::from_stored(CHALLENGE).unwrap(),
                resource: McpResource::Workspace("babbage-labs".parse().unwrap()),
                nonce: None,
                prompts: PromptSet::parse("login select_account"),
                max_age: Some(Duration::from_secs(3_600)),
                login_hint: Some("ada@example.com".parse().unwrap()),
            },
            picked_workspace: None,
            created_at: self.now(),
            expires_at: self.later(600),
            stage: Stage::Pending,
        }
    }

    pub fn grant(&self, user: &User, client: &Client, workspace: &Workspace) -> Grant {
        Grant {
            id: GrantId::generate(self.now(), &self.entropy),
            subject: Subject::User(user.id),
            client: client.id.clone(),
            client_name: client.name.clone(),
            workspace: workspace.id,
            asked: ScopeSet::at_resource(),
            scopes: ScopeSet::all(),
            resource: "https://visage.example/mcp".to_owned(),
            redirect_uri: REDIRECT.to_owned(),
            created_at: self.now(),
            last_used_at: None,
            revoked_at: None,
        }
    }

    pub fn code(&self, grant: &Grant) -> AuthorizationCode {
        AuthorizationCode {
            grant: grant.id,
            client: grant.client.clone(),
            redirect_uri: grant.redirect_uri.clone(),
            code_challenge: CodeChallenge::from_stored(CHALLENGE).unwrap(),
            resource: grant.resource.clone(),
            nonce: Some("n-0S6_WzA2Mj".to_owned()),
            signed_in_at: Some(self.now()),
            expires_at: self.later(60),
        }
    }

    pub fn family(&self) -> FamilyId {
        FamilyId::generate(self.now(), &self.entropy)
    }

    pub fn refresh(&self, grant: &Grant, family: FamilyId) -> RefreshToken {
        RefreshToken {
            id: TokenId::generate(self.now(), &self.entropy),
            grant: grant.id,
            family,
            family_created_at: self.now(),
            issued_at: self.now(),
            expires_at: self.later(90 * 86_400),
            spent_at: None,
            revoked_at: None,
        }
    }

    pub fn access(&self, refresh: &RefreshToken) -> AccessToken {
        AccessToken {
            id: TokenId::generate(self.now(), &self.entropy),
            grant: refresh.grant,
            family: refresh.family,
            refresh: Some(refresh.id),
            scopes: ScopeSet::at_resource(),
            issued_at: self.now(),
            expires_at: self.later(86_400),
            first_used_at: None,
            revoked_at: None,
        }
    }

    /// A workspace with one owner.
    pub async fn owned_workspace(&self, store: &Store, name: &str) -> (User, Workspace) {
        let (user, workspace) = (self.user(&format!("{name} Owner")), self.workspace(name));
        let transaction = store.begin().await.unwrap();
        store::user::insert(&transaction, &user, "$argon2id$x").await.unwrap();
        store::workspace::insert(&transaction, &workspace).await.unwrap();
        store::membership::insert(&transaction, &self.membership(&user, &workspace, Role::Owner)).await.unwrap();
        transaction.commit().await.unwrap();
        (user, workspace)
    }

    pub async fn connected(&self, store: &Store) -> Connected {
        let (user, workspace) = self.owned_workspace(store, "Babbage Labs").await;
        let client = self.client("Claude");
        let grant = self.grant(&user, &client, &workspace);
        let transaction = store.begin().await.unwrap();
        store::client::insert(&transaction, &client).await.unwrap();
        store::grant::insert(&transaction, &grant).await.unwrap();
        transaction.commit().await.unwrap();
        Connected { user, workspace, client, grant }
    }
}
