//! From the question to the grant, and to its end.

use crate::house::{CALLBACK, House, parameter, request_of};
use domain::{
    audit::Actor,
    oauth::{grant::Answer, scope::ScopeSet},
    role::Role,
    workspace::Membership,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    authorize::{self, BeginError, DecideError, DescribeError},
    grant,
    workspace::NewWorkspace,
};

on_both_databases! {
    async fn an_approved_request_answers_with_code_state_and_issuer(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let request = house.ask(&client).await;
        let screen = authorize::describe(&house.deps, &ada, request).await.unwrap();
        assert_eq!(screen.selected, Some(workspace.id));
        assert_eq!(screen.offered.to_string(), "openid profile email offline_access");

        let answer = Answer::Approve { workspace: workspace.id, ticked: ScopeSet::all() };
        let redirect = authorize::decide(&house.deps, &ada, request, answer.clone()).await.unwrap();
        assert!(redirect.starts_with(CALLBACK));
        assert_eq!(parameter(&redirect, "state").as_deref(), Some("s t&te"));
        assert_eq!(parameter(&redirect, "iss").as_deref(), Some("https://visage.example"));
        let again = authorize::decide(&house.deps, &ada, request, answer).await.unwrap();
        assert_eq!(again, redirect, "a second click gets the first one's answer");
        assert!(matches!(authorize::decide(&house.deps, &ada, request, Answer::Deny).await, Err(DecideError::Gone)));
        let approvals = house.audit(&workspace).await.into_iter().filter(|action| *action == "grant.approved");
        assert_eq!(approvals.count(), 1);
    }

    async fn a_declined_request_tells_the_client_and_grants_nothing(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let request = house.ask(&house.client().await).await;
        let redirect = authorize::decide(&house.deps, &ada, request, Answer::Deny).await.unwrap();
        assert_eq!(parameter(&redirect, "error").as_deref(), Some("access_denied"));
        assert_eq!(parameter(&redirect, "state").as_deref(), Some("s t&te"));
        assert_eq!(parameter(&redirect, "iss").as_deref(), Some("https://visage.example"));
        assert!(grant::list(&house.deps, &house.member(&ada, &workspace).await).await.unwrap().is_empty());
    }

    async fn a_request_that_nobody_answers_expires(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let request = house.ask(&house.client().await).await;
        house.clock.advance(Duration::from_secs(601));
        assert!(matches!(authorize::describe(&house.deps, &ada, request).await, Err(DescribeError::Gone)));
    }

    async fn nobody_grants_access_to_a_workspace_of_others(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let request = house.ask(&house.client().await).await;
        let answer = Answer::Approve { workspace: workspace.id, ticked: ScopeSet::all() };
        assert!(matches!(authorize::decide(&house.deps, &eve, request, answer).await, Err(DecideError::NotAMember)));
        assert!(authorize::describe(&house.deps, &eve, request).await.unwrap().workspaces.is_empty());
    }

    async fn a_resource_of_one_workspace_locks_the_choice(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let labs = house.workspace(&ada, "Babbage Labs").await;
        let client = house.client().await;
        let mut pairs = request_of(&client);
        pairs.retain(|(name, _)| name != "resource");
        pairs.push(("resource".into(), "https://visage.example/mcp/babbage-labs".into()));
        let request = authorize::begin(&house.deps, None, pairs).await.unwrap();
        let screen = authorize::describe(&house.deps, &ada, request).await.unwrap();
        assert!(screen.is_locked);
        assert_eq!(screen.workspaces.iter().map(|(workspace, _)| workspace.id).collect::<Vec<_>>(), [labs.id]);
        let elsewhere = Answer::Approve { workspace: engines.id, ticked: ScopeSet::all() };
        assert!(matches!(authorize::decide(&house.deps, &ada, request, elsewhere).await, Err(DecideError::NotAMember)));
    }

    async fn a_switched_workspace_is_still_chosen_when_the_screen_comes_back(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        house.workspace(&ada, "Analytical Engines").await;
        let labs = house.workspace(&ada, "Babbage Labs").await;
        let request = house.ask(&house.client().await).await;
        authorize::pick_workspace(&house.deps, &ada, request, labs.id).await.unwrap();
        assert_eq!(authorize::describe(&house.deps, &ada, request).await.unwrap().selected, Some(labs.id));
    }

    async fn faults_before_the_address_is_known_never_leave_by_redirect(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        for (name, value, fault) in [
            ("client_id", "nobody", "this app is not known here"),
            ("client_id", "no\0body", "the parameter client_id holds a character"),
            ("state", "a\0b", "the parameter state holds a character"),
            ("redirect_uri", "https://evil.example/cb", "callback URL mismatch"),
            ("redirect_uri", "", "callback URL mismatch"),
        ] {
            let mut pairs = request_of(&client);
            pairs.retain(|(sent, _)| sent != name);
            pairs.push((name.into(), value.into()));
            let refused = authorize::begin(&house.deps, None, pairs).await;
            assert!(matches!(refused, Err(BeginError::Page(found)) if found.to_string().starts_with(fault)));
        }
        for (name, value, error) in [
            ("code_challenge_method", "plain", "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
            ("resource", "https://other.example/mcp", "invalid_target"),
        ] {
            let mut pairs = request_of(&client);
            pairs.retain(|(sent, _)| sent != name);
            pairs.push((name.into(), value.into()));
            let Err(BeginError::Redirect(url, _)) = authorize::begin(&house.deps, None, pairs).await else {
                panic!("{name}={value} was let through");
            };
            assert!(url.starts_with(CALLBACK));
            assert_eq!(parameter(&url, "error").as_deref(), Some(error));
            assert_eq!(parameter(&url, "iss").as_deref(), Some("https://visage.example"));
        }
    }

    async fn a_revoked_connection_is_refused_on_the_next_request(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (client, answer) = house.connect(&ada, &workspace).await;
        let (_, other) = house.connect(&ada, &workspace).await;
        assert!(house.is_let_in(&answer).await);

        let member = house.member(&ada, &workspace).await;
        let apps = grant::list(&house.deps, &member).await.unwrap();
        let app = apps.iter().find(|app| app.grant.id == answer.grant).unwrap();
        grant::revoke(&house.deps, &member, app.grant.id).await.unwrap();
        assert!(!house.is_let_in(&answer).await);
        assert!(house.is_let_in(&other).await);
        let refresh = usecases::token::Refresh {
            refresh_token: answer.refresh_token.unwrap().expose().to_owned(),
            scope: None,
            resource: None,
        };
        assert!(usecases::token::refresh(&house.deps, &client, refresh).await.is_err());
        assert!(house.audit(&workspace).await.contains(&"grant.revoked"));
    }

    async fn a_member_sees_and_ends_only_their_own_connections_an_admin_everybodys(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let membership = Membership { user: eve.user.id, workspace: workspace.id, role: Role::Viewer, created_at: eve.user.created_at };
        let transaction = house.deps.store.begin().await.unwrap();
        store::membership::insert(&transaction, &membership).await.unwrap();
        transaction.commit().await.unwrap();
        house.connect(&ada, &workspace).await;
        let (_, answer) = house.connect(&eve, &workspace).await;
        let (as_ada, as_eve) = (house.member(&ada, &workspace).await, house.member(&eve, &workspace).await);
        let all = grant::list(&house.deps, &as_ada).await.unwrap();
        assert_eq!(all.len(), 2);
        let own = grant::list(&house.deps, &as_eve).await.unwrap();
        assert_eq!(own.iter().map(|app| app.user.id).collect::<Vec<_>>(), [eve.user.id]);
        let adas = all.iter().find(|app| app.user.id == ada.user.id).unwrap();
        assert!(grant::revoke(&house.deps, &as_eve, adas.grant.id).await.is_err());
        grant::revoke(&house.deps, &as_ada, own[0].grant.id).await.unwrap();
        assert!(!house.is_let_in(&answer).await);
    }

    async fn a_disabled_person_holds_no_access(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (_, answer) = house.connect(&ada, &workspace).await;
        usecases::user::disable(&house.deps, "ada@analytical.example").await.unwrap();
        assert!(!house.is_let_in(&answer).await);
    }

    async fn a_taken_slug_gets_a_number_and_an_asked_for_one_is_refused(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let slugs = [house.workspace(&ada, "Babbage Labs").await.slug, house.workspace(&ada, "Babbage Labs").await.slug];
        assert_eq!(slugs.map(String::from), ["babbage-labs", "babbage-labs-2"]);
        let new = NewWorkspace { name: "Other".into(), slug: Some("babbage-labs".into()) };
        assert!(usecases::workspace::create(&house.deps, ada.user.id, new, Actor::Operator).await.is_err());
    }
}
