//! The apps page: moving a connection elsewhere, and being told of a copied token.

use super::{
    signed_in::{read, send, send_and_read, viewer},
    support::{Answer, House, Person, Tokens},
};
use domain::{audit::Actor, role::Role, workspace::Workspace};
use http::StatusCode;
use usecases::workspace::{self, NewWorkspace};

const APPS: &str = "/w/analytical-engines/apps";

async fn second_workspace(house: &House, person: &Person) -> Workspace {
    let user = viewer(house, person).await.unwrap().user.id;
    let new = NewWorkspace { name: "Difference Engines".to_owned(), slug: None };
    workspace::create(&house.deps, user, new, Actor::User(user)).await.unwrap()
}

/// The first connection that a page lists.
#[track_caller]
fn listed(page: &Answer) -> String {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let html = page.text();
    let (_, rest) = html.split_once("name=\"id\" value=\"").unwrap_or_else(|| panic!("nothing is listed: {html}"));
    rest.split('"').next().unwrap().to_owned()
}

fn may_be_moved(page: &Answer) -> bool {
    page.text().contains("/api/move_app")
}

#[tokio::test]
async fn a_connection_is_moved_by_its_person_and_listed_where_it_went() {
    let house = House::start().await;
    let ada = house.person().await;
    let tokens = house.tokens(&ada).await;
    assert!(!may_be_moved(&read(&house, &ada, APPS).await), "there is nowhere to go");
    let there = second_workspace(&house, &ada).await;
    let page = read(&house, &ada, APPS).await;
    assert!(may_be_moved(&page) && page.text().contains("Difference Engines"));

    let (id, to) = (listed(&page), there.id.to_string());
    let form = [("workspace", "analytical-engines"), ("id", id.as_str()), ("to", to.as_str())];
    let page = send_and_read(&house, &ada, "/api/move_app", &form).await;
    assert!(
        page.text().contains("Moved Test client to Difference Engines. Its next request acts there."),
        "{}",
        page.text()
    );
    assert!(page.text().contains("No app is connected yet"));
    assert_eq!(listed(&read(&house, &ada, "/w/difference-engines/apps").await), id);
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);
    let page = send_and_read(&house, &ada, "/api/move_app", &form).await;
    assert!(page.text().contains("There is no such connection of yours"), "{}", page.text());
}

#[tokio::test]
async fn nobody_moves_what_somebody_else_connected_or_to_where_they_do_not_belong() {
    let house = House::start().await;
    let ada = house.person().await;
    let there = second_workspace(&house, &ada).await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    let strange = grace.workspace.id.to_string();
    workspace::set_member(&house.deps, &ada.workspace, "grace@example.com", Role::Viewer).await.unwrap();
    let grace = Person { workspace: ada.workspace.clone(), ..grace };
    house.tokens(&grace).await;
    // An admin sees it, and may end it.
    let page = read(&house, &ada, APPS).await;
    assert!(page.text().contains("/api/revoke_app") && !may_be_moved(&page));
    let (id, to) = (listed(&page), there.id.to_string());
    for (person, to, said) in [
        (&ada, to.as_str(), "There is no such connection of yours"),
        (&grace, to.as_str(), "You can’t connect apps to that workspace"),
        (&ada, strange.as_str(), "There is no such connection of yours"),
    ] {
        let form = [("workspace", "analytical-engines"), ("id", id.as_str()), ("to", to)];
        let page = send_and_read(&house, person, "/api/move_app", &form).await.text().replace('\'', "’");
        assert!(page.contains(said), "it does not say {said}: {page}");
    }
    assert_eq!(listed(&read(&house, &grace, APPS).await), id);
}

#[tokio::test]
async fn a_connection_at_a_workspaces_own_address_offers_no_move() {
    let house = House::start().await;
    let ada = house.person().await;
    second_workspace(&house, &ada).await;
    house.tokens_for(&ada, "https://visage.example/mcp/analytical-engines").await;
    let page = read(&house, &ada, APPS).await;
    assert!(page.text().contains("/api/revoke_app") && !may_be_moved(&page), "{}", page.text());
}

#[tokio::test]
async fn a_copied_token_is_told_to_its_person_alone_until_they_have_read_it() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    workspace::set_member(&house.deps, &ada.workspace, "grace@example.com", Role::Admin).await.unwrap();
    let tokens = house.tokens(&ada).await;
    replay(&house, &tokens).await;
    let told = "Somebody may have copied what an app named “Test client” holds";
    for path in [APPS, "/w/analytical-engines"] {
        let page = read(&house, &ada, path).await.text();
        for said in [told, " in Analytical Engines", "Connect the app again", "had long replaced"] {
            assert!(page.contains(said), "{path} does not say {said:?}: {page}");
        }
        assert!(!read(&house, &grace, path).await.text().contains(told), "{path}");
    }
    assert_eq!(send(&house, &ada, "/api/put_alarms_away", &[("page", APPS)]).await.location(), APPS);
    assert!(!read(&house, &ada, APPS).await.text().contains(told));
    let elsewhere = [("page", "https://evil.example/")];
    assert_eq!(send(&house, &ada, "/api/put_alarms_away", &elsewhere).await.location(), "/");
}

/// A grandparent comes back after its line has gone on.
async fn replay(house: &House, tokens: &Tokens) {
    let mut line = tokens.refresh.clone();
    for _ in 0..2 {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", tokens.client_id.as_str()),
            ("refresh_token", line.as_str()),
        ];
        line = house.post_form("/token", &[], &form).await.json()["refresh_token"].as_str().unwrap().to_owned();
    }
    house.clock.advance(std::time::Duration::from_secs(3_600));
    assert_eq!(house.refresh(tokens).await.oauth_error(), "400 invalid_grant");
}
