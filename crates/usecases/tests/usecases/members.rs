//! Who belongs to a workspace, and accounts that the operator mends.

use crate::house::{House, PASSWORD};
use domain::{
    api_key::KeyKind,
    connection::Mismatch,
    oauth::{client::Client, grant::Answer, scope::ScopeSet},
    role::Role,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    api_key,
    authorize::{self, DecideError},
    sign_in::{SignInError, sign_in},
    token::{self, TokenAnswer, TokenError},
    user::{self, ChangePasswordError, Connections, SwitchUserError},
    workspace::{self, Added, MemberError, members, remove_member, set_member},
};

const ADA: &str = "ada@analytical.example";
const EVE: &str = "eve@analytical.example";
const NEW_PASSWORD: &str = "a long sentence of hers";

on_both_databases! {
    async fn a_member_is_added_changed_and_left_alone(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Engines").await;
        let set = async |role| set_member(&house.deps, &engines, EVE, role).await.unwrap().1;
        assert_eq!(set(Role::Viewer).await, Added::New);
        assert_eq!(house.member(&eve, &engines).await.role, Role::Viewer);
        assert_eq!(set(Role::Admin).await, Added::Changed { from: Role::Viewer });
        assert_eq!(house.member(&eve, &engines).await.role, Role::Admin);
        assert_eq!(set(Role::Admin).await, Added::Already);
        let listed = members(&house.deps, &engines).await.unwrap();
        let listed: Vec<_> = listed.iter().map(|(user, role)| (user.name.as_str(), *role)).collect();
        assert_eq!(listed, [("Ada", Role::Owner), ("Eve", Role::Admin)]);
        let audit = house.audit(&engines).await;
        let count = |action: &str| audit.iter().filter(|found| **found == action).count();
        assert_eq!((count("member.added"), count("member.role_changed")), (1, 1));
    }

    async fn a_removed_members_token_is_refused_on_the_next_request(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Engines").await;
        set_member(&house.deps, &engines, EVE, Role::Developer).await.unwrap();
        let (client, answer) = house.connect(&eve, &engines).await;
        let (_, adas) = house.connect(&ada, &engines).await;
        assert!(house.is_let_in(&answer).await);

        remove_member(&house.deps, &engines, EVE).await.unwrap();
        assert!(!house.is_let_in(&answer).await);
        assert!(house.is_let_in(&adas).await);
        let slug = engines.slug.as_str();
        assert!(workspace::open(&house.deps, eve.user.id, slug).await.is_err());
        let audit = house.audit(&engines).await;
        assert!(audit.contains(&"member.removed") && audit.contains(&"grant.revoked"));

        // Coming back asks for a new connection: the old one stays ended.
        set_member(&house.deps, &engines, EVE, Role::Viewer).await.unwrap();
        assert!(!house.is_let_in(&answer).await);
        assert!(refresh(&house, &client, &answer).await.is_err());
    }

    async fn the_last_owner_stays_an_owner(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        house.person("Eve").await;
        let engines = house.workspace(&ada, "Engines").await;
        assert!(matches!(remove_member(&house.deps, &engines, ADA).await, Err(MemberError::LastOwner(_))));
        let demoted = set_member(&house.deps, &engines, ADA, Role::Admin).await;
        assert!(matches!(demoted, Err(MemberError::LastOwner(_))));

        // Somebody who can't sign in is no owner to rely on.
        set_member(&house.deps, &engines, EVE, Role::Owner).await.unwrap();
        user::disable(&house.deps, EVE).await.unwrap();
        assert!(matches!(remove_member(&house.deps, &engines, ADA).await, Err(MemberError::LastOwner(_))));
        user::enable(&house.deps, EVE).await.unwrap();
        remove_member(&house.deps, &engines, ADA).await.unwrap();
        assert_eq!(members(&house.deps, &engines).await.unwrap().len(), 1);
    }

    async fn two_owners_who_are_removed_at_once_leave_one(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        house.person("Eve").await;
        let engines = house.workspace(&ada, "Engines").await;
        set_member(&house.deps, &engines, EVE, Role::Owner).await.unwrap();
        let (one, two) =
            tokio::join!(remove_member(&house.deps, &engines, ADA), remove_member(&house.deps, &engines, EVE));
        assert!(one.is_ok() != two.is_ok());
        assert_eq!(members(&house.deps, &engines).await.unwrap().len(), 1);
    }

    async fn strangers_and_people_without_an_account_are_told_apart(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        house.person("Eve").await;
        let engines = house.workspace(&ada, "Engines").await;
        let stranger = remove_member(&house.deps, &engines, EVE).await;
        assert!(matches!(stranger, Err(MemberError::NotAMember { .. })));
        let nobody = set_member(&house.deps, &engines, "nobody@analytical.example", Role::Viewer).await;
        assert!(matches!(nobody, Err(MemberError::NoAccount(_))));
    }

    async fn a_new_password_ends_what_the_old_one_opened(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Engines").await;
        set_member(&house.deps, &engines, EVE, Role::Developer).await.unwrap();
        let (client, tokens) = house.connect(&ada, &engines).await;
        let code = house.approve(&ada, &client, &engines).await;
        let eves = house.connect(&eve, &engines).await.1;
        let old = sign_in(&house.deps, house.sign_in_form(PASSWORD)).await.unwrap().session;
        let at_consent = house.ask(&client).await;

        let changed = user::change_password(&house.deps, ADA, NEW_PASSWORD, Connections::End).await.unwrap();
        assert_eq!((changed.user.id, changed.ended), (ada.user.id, 1), "a code that was not redeemed is no connection");
        assert!(house.viewer(old.expose()).await.is_none());
        assert!(matches!(sign_in(&house.deps, house.sign_in_form(PASSWORD)).await, Err(SignInError::Refused)));
        assert!(!house.is_let_in(&tokens).await);
        assert_is_over(refresh(&house, &client, &tokens).await);
        assert_is_over(house.redeem(&client, &code).await);
        // Whoever had the consent page open, and whose answer was on its way.
        let answer = Answer::Approve { workspace: engines.id, ticked: ScopeSet::all() };
        let decided = authorize::decide(&house.deps, &ada, at_consent, answer).await;
        assert!(matches!(decided, Err(DecideError::SignInAgain)), "{decided:?}");
        assert!(house.is_let_in(&eves).await);
        let audit = house.audit(&engines).await;
        assert_eq!(audit.iter().filter(|action| **action == "grant.revoked").count(), 2);

        let new = sign_in(&house.deps, house.sign_in_form(NEW_PASSWORD)).await.unwrap().session;
        let ada = house.viewer(new.expose()).await.unwrap();
        let again = house.connect(&ada, &engines).await.1;
        assert!(house.is_let_in(&again).await && !house.is_let_in(&tokens).await);
        let weak = user::change_password(&house.deps, ADA, "short", Connections::End).await;
        assert!(matches!(weak, Err(ChangePasswordError::Password(_))));
        let nobody = user::change_password(&house.deps, "zoe@analytical.example", NEW_PASSWORD, Connections::End).await;
        assert!(matches!(nobody, Err(ChangePasswordError::NotFound)));
        assert!(house.is_let_in(&again).await, "what was refused ends nothing");
    }

    async fn whoever_merely_forgot_their_password_keeps_their_connections(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Engines").await;
        let (client, tokens) = house.connect(&ada, &engines).await;
        let old = sign_in(&house.deps, house.sign_in_form(PASSWORD)).await.unwrap().session;
        let changed = user::change_password(&house.deps, ADA, NEW_PASSWORD, Connections::Keep).await.unwrap();
        assert_eq!(changed.ended, 0);
        assert!(house.viewer(old.expose()).await.is_none());
        assert!(house.is_let_in(&tokens).await);
        assert!(refresh(&house, &client, &tokens).await.is_ok());
        assert!(!house.audit(&engines).await.contains(&"grant.revoked"));
    }

    async fn what_a_new_password_ended_stays_ended_when_the_account_is_opened_again(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Engines").await;
        let (client, tokens) = house.connect(&ada, &engines).await;
        user::disable(&house.deps, ADA).await.unwrap();
        let changed = user::change_password(&house.deps, ADA, NEW_PASSWORD, Connections::End).await.unwrap();
        assert_eq!(changed.ended, 1);
        user::enable(&house.deps, ADA).await.unwrap();
        assert!(!house.is_let_in(&tokens).await);
        assert_is_over(refresh(&house, &client, &tokens).await);
    }

    async fn a_sign_in_that_a_new_password_overtakes_opens_nothing(store: Store) {
        let house = House::new(store);
        house.person("Ada").await;
        for round in 0..6 {
            let (old, new) = match round % 2 {
                0 => (PASSWORD, NEW_PASSWORD),
                _ => (NEW_PASSWORD, PASSWORD),
            };
            let (signed_in, changed) = tokio::join!(
                sign_in(&house.deps, house.sign_in_form(old)),
                user::change_password(&house.deps, ADA, new, Connections::End),
            );
            changed.unwrap();
            if let Ok(signed_in) = signed_in {
                assert!(house.viewer(signed_in.session.expose()).await.is_none(), "round {round}");
            }
            house.clock.advance(Duration::from_secs(3_600));
        }
    }

    async fn an_enabled_account_signs_in_again(store: Store) {
        let house = House::new(store);
        house.person("Ada").await;
        user::disable(&house.deps, ADA).await.unwrap();
        assert!(matches!(sign_in(&house.deps, house.sign_in_form(PASSWORD)).await, Err(SignInError::Refused)));
        user::enable(&house.deps, ADA).await.unwrap();
        assert!(sign_in(&house.deps, house.sign_in_form(PASSWORD)).await.is_ok());
        assert!(matches!(user::enable(&house.deps, EVE).await, Err(SwitchUserError::NotFound)));
    }

    async fn the_operator_sees_all_workspaces_and_their_keys(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Engines").await;
        house.workspace(&eve, "Babbage Labs").await;
        house.connect(&ada, &engines).await;
        let key = house.key(&engines, KeyKind::Secret, &[]).await;
        let lines = workspace::list(&house.deps).await.unwrap();
        let lines: Vec<_> =
            lines.iter().map(|line| (line.workspace.slug.as_str(), line.people, line.connections)).collect();
        assert_eq!(lines, [("babbage-labs", 0, 0), ("engines", 0, 1)]);
        let keys = api_key::list_as_operator(&house.deps, &engines).await.unwrap();
        assert!(keys.iter().any(|found| key.starts_with(&found.hint)));
    }
}

async fn refresh(house: &House, client: &Client, tokens: &TokenAnswer) -> Result<TokenAnswer, TokenError> {
    let refresh_token = tokens.refresh_token.as_ref().unwrap().expose().to_owned();
    token::refresh(&house.deps, client, token::Refresh { refresh_token, scope: None, resource: None }).await
}

#[track_caller]
fn assert_is_over(answered: Result<TokenAnswer, TokenError>) {
    assert!(matches!(answered, Err(TokenError::InvalidGrant(fault)) if fault.mismatch == Mismatch::Revoked));
}
