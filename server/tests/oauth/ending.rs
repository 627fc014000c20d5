//! Ending connections on the pages of a workspace: which one is meant, where it can be ended, and what is said of one that is
//! over.

use super::{
    signed_in::{read, send_and_read, viewer},
    support::{House, Person},
};
use domain::{audit::Actor, role::Role};
use http::StatusCode;
use std::time::Duration;
use usecases::workspace::{self, NewWorkspace};

const APPS: &str = "/w/analytical-engines/apps";

/// The connections that a page lists, from the top.
fn listed(html: &str) -> Vec<String> {
    let ids = html.split("name=\"id\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let mut ids: Vec<String> = ids.collect();
    ids.dedup();
    ids
}

async fn second_workspace(house: &House, person: &Person) {
    let user = viewer(house, person).await.unwrap().user.id;
    let new = NewWorkspace { name: "Difference Engines".to_owned(), slug: None };
    workspace::create(&house.deps, user, new, Actor::User(user)).await.unwrap();
}

/// What stands in the rows of an app's connections, from the top.
fn rows(html: &str) -> Vec<&str> {
    html.split("class=\"connection-link\"").skip(1).map(|rest| rest.split("</th>").next().unwrap()).collect()
}

#[tokio::test]
async fn connections_of_one_minute_are_told_apart_and_the_newest_is_marked() {
    let house = House::start().await;
    let ada = house.person().await;
    for pause in [180, 7, 0] {
        house.tokens(&ada).await;
        house.clock.advance(Duration::from_secs(pause));
    }
    let page = read(&house, &ada, APPS).await.text().replace("<!>", "");
    let rows = rows(&page);
    let [newest, second, oldest] = rows.as_slice() else { panic!("{rows:#?}") };
    assert!(newest.contains("Newest") && !second.contains("Newest") && !oldest.contains("Newest"), "{rows:#?}");
    let time = |row: &str| row.split_once('>').unwrap().1.split("</a>").next().unwrap().to_owned();
    let is_exact = |row: &str| time(row).matches(':').count() == 2;
    assert_ne!(time(newest), time(second), "{rows:#?}");
    assert!(is_exact(newest) == is_exact(second) && !is_exact(oldest), "{rows:#?}");
    // The one that stays is called as its row is.
    let panel = page.split("Revoke older ones").nth(1).unwrap();
    assert!(panel.contains(&format!("The newest stays, of {}", time(newest))), "{panel}");
}

#[tokio::test]
async fn a_connections_own_page_ends_and_moves_it_as_the_list_does() {
    let house = House::start().await;
    let ada = house.person().await;
    let tokens = house.tokens(&ada).await;
    let [id] = listed(&read(&house, &ada, APPS).await.text()).try_into().unwrap();
    let own = format!("{APPS}/{id}");
    let page = read(&house, &ada, &own).await.text();
    assert!(page.contains("/api/revoke_app") && !page.contains("/api/move_app"), "there is nowhere to go: {page}");
    assert_eq!(listed(&page), std::slice::from_ref(&id));
    second_workspace(&house, &ada).await;
    let page = read(&house, &ada, &own).await.text();
    assert!(page.contains("/api/move_app") && page.contains("Difference Engines"), "{page}");
    let form = [("workspace", "analytical-engines"), ("id", id.as_str())];
    let page = send_and_read(&house, &ada, "/api/revoke_app", &form).await.text();
    assert!(page.contains("Revoked Test client. Its next request is refused."), "{page}");
    assert_eq!(house.refresh(&tokens).await.oauth_error(), "400 invalid_grant");
    // What is over can't be ended.
    let page = read(&house, &ada, &own).await.text();
    assert!(!page.contains("/api/revoke_app") && !page.contains("/api/move_app"), "{page}");
}

#[tokio::test]
async fn an_admin_ends_somebody_elses_connection_on_its_page_and_moves_it_nowhere() {
    let house = House::start().await;
    let ada = house.person().await;
    second_workspace(&house, &ada).await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    workspace::set_member(&house.deps, &ada.workspace, "grace@example.com", Role::Viewer).await.unwrap();
    house.tokens(&Person { workspace: ada.workspace.clone(), ..grace }).await;
    let [id] = listed(&read(&house, &ada, APPS).await.text()).try_into().unwrap();
    let page = read(&house, &ada, &format!("{APPS}/{id}")).await.text();
    assert!(page.contains("stops working for Grace Hopper") && !page.contains("/api/move_app"), "{page}");
}

#[tokio::test]
async fn what_another_tab_has_revoked_already_is_said_to_be_over() {
    let house = House::start().await;
    let ada = house.person().await;
    house.tokens(&ada).await;
    let [id] = listed(&read(&house, &ada, APPS).await.text()).try_into().unwrap();
    let form = [("workspace", "analytical-engines"), ("id", id.as_str())];
    send_and_read(&house, &ada, "/api/revoke_app", &form).await;
    let again = send_and_read(&house, &ada, "/api/revoke_app", &form).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.text().contains("It was revoked already."), "{}", again.text());
}
