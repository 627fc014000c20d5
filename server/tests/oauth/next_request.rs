//! Whatever ends a connection ends it on its very next request: one that calls a tool, one that asks who the person is, and
//! one that refreshes.

use super::{
    signed_in::{send, viewer},
    support::{Answer, CALLBACK, House, Person, Tokens},
};
use axum::body::Body;
use domain::{
    id::GrantId,
    oauth::{
        client::ClientId,
        client_policy::{Effect, RuleSubject},
    },
    role::Role,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use usecases::{
    access::operator::at_command_line,
    client_policy, grant,
    user::{self, Connections},
    workspace::{self, NewWorkspace},
};

const RESOURCE: &str = "https://visage.example/mcp";
const COLLEAGUE: &str = "grace@example.com";

/// An app with the tokens of one person's grant.
struct App<'a> {
    house: &'a House,
    /// Where it calls.
    path: String,
    tokens: Tokens,
}

impl<'a> App<'a> {
    async fn of(house: &'a House, person: &Person) -> Self {
        Self::at(house, person, "/mcp").await
    }

    async fn at(house: &'a House, person: &Person, path: &str) -> Self {
        let tokens = house.tokens_for(person, &format!("https://visage.example{path}")).await;
        let app = Self { house, path: path.to_owned(), tokens };
        app.assert_works().await;
        app
    }

    async fn call_at(&self, path: &str) -> Answer {
        let bearer = self.bearer();
        let message = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "get_publishable_key", "arguments": {}},
        });
        let accept = ("accept", "application/json, text/event-stream");
        self.house.post_json(path, &[("authorization", &bearer), accept], &message).await
    }

    async fn user_info(&self) -> Answer {
        self.house.call(Method::GET, "/userinfo", &[("authorization", &self.bearer())], Body::empty()).await
    }

    /// What the tool answers with: the key of the workspace that the app acts in.
    async fn result(&self) -> Value {
        let answer = self.call_at(&self.path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["result"].clone()
    }

    async fn key(&self) -> String {
        let result = self.result().await;
        assert_ne!(result["isError"], true, "{result}");
        result["structuredContent"]["publishable_key"]
            .as_str()
            .unwrap_or_else(|| panic!("there is no key: {result}"))
            .to_owned()
    }

    async fn assert_works(&self) {
        self.result().await;
        assert_eq!(self.user_info().await.status, StatusCode::OK);
    }

    /// Every door is shut. The refresh says why, as far as the app may know.
    async fn assert_over(&self, refreshing: &str) {
        let call = self.call_at(&self.path).await;
        assert_eq!(call.status, StatusCode::UNAUTHORIZED, "{}", call.text());
        assert!(call.header("www-authenticate").contains("error=\"invalid_token\""), "{:?}", call.headers);
        assert_eq!(self.user_info().await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(self.house.refresh(&self.tokens).await.oauth_error(), refreshing);
    }

    /// With the pair that the refresh answers.
    async fn refreshed(mut self) -> Self {
        let answer = self.house.refresh(&self.tokens).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let body = answer.json();
        self.tokens.access = body["access_token"].as_str().unwrap().to_owned();
        self.tokens.refresh = body["refresh_token"].as_str().unwrap().to_owned();
        self
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.tokens.access)
    }

    fn client(&self) -> ClientId {
        ClientId(self.tokens.client_id.clone())
    }
}

/// Somebody else in the workspace of `owner`.
async fn colleague(house: &House, owner: &Person, role: Role) -> Person {
    let person = house.person_named("Grace Hopper", COLLEAGUE, "Compilers").await;
    workspace::set_member(&house.deps, &owner.workspace, COLLEAGUE, role).await.unwrap();
    Person { workspace: owner.workspace.clone(), ..person }
}

/// The grant that stands on the apps page of somebody's workspace.
async fn only_grant(house: &House, person: &Person) -> GrantId {
    let viewer = viewer(house, person).await.unwrap();
    let slug = person.workspace.slug.as_str();
    let member = workspace::open(&house.deps, viewer.user.id, slug).await.unwrap();
    let [app] = grant::list(&house.deps, &member).await.unwrap().try_into().unwrap();
    app.grant.id
}

#[tokio::test]
async fn a_removed_member_has_no_connection_left_and_the_others_keep_theirs() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = colleague(&house, &ada, Role::Developer).await;
    let (hers, kept) = (App::of(&house, &grace).await, App::of(&house, &ada).await);
    workspace::remove_member(&house.deps, &ada.workspace, COLLEAGUE).await.unwrap();
    hers.assert_over("400 invalid_grant").await;
    kept.refreshed().await.assert_works().await;
    // Coming back brings nothing back.
    workspace::set_member(&house.deps, &ada.workspace, COLLEAGUE, Role::Developer).await.unwrap();
    hers.assert_over("400 invalid_grant").await;
}

#[tokio::test]
async fn a_disabled_user_has_no_connection_until_the_account_is_opened_again() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = colleague(&house, &ada, Role::Developer).await;
    let app = App::of(&house, &grace).await;
    user::disable(&house.deps, COLLEAGUE).await.unwrap();
    app.assert_over("400 invalid_grant").await;
    user::enable(&house.deps, COLLEAGUE).await.unwrap();
    app.assert_works().await;
    app.refreshed().await.assert_works().await;
}

