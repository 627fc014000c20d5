//! What heads an attempt to connect and the page of a connection: the root cause, as it stands now, and nobody else's fault.

use crate::{
    connection_log::{browser, connect, servers},
    house::{House, parameter},
};
use domain::{
    connection::{Mismatch, State, Step},
    id::{AuthorizationRequestId, GrantId},
    oauth::{
        client_policy::{Effect, RuleSubject},
        grant::Answer,
        resource::McpResource,
        scope::ScopeSet,
    },
    workspace::Workspace,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    access::{operator, session::Viewer},
    authorize, client_policy,
    connection_log::{self, Note, Sighting},
};

async fn timeline_state(house: &House, viewer: &Viewer, workspace: &Workspace, grant: GrantId) -> Option<State> {
    let member = house.member(viewer, workspace).await;
    connection_log::timeline(&house.deps, &member, grant).await.unwrap().state
}

async fn everybodys(house: &House) -> Vec<Sighting> {
    connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap()
}

async fn states(house: &House) -> Vec<State> {
    everybodys(house).await.into_iter().map(|attempt| attempt.state).collect()
}

fn approve(workspace: &Workspace) -> Answer {
    Answer::Approve { workspace: workspace.id, ticked: ScopeSet::all() }
}

async fn asked(house: &House, viewer: &Viewer) -> AuthorizationRequestId {
    let request = house.ask(&house.client().await).await;
    authorize::describe(&house.deps, viewer, request).await.unwrap();
    request
}

