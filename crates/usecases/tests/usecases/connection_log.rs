//! The diary of connecting: what is noted, whose it is, who may read it.

use crate::{house::House, tokens::refresh};
use domain::{
    connection::{Mismatch, Outcome, State, Step},
    id::{AuthorizationRequestId, GrantId},
    oauth::{
        client::Client,
        client_policy::{Effect, RuleSubject},
        grant::Answer,
        resource::McpResource,
    },
    role::Role,
    workspace::Workspace,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    access::{operator, session::Viewer},
    authorize, client_policy,
    connection_log::{self, Caller, Note, TimelineError},
    token::TokenAnswer,
};

/// The app's own servers, and a person's browser.
pub fn servers() -> Caller {
    Caller { address: "160.79.104.10".parse().ok(), user_agent: "Claude-User".to_owned() }
}

pub fn browser() -> Caller {
    Caller { address: "203.0.113.7".parse().ok(), user_agent: "Mozilla/5.0".to_owned() }
}

/// The road as the doors tell it: what use cases note themselves is left to them.
pub async fn connect(house: &House, viewer: &Viewer, workspace: &Workspace) -> (Client, TokenAnswer) {
    let note = |note: Note| house.deps.connections.note(note);
    note(Note::passed(Step::Challenge).from(&servers()));
    note(Note::passed(Step::Metadata).from(&servers()));
    let client = house.client().await;
    note(Note::passed(Step::Registration).client(&client.id.0).from(&servers()));
    let request = house.ask(&client).await;
    note(Note::passed(Step::Authorize).client(&client.id.0).request(request).from(&browser()));
    let screen = authorize::describe(&house.deps, viewer, request).await.unwrap();
    house.clock.advance(Duration::from_secs(20));
    let answer = Answer::Approve { workspace: workspace.id, ticked: screen.offered };
    let url = authorize::decide(&house.deps, viewer, request, answer).await.unwrap();
    let answer = house.redeem(&client, &crate::house::parameter(&url, "code").unwrap()).await.unwrap();
    note(Note::passed(Step::Token).client(&client.id.0).grant(answer.grant).from(&servers()));
    (client, answer)
}

async fn steps(house: &House, viewer: &Viewer, workspace: &Workspace, grant: GrantId) -> Vec<Step> {
    let member = house.member(viewer, workspace).await;
    let timeline = connection_log::timeline(&house.deps, &member, grant).await.unwrap();
    timeline.lines.iter().map(|line| line.step).collect()
}

