//! Moving a connection to another workspace.

use crate::house::House;
use domain::{
    id::GrantId,
    oauth::{grant::Answer, resource::McpResource, scope::ScopeSet},
    role::Role,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use tokio::time::timeout;
use usecases::{
    access::{bearer, session::Viewer},
    authorize,
    grant::{self, MoveGrantError},
    token::{Refresh, TokenAnswer},
    workspace,
};

on_both_databases! {
    async fn a_moved_connection_acts_in_the_new_workspace_on_its_next_call(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let labs = house.workspace(&ada, "Babbage Labs").await;
        let (client, answer) = house.connect(&ada, &engines).await;
        let principal = principal(&house, &answer).await;
        assert_eq!(principal.workspace, engines.id);

        let destinations = grant::destinations(&house.deps, &ada).await.unwrap();
        assert_eq!(destinations.iter().map(|place| place.id).collect::<Vec<_>>(), [engines.id, labs.id]);
        let moved = grant::move_workspace(&house.deps, &ada, principal.grant, labs.id).await.unwrap();
        assert_eq!(moved.id, labs.id);
        let after = self::principal(&house, &answer).await;
        assert_eq!((after.workspace, after.grant, after.token), (labs.id, principal.grant, principal.token));
        // The refreshed token acts there too.
        let refreshed = usecases::token::refresh(&house.deps, &client, refresh(&answer)).await.unwrap();
        assert_eq!(self::principal(&house, &refreshed).await.workspace, labs.id);
        for place in [&engines, &labs] {
            assert_eq!(moves(&house.audit(place).await), 1);
        }
        let (in_engines, in_labs) = (house.member(&ada, &engines).await, house.member(&ada, &labs).await);
        assert!(grant::list(&house.deps, &in_engines).await.unwrap().is_empty());
        assert_eq!(grant::list(&house.deps, &in_labs).await.unwrap().len(), 1);

        grant::move_workspace(&house.deps, &ada, principal.grant, labs.id).await.unwrap();
        assert_eq!(moves(&house.audit(&labs).await), 1);
    }

    async fn only_who_made_a_connection_moves_it_and_only_to_where_they_may_connect(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let labs = house.workspace(&ada, "Babbage Labs").await;
        let (_, answer) = house.connect(&ada, &engines).await;
        let id = principal(&house, &answer).await.grant;
        // An admin of both workspaces ends other people's connections, and moves none.
        for place in [&engines, &labs] {
            workspace::set_member(&house.deps, place, "eve@analytical.example", Role::Admin).await.unwrap();
        }
        let not_hers = grant::move_workspace(&house.deps, &eve, id, labs.id).await;
        assert!(matches!(not_hers, Err(MoveGrantError::NotFound)));

        let elsewhere = house.workspace(&eve, "Eve’s").await;
        let strange = grant::move_workspace(&house.deps, &ada, id, elsewhere.id).await;
        assert!(matches!(strange, Err(MoveGrantError::NotAllowed)));
        let nowhere = "018f3b1e-0000-7000-8000-000000000000".parse().unwrap();
        let nowhere = grant::move_workspace(&house.deps, &ada, id, nowhere).await;
        assert!(matches!(nowhere, Err(MoveGrantError::NotAllowed)));

        grant::revoke(&house.deps, &house.member(&ada, &engines).await, id).await.unwrap();
        let ended = grant::move_workspace(&house.deps, &ada, id, labs.id).await;
        assert!(matches!(ended, Err(MoveGrantError::NotFound)));
    }

    async fn a_token_given_back_during_a_move_is_on_record_where_the_connection_is_now(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let labs = house.workspace(&ada, "Babbage Labs").await;
        let (client, answer) = house.connect(&ada, &engines).await;
        let id = principal(&house, &answer).await.grant;
        let moving = house.deps.store.begin().await.unwrap();
        store::grant::lock(&moving, id).await.unwrap();
        store::grant::set_workspace(&moving, id, labs.id).await.unwrap();
        let (deps, text) = (house.deps.clone(), answer.refresh_token.unwrap());
        let mut giving_back =
            tokio::spawn(async move { usecases::token::revoke(&deps, &client, text.expose()).await });
        assert!(timeout(Duration::from_millis(200), &mut giving_back).await.is_err(), "it did not wait for the move");
        moving.commit().await.unwrap();
        assert!(giving_back.await.unwrap().unwrap());
        let ends = |actions: Vec<&str>| actions.iter().filter(|action| **action == "grant.revoked").count();
        assert_eq!((ends(house.audit(&engines).await), ends(house.audit(&labs).await)), (0, 1));
    }

    async fn what_was_connected_at_a_workspaces_own_address_stays_there(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let labs = house.workspace(&ada, "Babbage Labs").await;
        let id = connect_at(&house, &ada, "https://visage.example/mcp/analytical-engines", engines.id).await;
        let locked = grant::move_workspace(&house.deps, &ada, id, labs.id).await;
        assert!(matches!(locked, Err(MoveGrantError::Locked)));
    }
}

async fn principal(house: &House, answer: &TokenAnswer) -> domain::principal::Principal {
    bearer::principal(&house.deps, &McpResource::Server, answer.access_token.expose()).await.unwrap()
}

fn refresh(answer: &TokenAnswer) -> Refresh {
    let refresh_token = answer.refresh_token.as_ref().unwrap().expose().to_owned();
    Refresh { refresh_token, scope: None, resource: None }
}

fn moves(audit: &[&str]) -> usize {
    audit.iter().filter(|action| **action == "grant.moved").count()
}

async fn connect_at(house: &House, viewer: &Viewer, resource: &str, workspace: domain::id::WorkspaceId) -> GrantId {
    let client = house.client().await;
    let mut pairs = crate::house::request_of(&client);
    pairs.retain(|(name, _)| name != "resource");
    pairs.push(("resource".into(), resource.into()));
    let request = authorize::begin(&house.deps, None, pairs).await.unwrap();
    let answer = Answer::Approve { workspace, ticked: ScopeSet::all() };
    authorize::decide(&house.deps, viewer, request, answer).await.unwrap();
    let workspaces = workspace::list_for(&house.deps, viewer.user.id).await.unwrap();
    let (place, _) = workspaces.into_iter().find(|(place, _)| place.id == workspace).unwrap();
    grant::list(&house.deps, &house.member(viewer, &place).await).await.unwrap()[0].grant.id
}
