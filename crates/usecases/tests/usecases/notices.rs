//! What people are told on their pages: a copied token, a connection that somebody else ended, an app that did not get through.

use crate::house::House;
use domain::{
    audit::{Actor, AuditEvent},
    connection::{Mismatch, Step},
    id::AuditEventId,
    notice::NoticeId,
    oauth::{
        client::{Client, ClientId},
        client_policy::{Effect, RuleSubject},
    },
    role::Role,
    workspace::Workspace,
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use usecases::{
    access::{operator::at_command_line, session::Viewer},
    connection_log::Note,
    grant::{self, Which},
    notice::{self, Copied, EndedBy, News, Notice},
    token::{Refresh, TokenAnswer},
    user::{self, Connections},
    workspace,
};

on_both_databases! {
    async fn a_copied_token_is_told_to_its_person_until_they_put_it_away_or_a_month_is_over(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        workspace::set_member(&house.deps, &engines, "eve@analytical.example", Role::Viewer).await.unwrap();
        copied_token(&house, &ada, &engines).await;
        let told = urgent(&house, &ada, &engines).await;
        assert_eq!(news(&told), [News::Copied(Copied::RefreshToken)]);
        assert_eq!((told[0].client_name.as_str(), told[0].workspace.as_deref()), ("Claude", Some("Analytical Engines")));
        assert!(format!("{:?}", told[0].publisher).contains("claude.ai"));
        assert!(urgent(&house, &eve, &engines).await.is_empty());

        put_all_away(&house, &ada, &engines).await;
        assert!(urgent(&house, &ada, &engines).await.is_empty());
        house.clock.advance(Duration::from_secs(1));
        copied_code(&house, &ada, &engines).await;
        assert_eq!(news(&urgent(&house, &ada, &engines).await), [News::Copied(Copied::Code)]);
        house.clock.advance(Duration::from_secs(30 * 86_400));
        assert_eq!(urgent(&house, &ada, &engines).await.len(), 1);
        house.clock.advance(Duration::from_secs(1));
        assert!(urgent(&house, &ada, &engines).await.is_empty());
    }

    async fn a_copied_token_is_told_by_the_apps_name_after_the_app_is_gone(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        copied_code(&house, &ada, &engines).await;
        let client = house.client().await;
        let transaction = house.deps.store.begin().await.unwrap();
        store::client::delete(&transaction, &client.id).await.unwrap();
        transaction.commit().await.unwrap();
        let told = urgent(&house, &ada, &engines).await;
        let told: Vec<_> = told.iter().map(|notice| (notice.client_name.as_str(), notice.publisher.is_none())).collect();
        assert_eq!(told, [("Claude", true)]);
    }

    async fn putting_notices_away_is_on_record(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        copied_code(&house, &ada, &engines).await;
        put_all_away(&house, &ada, &engines).await;
        let by_ada = (Actor::User(ada.user.id), "alarms.put_away");
        assert!(house.audit_of_server().await.contains(&by_ada));
        // What is there no more is not put away a second time.
        put_all_away(&house, &ada, &engines).await;
        assert_eq!(house.audit_of_server().await.iter().filter(|entry| **entry == by_ada).count(), 1);
    }

    async fn a_connection_that_an_admin_revoked_is_told_to_its_person_until_it_is_made_again(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        workspace::set_member(&house.deps, &engines, "eve@analytical.example", Role::Developer).await.unwrap();
        let hers = house.connect(&eve, &engines).await.1;
        house.connect(&eve, &engines).await;
        let own = house.connect(&ada, &engines).await.1;
        let as_ada = house.member(&ada, &engines).await;
        grant::revoke(&house.deps, &as_ada, own.grant).await.unwrap();
        assert!(urgent(&house, &ada, &engines).await.is_empty(), "what one does oneself is no news");

        house.clock.advance(Duration::from_secs(60));
        grant::revoke_several(&house.deps, &as_ada, hers.grant, Which::All).await.unwrap();
        let told = urgent(&house, &eve, &engines).await;
        assert_eq!(news(&told), [News::Ended(EndedBy::Admin)]);
        assert_eq!((told[0].ids.len(), told[0].workspace.as_deref()), (2, Some("Analytical Engines")));
        assert!(urgent(&house, &ada, &engines).await.is_empty());
        house.clock.advance(Duration::from_secs(1));
        house.connect(&eve, &engines).await;
        assert!(urgent(&house, &eve, &engines).await.is_empty());
    }

    async fn what_ended_with_the_old_password_is_told_to_its_person_as_that(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        workspace::set_member(&house.deps, &engines, "eve@analytical.example", Role::Developer).await.unwrap();
        house.connect(&ada, &engines).await;
        let new = "a long sentence of hers";
        user::change_password(&house.deps, "ada@analytical.example", new, Connections::End).await.unwrap();
        let told = urgent(&house, &ada, &engines).await;
        assert_eq!(news(&told), [News::Ended(EndedBy::Password)]);
        assert_eq!(told[0].workspace.as_deref(), Some("Analytical Engines"));
        assert!(urgent(&house, &eve, &engines).await.is_empty());
    }

    async fn what_never_came_to_a_token_ends_on_record_and_is_no_news_to_its_person(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let own = house.workspace(&eve, "Compilers").await;
        let eves = "eve@analytical.example";
        let inspector = house.client_named("Inspector").await;
        let join = async || workspace::set_member(&house.deps, &engines, eves, Role::Developer).await.unwrap();
        let told = async || {
            let told = urgent(&house, &eve, &own).await.into_iter();
            told.map(|notice| (notice.client_name, notice.news)).collect::<Vec<_>>()
        };
        let of_claude = |by| vec![("Claude".to_owned(), News::Ended(by))];
        let ended = async |workspace| {
            house.audit(workspace).await.into_iter().filter(|action| *action == "grant.revoked").count()
        };
        join().await;
        house.approve(&eve, &inspector, &engines).await;
        house.connect(&eve, &engines).await;
        workspace::remove_member(&house.deps, &engines, eves).await.unwrap();
        assert_eq!((told().await, ended(&engines).await), (of_claude(EndedBy::Membership), 2));

        put_all_away(&house, &eve, &own).await;
        join().await;
        house.approve(&eve, &inspector, &engines).await;
        let as_ada = house.member(&ada, &engines).await;
        let begun = grant::list(&house.deps, &as_ada).await.unwrap().remove(0).grant.id;
        assert_eq!(grant::revoke(&house.deps, &as_ada, begun).await.unwrap().count, 1);
        assert_eq!((told().await, ended(&engines).await), (vec![], 3));

        house.approve(&eve, &inspector, &own).await;
        house.connect(&eve, &own).await;
        let new = "a long sentence of hers";
        let changed = user::change_password(&house.deps, eves, new, Connections::End).await.unwrap();
        assert_eq!((told().await, ended(&own).await), (of_claude(EndedBy::Password), 2));
        assert_eq!(changed.ended, 1, "the command line says the same");
    }

    async fn whoever_was_taken_out_of_a_workspace_is_told_in_another_one_of_theirs(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let (first, second) = (house.workspace(&eve, "Compilers").await, house.workspace(&eve, "Debuggers").await);
        workspace::set_member(&house.deps, &engines, "eve@analytical.example", Role::Developer).await.unwrap();
        house.connect(&eve, &engines).await;
        workspace::remove_member(&house.deps, &engines, "eve@analytical.example").await.unwrap();
        let told = urgent(&house, &eve, &first).await;
        assert_eq!(news(&told), [News::Ended(EndedBy::Membership)]);
        assert_eq!((told[0].workspace.as_deref(), told[0].grant), (Some("Analytical Engines"), None));
        assert!(urgent(&house, &eve, &second).await.is_empty(), "once is enough");
    }

    async fn what_happened_to_a_connection_is_told_in_its_workspace_alone(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let (engines, labs) = (house.workspace(&ada, "Analytical Engines").await, house.workspace(&ada, "Babbage Labs").await);
        copied_token(&house, &ada, &labs).await;
        assert!(urgent(&house, &ada, &engines).await.is_empty());
        assert_eq!(urgent(&house, &ada, &labs).await.len(), 1);
        // Putting away what is told elsewhere puts nothing away here.
        put_all_away(&house, &ada, &engines).await;
        assert_eq!(urgent(&house, &ada, &labs).await.len(), 1);
    }

    async fn a_failed_attempt_is_told_once_in_the_workspace_that_the_app_is_in_or_where_its_person_comes_in(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let (engines, labs) = (house.workspace(&ada, "Analytical Engines").await, house.workspace(&ada, "Babbage Labs").await);
        let (client, answer) = house.connect(&ada, &labs).await;
        house.deps.connections.note(Note::passed(Step::FirstCall).grant(answer.grant));
        // Connected once, and not any more.
        let other = house.client_named("Inspector").await;
        let code = house.approve(&ada, &other, &labs).await;
        let over = house.redeem(&other, &code).await.unwrap();
        house.deps.connections.note(Note::passed(Step::FirstCall).grant(over.grant));
        grant::revoke(&house.deps, &house.member(&ada, &labs).await, over.grant).await.unwrap();
        for (client, times) in [(&client, 1), (&other, 2)] {
            for _ in 0..times {
                house.clock.advance(Duration::from_secs(700));
                fail(&house, &ada, &client.id).await;
            }
        }
        let [here, there] = [all(&house, &ada, &engines).await, all(&house, &ada, &labs).await];
        let names = |told: &[Notice]| told.iter().map(|notice| notice.client_name.clone()).collect::<Vec<_>>();
        assert_eq!((names(&here), names(&there)), (vec!["Inspector".to_owned()], vec!["Claude".to_owned()]));
        assert_eq!(here[0].ids.len(), 2, "the same of the same app is one notice");

        put_all_away(&house, &ada, &engines).await;
        assert!(all(&house, &ada, &engines).await.is_empty());
        assert_eq!(all(&house, &ada, &labs).await.len(), 1);
        house.clock.advance(Duration::from_secs(700));
        fail(&house, &ada, &other.id).await;
        assert_eq!(all(&house, &ada, &engines).await.len(), 1, "a later attempt is news");
    }

    async fn an_app_that_a_person_never_let_in_puts_no_word_on_their_pages(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let stranger = house.client_named("Your password expires today: renew it at evil.example").await;
        fail(&house, &ada, &stranger.id).await;
        assert_eq!(all(&house, &ada, &engines).await, []);
        // What she let in once is hers to hear of, by the name that she let it in by.
        house.approve(&ada, &house.client_named("Inspector").await, &engines).await;
        let inspector = house.client_named("Inspector").await;
        let transaction = house.deps.store.begin().await.unwrap();
        let renamed = Client { name: "Your password expires today".to_owned(), ..inspector.clone() };
        store::client::update(&transaction, &renamed).await.unwrap();
        transaction.commit().await.unwrap();
        fail(&house, &ada, &inspector.id).await;
        let told = all(&house, &ada, &engines).await;
        assert_eq!(told.iter().map(|told| told.client_name.as_str()).collect::<Vec<_>>(), ["Inspector"]);
    }

    async fn what_was_put_away_takes_no_place_from_what_was_never_shown(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        copied_code(&house, &ada, &engines).await;
        let [shown] = &urgent(&house, &ada, &engines).await[..] else { panic!("one is told") };
        let event = store::audit::list_concerning(&house.deps.store, ada.user.id, house.deps.now(), 1).await.unwrap().remove(0);
        let transaction = house.deps.store.begin().await.unwrap();
        let later: Vec<AuditEvent> = (1..=100)
            .map(|second| {
                let at = house.deps.now().plus(Duration::from_secs(second));
                AuditEvent { id: AuditEventId::generate(at, house.deps.entropy.as_ref()), at, ..event.clone() }
            })
            .collect();
        for event in &later {
            store::audit::append(&transaction, event).await.unwrap();
        }
        let away: Vec<NoticeId> = later.iter().map(|event| NoticeId::of_event(event.id)).collect();
        store::notice::put_away(&transaction, ada.user.id, &away, house.deps.now()).await.unwrap();
        transaction.commit().await.unwrap();
        house.clock.advance(Duration::from_secs(100));
        assert_eq!(urgent(&house, &ada, &engines).await, std::slice::from_ref(shown));
    }

    async fn a_grant_that_never_came_to_a_token_makes_up_for_nothing_and_places_nothing(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let own = house.workspace(&eve, "Compilers").await;
        workspace::set_member(&house.deps, &engines, "eve@analytical.example", Role::Developer).await.unwrap();
        let (client, hers) = house.connect(&eve, &engines).await;
        house.connect(&eve, &own).await;
        grant::revoke(&house.deps, &house.member(&ada, &engines).await, hers.grant).await.unwrap();
        house.clock.advance(Duration::from_secs(1));
        house.approve(&eve, &client, &engines).await;
        assert_eq!(news(&urgent(&house, &eve, &engines).await), [News::Ended(EndedBy::Admin)]);
        fail(&house, &eve, &client.id).await;
        assert_eq!(all(&house, &eve, &own).await.len(), 1, "where it is connected");
    }

    async fn one_of_several_notices_is_put_away_for_its_person_alone(store: Store) {
        let house = House::new(store);
        let (ada, eve) = (house.person("Ada").await, house.person("Eve").await);
        let engines = house.workspace(&ada, "Analytical Engines").await;
        workspace::set_member(&house.deps, &engines, "eve@analytical.example", Role::Admin).await.unwrap();
        for person in [&ada, &eve] {
            copied_token(&house, person, &engines).await;
            house.clock.advance(Duration::from_secs(1));
            copied_code(&house, person, &engines).await;
        }
        let told = urgent(&house, &ada, &engines).await;
        assert_eq!(news(&told), [News::Copied(Copied::Code), News::Copied(Copied::RefreshToken)]);
        let member = house.member(&ada, &engines).await;
        notice::put_away(&house.deps, &ada, &member, &told[0].ids).await.unwrap();
        assert_eq!(news(&urgent(&house, &ada, &engines).await), [News::Copied(Copied::RefreshToken)]);
        assert_eq!(urgent(&house, &eve, &engines).await.len(), 2);
        // Nobody puts away what another person is told.
        let hers = urgent(&house, &eve, &engines).await[0].ids.clone();
        notice::put_away(&house.deps, &ada, &member, &hers).await.unwrap();
        assert_eq!(urgent(&house, &eve, &engines).await.len(), 2);
    }

    async fn a_block_is_told_while_it_lasts(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let engines = house.workspace(&ada, "Analytical Engines").await;
        let (client, _) = house.connect(&ada, &engines).await;
        let about = RuleSubject::Client(client.id.clone());
        usecases::client_policy::add_rule(&house.deps, &at_command_line(), about, Effect::Block).await.unwrap();
        let listed = grant::list(&house.deps, &house.member(&ada, &engines).await).await.unwrap();
        assert!(listed.iter().all(|app| app.standing == domain::oauth::client::Standing::Blocked));
    }
}

async fn urgent(house: &House, viewer: &Viewer, workspace: &Workspace) -> Vec<Notice> {
    notice::list_urgent(&house.deps, viewer, &house.member(viewer, workspace).await).await.unwrap()
}

async fn all(house: &House, viewer: &Viewer, workspace: &Workspace) -> Vec<Notice> {
    notice::list(&house.deps, viewer, &house.member(viewer, workspace).await).await.unwrap()
}

async fn put_all_away(house: &House, viewer: &Viewer, workspace: &Workspace) {
    let ids: Vec<NoticeId> = all(house, viewer, workspace).await.into_iter().flat_map(|notice| notice.ids).collect();
    notice::put_away(&house.deps, viewer, &house.member(viewer, workspace).await, &ids).await.unwrap();
}

fn news(told: &[Notice]) -> Vec<News> {
    told.iter().map(|notice| notice.news.clone()).collect()
}

fn refresh(answer: &TokenAnswer) -> Refresh {
    let refresh_token = answer.refresh_token.as_ref().unwrap().expose().to_owned();
    Refresh { refresh_token, scope: None, resource: None }
}

/// Somebody shows the first refresh token of three.
async fn copied_token(house: &House, viewer: &Viewer, workspace: &Workspace) {
    let (client, first) = house.connect(viewer, workspace).await;
    let second = usecases::token::refresh(&house.deps, &client, refresh(&first)).await.unwrap();
    usecases::token::refresh(&house.deps, &client, refresh(&second)).await.unwrap();
    assert!(usecases::token::refresh(&house.deps, &client, refresh(&first)).await.is_err());
}

/// Somebody shows a code that was redeemed.
async fn copied_code(house: &House, viewer: &Viewer, workspace: &Workspace) {
    let client = house.client().await;
    let code = house.approve(viewer, &client, workspace).await;
    house.redeem(&client, &code).await.unwrap();
    assert!(house.redeem(&client, &code).await.is_err());
}

/// An app of theirs asks for something that it can't have.
async fn fail(house: &House, viewer: &Viewer, client: &ClientId) {
    let note = Note::failed(Step::Authorize, Mismatch::PkceMissing);
    house.deps.connections.note(note.client(&client.0).user(viewer.user.id));
    house.deps.connections.settle().await;
}
