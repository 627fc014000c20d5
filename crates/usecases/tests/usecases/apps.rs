//! The apps page: connections by app and person, and ending several at once.

use crate::house::House;
use domain::{
    oauth::client::Client,
    role::Role,
    workspace::{Membership, Workspace},
};
use serde_json::json;
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    access::session::Viewer,
    connection_log::timeline,
    grant::{self, AppConnections, RevokeGrantError, Which, grouped},
    token::TokenAnswer,
    workspace::Member,
};

on_both_databases! {
    async fn connections_of_one_client_are_one_app_by_person_the_latest_first(store: Store) {
        let house = House::new(store);
        let (ada, eve, workspace) = two(&house).await;
        let first = connect(&house, &ada, &workspace).await;
        let hers = connect(&house, &eve, &workspace).await;
        let second = connect(&house, &ada, &workspace).await;
        let inspector = house.client_named("Inspector").await;
        let code = house.approve(&ada, &inspector, &workspace).await;
        house.redeem(&inspector, &code).await.unwrap();

        let apps = apps(&house, &house.member(&ada, &workspace).await).await;
        let people: Vec<Vec<_>> = apps.iter().map(|app| app.people.iter().map(|person| person.user.id).collect()).collect();
        let [ada, eve_id] = [ada.user.id, eve.user.id];
        assert_eq!(people.len(), 2);
        let claude = apps.iter().find(|app| app.people.len() == 2).unwrap();
        let of = |id| &claude.people.iter().find(|person| person.user.id == id).unwrap().connections;
        let ids = |id| of(id).iter().map(|connection| connection.grant.id).collect::<Vec<_>>();
        assert_eq!((ids(ada), ids(eve_id)), (vec![second.grant, first.grant], vec![hers.grant]));
        assert_eq!(claude.older().map(|older| older.grant.id).collect::<Vec<_>>(), [first.grant]);
        let own = self::apps(&house, &house.member(&eve, &workspace).await).await;
        assert_eq!(own.iter().flat_map(AppConnections::connections).count(), 1);
    }

    async fn a_client_that_registers_anew_with_each_port_is_one_app(store: Store) {
        let house = House::new(store);
        let (ada, _, workspace) = two(&house).await;
        for port in [3118, 3119, 3120] {
            at_port(&house, &ada, &workspace, "Claude Code", port).await;
        }
        at_port(&house, &ada, &workspace, "Codex", 3121).await;
        let apps = apps(&house, &house.member(&ada, &workspace).await).await;
        let mut counts: Vec<_> = apps.iter().map(|app| app.connections().count()).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 3]);
    }

    async fn a_client_with_addresses_of_two_sites_is_two_apps_each_with_its_own_evidence(store: Store) {
        let house = House::new(store);
        let (ada, _, workspace) = two(&house).await;
        let real = connect(&house, &ada, &workspace).await;
        let evil = "https://evil.example/cb";
        let document = json!({ "client_name": "Claude", "redirect_uris": [crate::house::CALLBACK, evil] });
        let client = usecases::client::register(&house.deps, &document).await.unwrap().client;
        for callback in [crate::house::CALLBACK, evil] {
            house.clock.advance(Duration::from_secs(1));
            at_address(&house, &ada, &workspace, &client, callback).await;
        }
        let member = house.member(&ada, &workspace).await;
        let listed = grant::list(&house.deps, &member).await.unwrap();
        for order in [listed.clone(), listed.into_iter().rev().collect()] {
            let groups: Vec<_> = grouped(order);
            assert_eq!(groups.len(), 2);
            for group in &groups {
                let evidence: Vec<_> = group.connections().map(|connection| connection.publisher.stranger()).collect();
                assert!(evidence == [None, None] || evidence == [Some("evil.example")], "{evidence:?}");
            }
        }
        // Nor does ending the one end the other.
        let ended = grant::revoke_several(&house.deps, &member, real.grant, Which::All).await.unwrap();
        assert_eq!(ended.count, 2);
        let left = grant::list(&house.deps, &member).await.unwrap();
        assert_eq!(left.iter().map(|left| left.grant.redirect_uri.as_str()).collect::<Vec<_>>(), [evil]);
    }

    async fn all_connections_of_an_app_end_at_once_each_on_record_and_no_other(store: Store) {
        let house = House::new(store);
        let (ada, eve, workspace) = two(&house).await;
        let (first, second) = (connect(&house, &ada, &workspace).await, connect(&house, &ada, &workspace).await);
        let hers = connect(&house, &eve, &workspace).await;
        let other = house.client_named("Inspector").await;
        let code = house.approve(&ada, &other, &workspace).await;
        let kept = house.redeem(&other, &code).await.unwrap();

        let as_eve = house.member(&eve, &workspace).await;
        let strange = grant::revoke_several(&house.deps, &as_eve, first.grant, Which::All).await;
        assert!(matches!(strange, Err(RevokeGrantError::NotFound)));
        let as_ada = house.member(&ada, &workspace).await;
        let ended = grant::revoke_several(&house.deps, &as_ada, first.grant, Which::All).await.unwrap();
        assert_eq!((ended.count, ended.client_name.as_str()), (3, "Claude"));
        for over in [&first, &second, &hers] {
            assert!(!house.is_let_in(over).await);
        }
        assert!(house.is_let_in(&kept).await);
        assert_eq!(revocations(&house, &workspace).await, 3);
        let again = grant::revoke_several(&house.deps, &as_ada, first.grant, Which::All).await;
        assert!(matches!(again, Err(RevokeGrantError::NotFound)));
    }

    async fn a_member_who_ends_all_connections_of_an_app_ends_their_own_alone(store: Store) {
        let house = House::new(store);
        let (ada, eve, workspace) = two(&house).await;
        let adas = connect(&house, &ada, &workspace).await;
        let (one, two) = (connect(&house, &eve, &workspace).await, connect(&house, &eve, &workspace).await);
        let as_eve = house.member(&eve, &workspace).await;
        let ended = grant::revoke_several(&house.deps, &as_eve, one.grant, Which::All).await.unwrap();
        assert_eq!(ended.count, 2);
        assert!(!house.is_let_in(&one).await && !house.is_let_in(&two).await);
        assert!(house.is_let_in(&adas).await);
    }

    async fn every_person_keeps_the_connection_that_they_made_last_when_the_older_ones_end(store: Store) {
        let house = House::new(store);
        let (ada, eve, workspace) = two(&house).await;
        let older = [connect(&house, &ada, &workspace).await, connect(&house, &ada, &workspace).await];
        let newest = connect(&house, &ada, &workspace).await;
        let hers = connect(&house, &eve, &workspace).await;
        let as_ada = house.member(&ada, &workspace).await;
        let ended = grant::revoke_several(&house.deps, &as_ada, newest.grant, Which::Older).await.unwrap();
        assert_eq!(ended.count, 2);
        for over in &older {
            assert!(!house.is_let_in(over).await);
        }
        assert!(house.is_let_in(&newest).await && house.is_let_in(&hers).await);
        let none = grant::revoke_several(&house.deps, &as_ada, newest.grant, Which::Older).await.unwrap();
        assert_eq!(none.count, 0);
    }

    async fn in_the_demo_every_connection_got_its_token_before_it_called(store: Store) {
        let house = House::new(store);
        usecases::demo::fill(&house.deps).await.unwrap();
        let ada = "ada@analytical.example".parse().unwrap();
        let (ada, _) = store::user::find_by_email(&house.deps.store, &ada).await.unwrap().unwrap();
        let (workspace, _) = usecases::workspace::list_for(&house.deps, ada.id).await.unwrap().remove(0);
        let member = usecases::workspace::open(&house.deps, ada.id, workspace.slug.as_str()).await.unwrap();
        let apps = grant::list(&house.deps, &member).await.unwrap();
        assert_eq!(apps.len(), 5);
        for app in apps {
            let timeline = timeline(&house.deps, &member, app.grant.id).await.unwrap();
            let (token, call) = (timeline.last_token_at.unwrap(), app.grant.last_used_at.unwrap());
            assert!(app.grant.created_at < token && token < call, "{}: {token:?} {call:?}", app.client_name);
        }
    }

    async fn a_grant_whose_only_code_failed_is_no_connection_once_the_code_is_over(store: Store) {
        let house = House::new(store);
        let (ada, _, workspace) = two(&house).await;
        let client = house.client().await;
        house.approve(&ada, &client, &workspace).await;
        let member = house.member(&ada, &workspace).await;
        assert_eq!(grant::list(&house.deps, &member).await.unwrap().len(), 1);
        house.clock.advance(Duration::from_secs(61));
        assert!(grant::list(&house.deps, &member).await.unwrap().is_empty());
        assert_eq!(usecases::workspace::overview(&house.deps, &member).await.unwrap().connections, 0);
        // What was connected stays listed, whatever became of its tokens.
        connect(&house, &ada, &workspace).await;
        house.clock.advance(Duration::from_secs(40 * 86_400));
        usecases::housekeeping::sweep(&house.deps).await.unwrap();
        assert_eq!(grant::list(&house.deps, &member).await.unwrap().len(), 1);
    }
}