#[tokio::test]
async fn a_new_password_leaves_no_connection_of_its_person_and_the_others_keep_theirs() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = colleague(&house, &ada, Role::Developer).await;
    let (hers, kept) = (App::of(&house, &grace).await, App::of(&house, &ada).await);
    let code = house.code(&grace, &hers.tokens.client_id, RESOURCE).await;
    user::change_password(&house.deps, COLLEAGUE, "a long sentence of hers", Connections::End).await.unwrap();
    hers.assert_over("400 invalid_grant").await;
    assert_eq!(house.redeem(&hers.tokens.client_id, &code).await.oauth_error(), "400 invalid_grant");
    kept.refreshed().await.assert_works().await;
}

#[tokio::test]
async fn a_client_blocked_by_a_rule_for_hosts_or_names_is_refused_until_the_rule_is_gone() {
    let house = House::start().await;
    let app = App::of(&house, &house.person().await).await;
    let (deps, operator) = (&house.deps, at_command_line());
    for (kind, text) in [("host", "client.example"), ("name", "test*")] {
        let about = RuleSubject::parse(kind, text).unwrap();
        let blocked = client_policy::add_rule(deps, &operator, about, Effect::Block).await.unwrap();
        app.assert_over("401 invalid_client").await;
        client_policy::remove_rule(deps, &operator, blocked.rule.id).await.unwrap();
        app.assert_works().await;
    }
    client_policy::set_default(deps, &operator, Effect::Block).await.unwrap();
    app.assert_over("401 invalid_client").await;
    client_policy::set_default(deps, &operator, Effect::Allow).await.unwrap();
    app.refreshed().await.assert_works().await;
}

#[tokio::test]
async fn a_client_blocked_by_itself_is_refused_until_it_is_let_go() {
    let house = House::start().await;
    let app = App::of(&house, &house.person().await).await;
    let (deps, operator) = (&house.deps, at_command_line());
    client_policy::add_rule(deps, &operator, RuleSubject::Client(app.client()), Effect::Block).await.unwrap();
    app.assert_over("401 invalid_client").await;
    let told = app.call_at(&app.path).await;
    assert!(told.header("www-authenticate").contains("this app was blocked by whoever runs this server"));
    client_policy::release(deps, &operator, &app.client()).await.unwrap();
    app.refreshed().await.assert_works().await;
}

#[tokio::test]
async fn a_client_that_has_to_be_approved_keeps_what_it_was_granted_before() {
    let house = House::start().await;
    let person = house.person().await;
    let app = App::of(&house, &person).await;
    let pending = house.pending(&app.tokens.client_id, RESOURCE).await;
    client_policy::set_default(&house.deps, &at_command_line(), Effect::Ask).await.unwrap();
    let answered = house.decide(&person, &pending, "authorize").await;
    assert!(!answered.header("location").contains("code="), "{:?}", answered.headers);
    app.refreshed().await.assert_works().await;
}

#[tokio::test]
async fn a_changed_role_counts_for_the_token_at_hand_and_for_the_refreshed_one() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = colleague(&house, &ada, Role::Developer).await;
    let app = App::of(&house, &grace).await;
    let key = app.key().await;
    workspace::set_member(&house.deps, &ada.workspace, COLLEAGUE, Role::Viewer).await.unwrap();
    assert_refused_as_viewer(&app.result().await);
    let app = app.refreshed().await;
    assert_refused_as_viewer(&app.result().await);
    workspace::set_member(&house.deps, &ada.workspace, COLLEAGUE, Role::Developer).await.unwrap();
    assert_eq!(app.key().await, key);
}

#[track_caller]
fn assert_refused_as_viewer(result: &Value) {
    assert_eq!(result["isError"], true, "{result}");
    assert!(result["content"][0]["text"].as_str().unwrap().contains("As Viewer"), "{result}");
}

#[tokio::test]
async fn a_grant_that_its_person_revokes_is_over_and_their_other_grants_go_on() {
    let house = House::start().await;
    let ada = house.person().await;
    let app = App::of(&house, &ada).await;
    let id = only_grant(&house, &ada).await.to_string();
    // The same app once more, as hosted clients come twice.
    let other = App::of(&house, &ada).await;
    let slug = ada.workspace.slug.as_str();
    send(&house, &ada, "/api/revoke_app", &[("workspace", slug), ("id", &id)]).await.location();
    app.assert_over("400 invalid_grant").await;
    other.refreshed().await.assert_works().await;
}

#[tokio::test]
async fn a_grant_that_an_admin_revokes_is_over_for_its_person() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = colleague(&house, &ada, Role::Viewer).await;
    let app = App::of(&house, &grace).await;
    let id = only_grant(&house, &grace).await.to_string();
    let slug = ada.workspace.slug.as_str();
    send(&house, &ada, "/api/revoke_app", &[("workspace", slug), ("id", &id)]).await.location();
    app.assert_over("400 invalid_grant").await;
}

