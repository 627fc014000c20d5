//! What the consent page promises: no more than the person's role gives, and no longer than the request is open.

use super::support::{House, Person};
use domain::role::Role;
use http::StatusCode;
use std::time::Duration;
use usecases::workspace;

const RESOURCE: &str = "https://visage.example/mcp";
const FOR_LISTS: &str = "Make links to the photos of whole lists of people";
const NO_KEY: &str = "The workspace’s key itself is not handed out: ";

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
    // A link to one photo holds that key, so nothing is promised of the links.
    assert!(page.contains(NO_KEY) && !page.contains("It can’t make links"), "{page}");
    assert!(page.contains("your role in Analytical Engines is Viewer"), "{page}");
    assert!(page.contains("get_profile_avatar"), "{page}");
    // What is said holds: the tool refuses.
    let hers = consent(&house, &ada, locked).await;
    assert!(hers.contains(FOR_LISTS) && !hers.contains(NO_KEY), "{hers}");
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
    assert!(page.contains(FOR_LISTS) && !page.contains(NO_KEY) && !page.contains("choice-keyless"), "{page}");
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
        assert!(page.text().contains("This request is closed"), "{}", page.text());
    }
    // Of a request that never was, nothing more is told.
    let never = house.get("/consent/018f3b1e-0000-7000-8000-000000000000").await;
    assert_eq!(never.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_closed_request_says_the_same_on_its_page_and_to_a_late_answer() {
    let house = House::start().await;
    let ada = house.person().await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    house.clock.advance(Duration::from_secs(600));
    let page = house.page(&ada, &format!("/consent/{request}")).await;
    let answered = house.decide(&ada, &request, "authorize").await;
    for answer in [page, answered] {
        assert_eq!(answer.status, StatusCode::GONE);
        let text = answer.text();
        for said in [
            "This request is closed",
            "It was answered already, or it waited for too long. If your app does not say that it is connected, go back to it \
             and connect again.",
            "Go to Visage",
        ] {
            assert!(text.contains(said), "it does not say {said:?}: {text}");
        }
    }
}

#[tokio::test]
async fn what_is_connected_already_is_told_before_it_is_connected_again() {
    let house = House::start().await;
    let ada = house.person().await;
    let connect = async |name: &str| {
        let client = house.client_named(name).await;
        let code = house.code(&ada, &client, RESOURCE).await;
        assert_eq!(house.redeem(&client, &code).await.status, StatusCode::OK);
    };
    let told = async |name: &str| {
        let request = house.pending(&house.client_named(name).await, RESOURCE).await;
        house.page(&ada, &format!("/consent/{request}")).await.text()
    };
    let already = "You connected an app named “Ledger” to Analytical Engines on ";
    assert!(!told("Ledger").await.contains("You connected"));
    connect("Ledger").await;
    let second = told("Ledger").await;
    assert!(second.contains(already) && second.contains("; this adds a second connection."), "{second}");
    // The request is not lost by a look at what is there.
    assert!(second.contains("href=\"/w/analytical-engines/apps\" target=\"_blank\""), "{second}");
    assert!(!told("Payroll").await.contains("You connected"), "another app");
    connect("Ledger").await;
    let third = told("Ledger").await;
    assert!(third.contains("2 connections") && third.contains("; this adds another one."), "{third}");
}

#[tokio::test]
async fn whoever_may_not_connect_is_told_of_somebody_who_can_change_that() {
    let house = House::start().await;
    house.person().await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    let page = consent(&house, &grace, "https://visage.example/mcp/analytical-engines").await;
    assert!(page.contains("Ask whoever runs this server to add you"), "{page}");
}