/// Ada owns a workspace, Eve belongs to it.
async fn two(house: &House) -> (Viewer, Viewer, Workspace) {
    let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
    let workspace = house.workspace(&ada, "Analytical Engines").await;
    let membership =
        Membership { user: eve.user.id, workspace: workspace.id, role: Role::Viewer, created_at: eve.user.created_at };
    let transaction = house.deps.store.begin().await.unwrap();
    store::membership::insert(&transaction, &membership).await.unwrap();
    transaction.commit().await.unwrap();
    (ada, eve, workspace)
}

/// A second after the one before.
async fn connect(house: &House, viewer: &Viewer, workspace: &Workspace) -> TokenAnswer {
    house.clock.advance(Duration::from_secs(1));
    house.connect(viewer, workspace).await.1
}

async fn apps(house: &House, member: &Member) -> Vec<AppConnections> {
    grouped(grant::list(&house.deps, member).await.unwrap())
}

/// A program on the person's computer that comes to listen at another port each time.
async fn at_port(house: &House, viewer: &Viewer, workspace: &Workspace, name: &str, port: u16) {
    let callback = format!("http://localhost:{port}/callback");
    let document = json!({ "client_name": name, "redirect_uris": [callback] });
    let client: Client = usecases::client::register(&house.deps, &document).await.unwrap().client;
    at_address(house, viewer, workspace, &client, &callback).await;
}

/// Authorized, with the answer sent to one of the client's addresses.
async fn at_address(house: &House, viewer: &Viewer, workspace: &Workspace, client: &Client, callback: &str) {
    let mut pairs = crate::house::request_of(client);
    pairs.retain(|(parameter, _)| parameter != "redirect_uri");
    pairs.push(("redirect_uri".to_owned(), callback.to_owned()));
    let request = usecases::authorize::begin(&house.deps, None, pairs).await.unwrap();
    let answer = domain::oauth::grant::Answer::Approve {
        workspace: workspace.id,
        ticked: domain::oauth::scope::ScopeSet::all(),
    };
    usecases::authorize::decide(&house.deps, viewer, request, answer).await.unwrap();
}

async fn revocations(house: &House, workspace: &Workspace) -> usize {
    house.audit(workspace).await.iter().filter(|action| **action == "grant.revoked").count()
}