#[tokio::test]
async fn a_moved_connection_acts_in_the_new_workspace_alone() {
    let house = House::start().await;
    let ada = house.person().await;
    let app = App::of(&house, &ada).await;
    let before = app.key().await;
    let (id, viewer) = (only_grant(&house, &ada).await, viewer(&house, &ada).await.unwrap());
    let new = NewWorkspace { name: "Difference Engines".to_owned(), slug: None };
    let actor = domain::audit::Actor::User(viewer.user.id);
    let there = workspace::create(&house.deps, viewer.user.id, new, actor).await.unwrap();
    grant::move_workspace(&house.deps, &viewer, id, there.id).await.unwrap();
    let after = app.key().await;
    assert_ne!(after, before, "the app still acts in the workspace that it left");
    let app = app.refreshed().await;
    assert_eq!(app.key().await, after);
}

#[tokio::test]
async fn a_moved_connection_ends_with_the_membership_where_it_is_and_not_where_it_was() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = house.person_named("Grace Hopper", COLLEAGUE, "Compilers").await;
    let own = grace.workspace.clone();
    workspace::set_member(&house.deps, &ada.workspace, COLLEAGUE, Role::Developer).await.unwrap();
    let grace = Person { workspace: ada.workspace.clone(), ..grace };
    let app = App::of(&house, &grace).await;
    let (id, viewer) = (only_grant(&house, &grace).await, viewer(&house, &grace).await.unwrap());
    grant::move_workspace(&house.deps, &viewer, id, own.id).await.unwrap();
    workspace::remove_member(&house.deps, &ada.workspace, COLLEAGUE).await.unwrap();
    let app = app.refreshed().await;
    app.assert_works().await;
    house.person_named("Zoe", "zoe@example.com", "Elsewhere").await;
    workspace::set_member(&house.deps, &own, "zoe@example.com", Role::Owner).await.unwrap();
    workspace::remove_member(&house.deps, &own, COLLEAGUE).await.unwrap();
    app.assert_over("400 invalid_grant").await;
}

#[tokio::test]
async fn a_connection_at_a_workspaces_own_address_stays_there_and_ends_with_the_membership() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = house.person_named("Grace Hopper", COLLEAGUE, "Compilers").await;
    let own = grace.workspace.clone();
    workspace::set_member(&house.deps, &ada.workspace, COLLEAGUE, Role::Developer).await.unwrap();
    let grace = Person { workspace: ada.workspace.clone(), ..grace };
    let app = App::at(&house, &grace, &format!("/mcp/{}", ada.workspace.slug)).await;
    for elsewhere in ["/mcp".to_owned(), format!("/mcp/{}", own.slug)] {
        let answer = app.call_at(&elsewhere).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{elsewhere}: {}", answer.text());
    }
    let id = only_grant(&house, &grace).await;
    let moved = grant::move_workspace(&house.deps, &viewer(&house, &grace).await.unwrap(), id, own.id).await;
    assert!(matches!(moved, Err(grant::MoveGrantError::Locked)), "{moved:?}");
    let app = app.refreshed().await;
    app.assert_works().await;
    workspace::remove_member(&house.deps, &ada.workspace, COLLEAGUE).await.unwrap();
    app.assert_over("400 invalid_grant").await;
}

#[tokio::test]
async fn a_client_that_takes_its_registration_back_takes_its_connections_along() {
    let house = House::start().await;
    let ada = house.person().await;
    let metadata = json!({"client_name": "Test client", "redirect_uris": [CALLBACK]});
    let registered = house.post_json("/register", &[], &metadata).await.json();
    let code = house.code(&ada, registered["client_id"].as_str().unwrap(), RESOURCE).await;
    let answer = house.redeem(registered["client_id"].as_str().unwrap(), &code).await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tokens = Tokens {
        client_id: text(&registered["client_id"]),
        access: text(&answer["access_token"]),
        refresh: text(&answer["refresh_token"]),
    };
    let app = App { house: &house, path: "/mcp".to_owned(), tokens };
    app.assert_works().await;
    let bearer = format!("Bearer {}", text(&registered["registration_access_token"]));
    let path = format!("/register/{}", app.tokens.client_id);
    let deleted = house.call(Method::DELETE, &path, &[("authorization", &bearer)], Body::empty()).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    app.assert_over("401 invalid_client").await;
}

#[tokio::test]
async fn a_code_on_its_way_is_worth_nothing_once_what_it_rests_on_has_ended() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = colleague(&house, &ada, Role::Developer).await;
    let client = house.client().await;
    let code = house.code(&grace, &client, RESOURCE).await;
    workspace::remove_member(&house.deps, &ada.workspace, COLLEAGUE).await.unwrap();
    assert_eq!(house.redeem(&client, &code).await.oauth_error(), "400 invalid_grant");

    let code = house.code(&ada, &client, RESOURCE).await;
    let about = RuleSubject::Client(ClientId(client.clone()));
    client_policy::add_rule(&house.deps, &at_command_line(), about, Effect::Block).await.unwrap();
    assert_eq!(house.redeem(&client, &code).await.oauth_error(), "401 invalid_client");
}