on_both_databases! {
    async fn a_connection_tells_its_whole_road(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (_, answer) = connect(&house, &ada, &workspace).await;
        assert!(house.is_let_in(&answer).await);
        assert_eq!(steps(&house, &ada, &workspace, answer.grant).await, Step::ALL);

        house.clock.advance(Duration::from_secs(3_600));
        assert!(house.is_let_in(&answer).await);
        let member = house.member(&ada, &workspace).await;
        let timeline = connection_log::timeline(&house.deps, &member, answer.grant).await.unwrap();
        assert_eq!(timeline.state, Some(State::Connected));
        assert!(timeline.lines.iter().all(|line| line.step == Step::Authorize || line.count == 1));
        assert_eq!((timeline.client_name.as_str(), timeline.user.name.as_str()), ("Claude", "Ada"));
    }

    async fn the_road_outlives_the_attempts_that_came_to_nothing(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (_, answer) = connect(&house, &ada, &workspace).await;
        assert!(house.is_let_in(&answer).await);
        house.deps.connections.note(Note::passed(Step::Challenge).from(&browser()));
        house.deps.connections.settle().await;
        house.clock.advance(Duration::from_secs(8 * 86_400));
        usecases::housekeeping::sweep(&house.deps).await.unwrap();
        assert_eq!(steps(&house, &ada, &workspace, answer.grant).await, Step::ALL);
        assert_eq!(connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap(), []);
    }

    async fn a_timeline_is_for_its_person_and_for_those_who_manage_apps(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (bob, eve) = (house.person("Bob").await, house.person("Eve").await);
        for (person, role) in [(&bob, Role::Developer), (&eve, Role::Developer)] {
            let email = person.user.email.as_str();
            usecases::workspace::set_member(&house.deps, &workspace, email, role).await.unwrap();
        }
        let (_, answer) = connect(&house, &bob, &workspace).await;
        for (person, may_see) in [(&ada, true), (&bob, true), (&eve, false)] {
            let member = house.member(person, &workspace).await;
            let told = connection_log::timeline(&house.deps, &member, answer.grant).await;
            assert_eq!(told.is_ok(), may_see, "{}", person.user.name);
        }
        let elsewhere = house.workspace(&bob, "Elsewhere").await;
        let member = house.member(&bob, &elsewhere).await;
        let told = connection_log::timeline(&house.deps, &member, answer.grant).await;
        assert!(matches!(told, Err(TimelineError::NotFound)));
    }

    async fn people_see_their_own_attempts_and_nobody_elses(store: Store) {
        let house = House::new(store);
        let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
        let client = house.client().await;
        let request = house.ask(&client).await;
        house.deps.connections.note(Note::passed(Step::Authorize).client(&client.id.0).request(request).from(&browser()));
        // No workspace yet.
        authorize::describe(&house.deps, &ada, request).await.unwrap();
        let own = connection_log::list_own(&house.deps, &ada).await.unwrap();
        assert_eq!(own.len(), 1);
        assert_eq!((own[0].client_name.as_deref(), own[0].person.as_deref()), (Some("Claude"), Some("Ada")));
        assert_eq!(own[0].state, State::Failed(Mismatch::NoWorkspace));
        assert_eq!(connection_log::list_own(&house.deps, &bob).await.unwrap(), []);
        let everybodys = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
        assert_eq!(everybodys, own);
    }

    async fn what_was_not_answered_says_so(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let client = house.client().await;
        let state = async || connection_log::list_own(&house.deps, &ada).await.unwrap()[0].state.clone();

        let denied = house.ask(&client).await;
        authorize::decide(&house.deps, &ada, denied, Answer::Deny).await.unwrap();
        assert_eq!(state().await, State::Failed(Mismatch::Denied));

        house.clock.advance(Duration::from_secs(1));
        let late = house.ask(&client).await;
        authorize::describe(&house.deps, &ada, late).await.unwrap();
        assert_eq!(state().await, State::UnderWay);
        house.clock.advance(Duration::from_secs(601));
        assert_eq!(state().await, State::Failed(Mismatch::NeverAnswered));
        let ticked = domain::oauth::scope::ScopeSet::all();
        let answer = Answer::Approve { workspace: workspace.id, ticked };
        authorize::decide(&house.deps, &ada, late, answer.clone()).await.unwrap_err();
        assert_eq!(state().await, State::Failed(Mismatch::RequestClosed));

        house.clock.advance(Duration::from_secs(1));
        let request = house.ask(&client).await;
        authorize::decide(&house.deps, &ada, request, answer.clone()).await.unwrap();
        // The second click of two: the first answer stands.
        authorize::decide(&house.deps, &ada, request, answer).await.unwrap();
        assert_eq!(state().await, State::UnderWay);
        house.clock.advance(Duration::from_secs(91));
        assert_eq!(state().await, State::Failed(Mismatch::NeverCameBack));
    }

    async fn a_trouble_is_told_to_its_person_until_the_app_gets_through_or_a_day_has_passed(store: Store) {
        let house = House::new(store);
        let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
        let workspace = house.workspace(&ada, "Engines").await;
        let troubles = async |viewer: &Viewer| {
            let told = connection_log::own_troubles(&house.deps, viewer).await.unwrap();
            told.into_iter().map(|trouble| trouble.state).collect::<Vec<_>>()
        };
        let stuck = async || {
            let client = house.client().await;
            let request = house.ask(&client).await;
            let asked = Note::passed(Step::Authorize).client(&client.id.0).request(request);
            house.deps.connections.note(asked.from(&browser()));
            authorize::decide(&house.deps, &ada, request, Answer::Approve {
                workspace: workspace.id,
                ticked: domain::oauth::scope::ScopeSet::all(),
            })
            .await
            .unwrap();
            house.clock.advance(Duration::from_secs(91));
        };
        stuck().await;
        let never_came_back = [State::Failed(Mismatch::NeverCameBack)];
        assert_eq!(troubles(&ada).await, never_came_back);
        assert_eq!(troubles(&bob).await, []);
        let operator = operator::at_command_line();
        assert_eq!(connection_log::list_troubled(&house.deps, &operator).await.unwrap().len(), 1);

        connect(&house, &ada, &workspace).await;
        assert_eq!(troubles(&ada).await, []);
        let (all, troubled) = (
            connection_log::list_all(&house.deps, &operator).await.unwrap(),
            connection_log::list_troubled(&house.deps, &operator).await.unwrap(),
        );
        assert_eq!((all.len(), troubled.len()), (2, 1));

        house.clock.advance(Duration::from_secs(700));
        stuck().await;
        assert_eq!(troubles(&ada).await.first(), Some(&never_came_back[0]));
        house.clock.advance(Duration::from_secs(86_400));
        assert_eq!(troubles(&ada).await, []);
    }

    async fn a_block_is_no_trouble_any_more_once_the_operator_has_let_the_app_in(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let client = house.client().await;
        let operator = operator::at_command_line();
        let about = RuleSubject::Client(client.id.clone());
        for (effect, mismatch) in [(Effect::Block, Mismatch::BlockedClient), (Effect::Ask, Mismatch::ApprovalNeeded)] {
            client_policy::add_rule(&house.deps, &operator, about.clone(), effect).await.unwrap();
            let refused = Note::failed(Step::Authorize, mismatch.clone()).client(&client.id.0);
            house.deps.connections.note(refused.user(ada.user.id).from(&browser()));
            let told = connection_log::own_troubles(&house.deps, &ada).await.unwrap();
            assert_eq!(told[0].state, State::Failed(mismatch));
            client_policy::release(&house.deps, &operator, &client.id).await.unwrap();
            assert_eq!(connection_log::own_troubles(&house.deps, &ada).await.unwrap(), []);
            house.clock.advance(Duration::from_secs(1));
        }
    }

    async fn a_token_that_opens_nothing_says_why(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (client, answer) = connect(&house, &ada, &workspace).await;
        let token = answer.access_token.expose().to_owned();
        let why = async |resource: &McpResource, token: &str| {
            house.clock.advance(Duration::from_secs(1));
            house.deps.connections.note(connection_log::refused_token(&house.deps, resource, token).await);
            match connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap()[0].state.clone() {
                State::Failed(mismatch) => mismatch,
                other => panic!("{other:?}"),
            }
        };
        let server = McpResource::Server;
        assert_eq!(why(&server, "nonsense").await, Mismatch::TokenUnknown);
        let elsewhere = McpResource::Workspace(workspace.slug.clone());
        let expected = "https://visage.example/mcp";
        let asked = "https://visage.example/mcp/engines";
        assert_eq!(why(&elsewhere, &token).await, Mismatch::wrong_resource(asked, expected));
        usecases::user::disable(&house.deps, ada.user.email.as_str()).await.unwrap();
        assert_eq!(why(&server, &token).await, Mismatch::AccountDisabled);
        let _ = client;
    }

    async fn an_app_that_wakes_with_an_expired_token_and_refreshes_is_well_again(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (client, answer) = connect(&house, &ada, &workspace).await;
        assert!(house.is_let_in(&answer).await);
        let member = house.member(&ada, &workspace).await;
        let operator = operator::at_command_line();
        let states = async || {
            let timeline = connection_log::timeline(&house.deps, &member, answer.grant).await.unwrap();
            let own = connection_log::list_own(&house.deps, &ada).await.unwrap();
            let troubled = connection_log::list_troubled(&house.deps, &operator).await.unwrap();
            let troubled = troubled.into_iter().map(|attempt| attempt.state).collect::<Vec<_>>();
            (timeline.state.unwrap(), own[0].state.clone(), troubled)
        };
        house.clock.advance(house.deps.settings.lifetimes.access_token);
        let token = answer.access_token.expose();
        let refused = connection_log::refused_token(&house.deps, &McpResource::Server, token).await;
        house.deps.connections.note(refused.from(&servers()));
        let expired = || State::Failed(Mismatch::TokenExpired);
        assert_eq!(states().await, (expired(), expired(), vec![expired()]));

        house.clock.advance(Duration::from_secs(1));
        let answer = refresh(&house, &client, &answer.refresh_token.unwrap()).await.unwrap();
        assert!(house.is_let_in(&answer).await);
        assert_eq!(states().await, (State::Connected, State::Connected, vec![]));
        assert_eq!(connection_log::own_troubles(&house.deps, &ada).await.unwrap(), []);
    }

    async fn what_others_do_with_the_same_app_changes_no_timeline(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (_, answer) = connect(&house, &ada, &workspace).await;
        assert!(house.is_let_in(&answer).await);
        house.deps.connections.settle().await;
        house.clock.advance(Duration::from_secs(20 * 86_400));
        // Somebody else's, who uses the same hosted app.
        house.deps.connections.note(Note::passed(Step::Challenge).from(&servers()));
        house.clock.advance(Duration::from_secs(5));
        let token = answer.access_token.expose();
        let refused = connection_log::refused_token(&house.deps, &McpResource::Server, token).await;
        house.deps.connections.note(refused.from(&servers()));
        let member = house.member(&ada, &workspace).await;
        let timeline = connection_log::timeline(&house.deps, &member, answer.grant).await.unwrap();
        let challenges: Vec<_> = timeline.lines.iter().filter(|line| line.step == Step::Challenge).collect();
        assert_eq!((challenges.len(), challenges[0].count, challenges[0].last_at), (1, 1, challenges[0].at));
        assert_eq!(timeline.lines.len(), Step::ALL.len() + 1);
    }

    async fn an_attempt_is_told_whole_however_busy_its_app_was_since(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let client = house.client().await;
        let ask = async |servers: &Caller| {
            house.deps.connections.note(Note::passed(Step::Challenge).from(servers));
            house.deps.connections.note(Note::passed(Step::Registration).client(&client.id.0).from(servers));
            house.clock.advance(Duration::from_secs(5));
            let request = house.ask(&client).await;
            let asked = Note::passed(Step::Authorize).client(&client.id.0).request(request);
            house.deps.connections.note(asked.user(ada.user.id).from(&browser()));
        };
        ask(&Caller { address: "160.79.106.10".parse().ok(), ..servers() }).await;
        house.clock.advance(Duration::from_secs(86_400));
        for _ in 0..600 {
            let request = AuthorizationRequestId::generate(house.deps.now(), &*house.deps.entropy);
            house.deps.connections.note(Note::passed(Step::Authorize).client(&client.id.0).request(request));
        }
        house.clock.advance(Duration::from_secs(86_400));
        ask(&servers()).await;
        let own = connection_log::list_own(&house.deps, &ada).await.unwrap();
        let road = [Step::Challenge, Step::Registration, Step::Authorize];
        let told: Vec<Vec<Step>> =
            own.iter().map(|attempt| attempt.lines.iter().map(|line| line.step).collect()).collect();
        assert_eq!(told, [road, road]);
    }

    async fn what_a_stranger_sends_from_the_same_servers_is_told_to_operators_alone(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let scam = || Note::failed(Step::Challenge, Mismatch::wrong_path("/call-1-800-scam"));
        house.deps.connections.note(scam().from(&servers()));
        let (client, answer) = connect(&house, &ada, &workspace).await;
        house.deps.connections.note(scam().client(&client.id.0).from(&servers()));
        let member = house.member(&ada, &workspace).await;
        let timeline = connection_log::timeline(&house.deps, &member, answer.grant).await.unwrap();
        assert!(timeline.lines.iter().all(|line| line.outcome.mismatch().is_none()));
        let own = connection_log::list_own(&house.deps, &ada).await.unwrap();
        assert!(own.iter().flat_map(|attempt| &attempt.lines).all(|line| line.outcome.mismatch().is_none()));
        let everybodys = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
        assert!(everybodys.iter().flat_map(|attempt| &attempt.lines).any(|line| line.outcome.mismatch().is_some()));
    }

    async fn two_people_who_fail_with_one_app_are_two_attempts(store: Store) {
        let house = House::new(store);
        let (ada, bob) = (house.person("Ada").await, house.person("Bob").await);
        for person in [&ada, &bob] {
            let fault = Note::failed(Step::Authorize, Mismatch::PkceMissing).client("shared");
            house.deps.connections.note(fault.user(person.user.id).from(&browser()));
            house.clock.advance(Duration::from_secs(60));
        }
        let everybodys = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
        let people: Vec<_> = everybodys.iter().map(|attempt| attempt.person.as_deref()).collect();
        assert_eq!(people, [Some("Bob"), Some("Ada")]);
    }

    async fn another_user_agent_each_time_is_no_larger_share(store: Store) {
        let house = House::new(store);
        for number in 0..200 {
            let caller = Caller { user_agent: format!("agent-{number}"), ..browser() };
            house.deps.connections.note(Note::passed(Step::Challenge).from(&caller));
        }
        house.deps.connections.note(Note::passed(Step::Challenge).from(&servers()));
        house.deps.connections.settle().await;
        assert_eq!(house.deps.connections.left_out(), 140);
    }

    async fn nobody_fills_the_diary_alone(store: Store) {
        let house = House::new(store);
        for number in 0..200 {
            let client = format!("client_{number}");
            house.deps.connections.note(Note::failed(Step::Authorize, Mismatch::UnknownClient).client(&client).from(&browser()));
        }
        house.deps.connections.note(Note::passed(Step::Challenge).from(&servers()));
        let attempts = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
        assert_eq!((attempts.len(), house.deps.connections.left_out()), (61, 140));
    }

    async fn strangers_who_name_nobody_hide_no_fault_of_an_app(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        let unproven = [(Mismatch::request("the parameter client_id was sent more than once"), ""), (Mismatch::UnknownClient, "client_x")];
        for number in 0..1_320_u32 {
            let network = u8::try_from(number / 60).unwrap();
            let caller = Caller { address: Some([203, 0, network, 7].into()), user_agent: String::new() };
            let (mismatch, claimed) = &unproven[usize::try_from(number % 2).unwrap()];
            house.deps.connections.note(Note::failed(Step::Token, mismatch.clone()).client(claimed).from(&caller));
        }
        let fault = Mismatch::callback_url(Some("https://app.example/other"), ["https://app.example/cb"]);
        house.deps.connections.note(Note::failed(Step::Authorize, fault.clone()).client(&client.id.0).from(&servers()));
        let attempts = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
        let told = attempts.iter().flat_map(|attempt| &attempt.lines);
        assert_eq!(told.filter(|line| line.outcome == Outcome::Failed(fault.clone())).count(), 1);
    }

    async fn whoever_calls_itself_the_doctor_hides_nothing(store: Store) {
        let house = House::new(store);
        for user_agent in ["visage-doctor/9 evil", "visage-doctor/0.1.0", "visage-doctor/"] {
            let caller = Caller { address: None, user_agent: user_agent.to_owned() };
            house.deps.connections.note(Note::passed(Step::Challenge).from(&caller));
        }
        let attempts = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
        assert_eq!(attempts.len(), 3);
    }

    async fn hostile_identifiers_are_kept_out(store: Store) {
        let house = House::new(store);
        for id in ["a\0b", &"x".repeat(100_000), ""] {
            house.deps.connections.note(Note::failed(Step::Authorize, Mismatch::UnknownClient).client(id).from(&browser()));
        }
        let attempts = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
        assert_eq!((attempts.len(), attempts[0].lines[0].count), (1, 3));
    }
}
