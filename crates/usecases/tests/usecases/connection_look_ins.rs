//! The diary of connecting: who only looks in, and whose call tells that nothing was the matter.

use crate::{
    connection_log::{connect, servers},
    house::House,
};
use domain::{
    connection::{Mismatch, State, Step},
    id::GrantId,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    access::operator,
    connection_log::{self, Note, Sighting},
};

fn look_in(house: &House) {
    for step in [Step::Challenge, Step::Metadata, Step::Metadata] {
        house.deps.connections.note(Note::passed(step).from(&servers()));
    }
}

/// All but the connections: the latest first.
async fn unnamed(house: &House) -> Vec<Sighting> {
    let mut all = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
    all.retain(|attempt| attempt.grant.is_none());
    all
}

on_both_databases! {
    async fn look_ins_that_calls_follow_are_silent_checks_however_often_the_app_starts_and_calls(store: Store) {
        let house = House::new(store);
        for start in 0..4 {
            look_in(&house);
            for _ in 0..50 {
                house.clock.advance(Duration::from_millis(100));
                house.deps.connections.called(&servers());
            }
            let states: Vec<_> = unnamed(&house).await.into_iter().map(|attempt| attempt.state).collect();
            assert!(!states.is_empty() && states.iter().all(|state| *state == State::SilentCheck), "{start}: {states:?}");
            house.clock.advance(Duration::from_secs(200));
        }
        let calls = |attempt: &Sighting| {
            let lines = attempt.lines.iter().filter(|line| line.step == Step::FirstCall);
            lines.map(|line| line.count).sum::<u32>()
        };
        assert_eq!(unnamed(&house).await.iter().map(calls).sum::<u32>(), 4, "one for each start, none for each call");
        house.clock.advance(Duration::from_secs(10_000));
        look_in(&house);
        house.clock.advance(Duration::from_secs(601));
        house.deps.connections.called(&servers());
        assert_eq!(unnamed(&house).await[0].state, State::Failed(Mismatch::NeverWentOn), "the call came too late");
    }

    async fn an_app_that_connects_keeps_what_it_looked_at_though_another_one_calls_from_the_same_place(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        look_in(&house);
        house.deps.connections.called(&servers());
        let (_, answer) = connect(&house, &ada, &workspace).await;
        assert!(house.is_let_in(&answer).await);
        let member = house.member(&ada, &workspace).await;
        let timeline = connection_log::timeline(&house.deps, &member, answer.grant).await.unwrap();
        assert_eq!(timeline.lines.iter().map(|line| line.step).collect::<Vec<_>>(), Step::ALL);
        assert_eq!(unnamed(&house).await, []);
    }

    async fn a_call_at_a_wrong_path_is_told_to_the_person_of_a_live_token_and_to_nobody_else(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (_, answer) = connect(&house, &ada, &workspace).await;
        let token = answer.access_token.expose();
        let state = async |grant: GrantId| {
            let member = house.member(&ada, &workspace).await;
            connection_log::timeline(&house.deps, &member, grant).await.unwrap().state
        };
        house.clock.advance(Duration::from_secs(1));
        for token in [None, Some("nonsense")] {
            let nameless = connection_log::wrong_path(&house.deps, "/", token).await;
            house.deps.connections.note(nameless.from(&servers()));
            assert_eq!(connection_log::own_troubles(&house.deps, &ada).await.unwrap(), []);
            assert_eq!(state(answer.grant).await, Some(State::Connected));
        }
        let of_ada = connection_log::wrong_path(&house.deps, "/", Some(token)).await;
        house.deps.connections.note(of_ada.from(&servers()));
        let told = State::Failed(Mismatch::wrong_address("https://visage.example/", "https://visage.example/mcp"));
        assert_eq!(state(answer.grant).await, Some(told.clone()));
        assert_eq!(connection_log::own_troubles(&house.deps, &ada).await.unwrap()[0].state, told);

        // The app was given the right address, and calls there.
        house.clock.advance(Duration::from_secs(1));
        assert!(house.is_let_in(&answer).await);
        assert_eq!(state(answer.grant).await, Some(State::Connected));

        usecases::user::disable(&house.deps, ada.user.email.as_str()).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        let of_nobody = connection_log::wrong_path(&house.deps, "/sse", Some(token)).await;
        house.deps.connections.note(of_nobody.from(&servers()));
        let latest = unnamed(&house).await.remove(0);
        assert_eq!((latest.state, latest.person), (State::Failed(Mismatch::wrong_path("/sse")), None));
    }
}