on_both_databases! {
    async fn a_connection_is_called_blocked_exactly_as_long_as_its_app_is(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (client, answer) = connect(&house, &ada, &workspace).await;
        assert!(house.is_let_in(&answer).await);
        let state = async || timeline_state(&house, &ada, &workspace, answer.grant).await;
        let operator = operator::at_command_line();
        house.clock.advance(Duration::from_secs(10));

        let about = RuleSubject::Client(client.id.clone());
        client_policy::add_rule(&house.deps, &operator, about, Effect::Block).await.unwrap();
        // Before the app has called again.
        assert_eq!(state().await, Some(State::Failed(Mismatch::BlockedClient)));
        let token = answer.access_token.expose();
        house.deps.connections.note(connection_log::refused_token(&house.deps, &McpResource::Server, token).await);
        assert_eq!(state().await, Some(State::Failed(Mismatch::BlockedClient)));

        client_policy::release(&house.deps, &operator, &client.id).await.unwrap();
        assert_eq!(state().await, Some(State::Connected));
        // Within the minute in which the last call is not written down again.
        assert!(house.is_let_in(&answer).await);
        assert_eq!(state().await, Some(State::Connected));
    }

    async fn an_app_that_was_let_in_since_is_not_called_blocked_or_waiting(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        let operator = operator::at_command_line();
        let about = RuleSubject::Client(client.id.clone());
        for (effect, mismatch) in [(Effect::Block, Mismatch::BlockedClient), (Effect::Ask, Mismatch::ApprovalNeeded)] {
            house.clock.advance(Duration::from_secs(700));
            client_policy::add_rule(&house.deps, &operator, about.clone(), effect).await.unwrap();
            let refused = Note::failed(Step::Authorize, mismatch.clone()).client(&client.id.0);
            house.deps.connections.note(refused.from(&browser()));
            assert_eq!(states(&house).await[0], State::Failed(mismatch));
            client_policy::release(&house.deps, &operator, &client.id).await.unwrap();
            assert_eq!(states(&house).await[0], State::LetIn);
        }
    }

    async fn a_request_that_was_looked_at_too_late_was_closed(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let request = asked(&house, &ada).await;
        // The screen is opened once more in the last minute, and again after it.
        house.clock.advance(Duration::from_secs(590));
        authorize::describe(&house.deps, &ada, request).await.unwrap();
        assert_eq!(states(&house).await, [State::UnderWay]);
        house.clock.advance(Duration::from_secs(20));
        assert_eq!(states(&house).await, [State::Failed(Mismatch::NeverAnswered)]);
        authorize::describe(&house.deps, &ada, request).await.unwrap_err();
        assert_eq!(states(&house).await, [State::Failed(Mismatch::RequestClosed)]);

        // One that was answered is not closed by whoever goes back to it.
        house.clock.advance(Duration::from_secs(700));
        let answered = asked(&house, &ada).await;
        authorize::decide(&house.deps, &ada, answered, approve(&workspace)).await.unwrap();
        authorize::describe(&house.deps, &ada, answered).await.unwrap_err();
        assert_eq!(states(&house).await[0], State::UnderWay);
    }

    async fn an_answer_that_came_after_a_block_is_told_by_the_block(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let request = asked(&house, &ada).await;
        let about = RuleSubject::Client(house.client().await.id);
        house.clock.advance(Duration::from_secs(1));
        client_policy::add_rule(&house.deps, &operator::at_command_line(), about, Effect::Block).await.unwrap();
        authorize::decide(&house.deps, &ada, request, approve(&workspace)).await.unwrap_err();
        assert_eq!(states(&house).await, [State::Failed(Mismatch::BlockedClient)]);
    }

    async fn each_fault_of_one_app_is_there_for_the_operator(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        let faults = [
            Mismatch::callback_url(Some("https://b.example"), ["https://a.example"]),
            Mismatch::PkceMissing,
            Mismatch::request("response_type must be code"),
        ];
        for mismatch in &faults {
            house.deps.connections.note(Note::failed(Step::Authorize, mismatch.clone()).client(&client.id.0).from(&browser()));
            house.clock.advance(Duration::from_secs(30));
        }
        house.deps.connections.note(Note::failed(Step::Challenge, Mismatch::wrong_path("/sse")).from(&servers()));
        house.deps.connections.note(Note::failed(Step::Registration, Mismatch::registration("no redirect_uris")).from(&servers()));
        let told = states(&house).await;
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(faults.iter().all(|mismatch| told.contains(&State::Failed(mismatch.clone()))), "{told:?}");
    }

    async fn who_proves_nothing_is_in_nobodys_diary_unless_they_hold_a_secret_of_the_connection(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let client = house.client().await;
        let request = asked(&house, &ada).await;
        let url = authorize::decide(&house.deps, &ada, request, approve(&workspace)).await.unwrap();
        let code = parameter(&url, "code").unwrap();
        let refused = async |claimed: &str, secret: Option<&str>| {
            house.clock.advance(Duration::from_secs(1));
            let note = connection_log::refused_client(&house.deps, claimed, secret).await;
            house.deps.connections.note(note.from(&servers()));
            let attempts = everybodys(&house).await;
            (attempts[0].is_unproven, attempts[0].person.clone(), attempts[0].state.clone())
        };
        let unproven = (true, None, State::Failed(Mismatch::UnprovenCaller));
        assert_eq!(refused(&client.id.0, None).await, unproven);
        assert_eq!(refused(&client.id.0, Some("vac_nonsense")).await, unproven);
        assert_eq!(refused("another app", Some(&code)).await, unproven);
        let own = connection_log::list_own(&house.deps, &ada).await.unwrap();
        assert_eq!((own.len(), own[0].state.clone()), (1, State::UnderWay));

        let hers = (false, Some("Ada".to_owned()), State::Failed(Mismatch::ClientAuthentication));
        assert_eq!(refused(&client.id.0, Some(&code)).await, hers);
        // With its code the app gets on, and nothing is left to tell.
        let answer = house.redeem(&client, &code).await.unwrap();
        assert!(house.is_let_in(&answer).await);
        assert_eq!(timeline_state(&house, &ada, &workspace, answer.grant).await, Some(State::Connected));
        house.clock.advance(Duration::from_secs(5));
        let refresh_token = answer.refresh_token.unwrap();
        assert_eq!(refused(&client.id.0, Some(refresh_token.expose())).await, hers);
    }
}
