//! What operators are asked to decide: in words that fit the number, and never by a click too many.

use super::{
    signed_in::{read, send},
    support::{House, authorize_path},
};
use http::StatusCode;

#[tokio::test]
async fn several_apps_that_wait_are_spoken_of_as_several() {
    let house = House::start().await;
    let ada = house.person().await;
    send(&house, &ada, "/api/set_default_rule", &[("effect", "ask")]).await.location();
    for (name, said) in [
        ("First", "1 app waits for your approval. </b>Until then nobody can authorize it;"),
        ("Second", "2 apps wait for your approval. </b>Until then nobody can authorize them;"),
    ] {
        house.get(&authorize_path(&house.client_named(name).await, &[])).await;
        let page = read(&house, &ada, "/server/clients").await.text().replace("<!>", "");
        assert!(page.contains(said), "it does not say {said:?}: {page}");
    }
}

#[tokio::test]
async fn an_app_is_approved_by_a_second_look_that_stands_under_no_other_row() {
    let house = House::start().await;
    let ada = house.person().await;
    send(&house, &ada, "/api/set_default_rule", &[("effect", "ask")]).await.location();
    house.get(&authorize_path(&house.client_named("Contact Sheet").await, &[])).await;
    let page = read(&house, &ada, "/server/clients").await.text();
    let (before, panel) = page.split_once("confirm-panel-calm").unwrap_or_else(|| panic!("nothing is asked: {page}"));
    assert!(before.ends_with("class=\"confirm-panel ") && before.contains("Approve"), "{before}");
    let panel = panel.split("</form>").next().unwrap();
    assert!(panel.contains("value=\"allow\"") && panel.contains("people may authorize"), "{panel}");
    assert!(panel.contains("Contact Sheet"), "{panel}");
}

#[tokio::test]
async fn a_change_of_rules_is_headed_by_what_will_hold() {
    let house = House::start().await;
    let ada = house.person().await;
    for (query, said) in [
        ("kind=host&text=loopback&effect=ask", "Wait for approval: apps at <code>loopback</code>"),
        ("kind=name&text=Ledger&effect=block", "Blocked: apps named <code>Ledger</code>"),
        ("default=allow", "Allowed: all other apps"),
    ] {
        let page = read(&house, &ada, &format!("/server/rules?{query}")).await.text().replace("<!>", "");
        assert!(page.contains(said), "it does not say {said:?}: {page}");
    }
}

#[tokio::test]
async fn the_servers_own_address_leads_operators_to_its_clients_and_nobody_else() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    assert_eq!(read(&house, &ada, "/server").await.location(), "/server/clients");
    assert_eq!(read(&house, &grace, "/server").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/server").await.location(), "/sign-in?to=/server");
}
