//! What the consent page promises: no more than the person's role gives, and no longer than the request is open.

use super::support::{House, Person};
use domain::role::Role;
use http::StatusCode;
use std::time::Duration;
use usecases::workspace;

const RESOURCE: &str = "https://visage.example/mcp";
const FOR_LISTS: &str = "Make links to the photos of whole lists of people";
const NOT_FOR_LISTS: &str = "It can’t make links for whole lists of people: ";

/// Grace, who is this in Ada's workspace, and in one of her own an owner.
async fn grace(house: &House, ada: &Person, role: Role) -> Person {
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    workspace::set_member(&house.deps, &ada.workspace, "grace@example.com", role).await.unwrap();
    grace
}

async fn consent(house: &House, person: &Person, resource: &str) -> String {
    let request = house.pending(&house.client().await, resource).await;
    let page = house.page(person, &format!("/consent/{request}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page.text()
}

#[tokio::test]
async fn a_viewer_is_promised_no_tool_that_the_role_refuses_and_told_why() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = grace(&house, &ada, Role::Viewer).await;
    let locked = "https://visage.example/mcp/analytical-engines";
    let page = consent(&house, &grace, locked).await;
    assert!(!page.contains(FOR_LISTS), "{page}");
    assert!(page.contains("your role in Analytical Engines is Viewer"), "{page}");
    assert!(page.contains("get_profile_avatar"), "{page}");
    // What is said holds: the tool refuses.
    let hers = consent(&house, &ada, locked).await;
    assert!(hers.contains(FOR_LISTS) && !hers.contains(NOT_FOR_LISTS), "{hers}");
}

#[tokio::test]
async fn where_roles_differ_the_page_says_what_holds_in_which_workspace() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = grace(&house, &ada, Role::Viewer).await;
    let page = consent(&house, &grace, RESOURCE).await;
    assert!(page.contains(FOR_LISTS) && page.contains("your role in Analytical Engines is Viewer"), "{page}");
    assert_eq!(page.matches("choice-keyless").count(), 1, "{page}");
    workspace::set_member(&house.deps, &ada.workspace, "grace@example.com", Role::Developer).await.unwrap();
    let page = consent(&house, &grace, RESOURCE).await;
    assert!(page.contains(FOR_LISTS) && !page.contains(NOT_FOR_LISTS) && !page.contains("choice-keyless"), "{page}");
}

#[tokio::test]
async fn an_open_page_names_the_time_until_which_it_is_open() {
    let house = House::start().await;
    let ada = house.person().await;
    let page = consent(&house, &ada, RESOURCE).await;
    let (_, rest) = page.split_once("open until <time datetime=\"").unwrap_or_else(|| panic!("{page}"));
    let (exact, rest) = rest.split_once("\">").unwrap();
    let clock = rest.split('<').next().unwrap();
    assert_eq!(clock, format!("{} UTC", &exact[11..16]));
    assert!(!page.contains("in a moment"), "{page}");
}

#[tokio::test]
async fn nobody_types_a_password_for_a_request_that_is_over() {
    let house = House::start().await;
    let ada = house.person().await;
    let expired = house.pending(&house.client().await, RESOURCE).await;
    let answered = house.pending(&house.client().await, RESOURCE).await;
    house.decide(&ada, &answered, "cancel").await;
    house.clock.advance(Duration::from_secs(600));
    for request in [expired, answered] {
        let consent = format!("/consent/{request}");
        for page in ["/sign-in", "/sign-up"] {
            assert_eq!(house.get(&format!("{page}?request={request}")).await.location(), consent);
        }
        let page = house.get(&consent).await;
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.text().contains("Start again in your app"), "{}", page.text());
    }
    // Of a request that never was, nothing more is told.
    let never = house.get("/consent/018f3b1e-0000-7000-8000-000000000000").await;
    assert_eq!(never.status, StatusCode::GONE);
}
