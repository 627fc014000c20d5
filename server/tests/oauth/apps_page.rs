//! The apps page: moving a connection elsewhere, ending several, and being told of what became of one's own.

use super::{
    signed_in::{read, send, send_and_read, viewer},
    support::{Answer, House, Person, Tokens},
};
use domain::{
    audit::Actor,
    oauth::{
        client::{Client, ClientId},
        client_policy::{Effect, RuleSubject},
    },
    role::Role,
    workspace::Workspace,
};
use http::StatusCode;
use std::time::Duration;
use usecases::{
    access::operator::at_command_line,
    client_policy,
    workspace::{self, NewWorkspace},
};

const APPS: &str = "/w/analytical-engines/apps";
const PUT_AWAY: &str = "/api/put_notice_away";

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
    let away = named(&read(&house, &ada, APPS).await.text(), "notices");
    // What is none of the notices puts nothing away, and neither does naming none.
    for nothing in ["", "all", "00000000-0000-0000-0000-000000000000"] {
        let form = [("workspace", "analytical-engines"), ("page", APPS), ("notices", nothing)];
        assert!(send_and_read(&house, &ada, PUT_AWAY, &form).await.text().contains(told), "{nothing:?}");
    }
    let form = [("workspace", "analytical-engines"), ("page", APPS), ("notices", away.as_str())];
    assert_eq!(send(&house, &ada, PUT_AWAY, &form).await.location(), APPS);
    assert!(!read(&house, &ada, APPS).await.text().contains(told));
    let elsewhere = [("workspace", "analytical-engines"), ("page", "https://evil.example/")];
    assert_eq!(send(&house, &ada, PUT_AWAY, &elsewhere).await.location(), "/");
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
    house.clock.advance(Duration::from_secs(3_600));
    assert_eq!(house.refresh(tokens).await.oauth_error(), "400 invalid_grant");
}

#[tokio::test]
async fn an_app_that_was_connected_again_and_again_is_one_group_of_which_the_older_ones_end_at_once() {
    let house = House::start().await;
    let ada = house.person().await;
    let mut connections = Vec::new();
    for _ in 0..3 {
        connections.push(house.tokens(&ada).await);
        house.clock.advance(Duration::from_secs(60));
    }
    let page = read(&house, &ada, APPS).await.text();
    assert_eq!(page.matches("class=\"app-name\"").count(), 1, "{page}");
    for said in ["3 connections", "from client.example", "the other 2 end on their next request", "all 3 connections"] {
        assert!(page.contains(said), "it does not say {said:?}: {page}");
    }
    let of = named(&page, "of");
    let form = [("workspace", "analytical-engines"), ("of", of.as_str()), ("which", "older")];
    let page = send_and_read(&house, &ada, "/api/revoke_connections", &form).await.text();
    assert!(page.contains("Revoked 2 connections of Test client. Their next requests are refused."), "{page}");
    assert!(!page.contains("Revoke older ones") && !page.contains("Revoke all"), "{page}");
    let [first, second, newest] = connections.try_into().unwrap_or_else(|_| unreachable!());
    for over in [first, second] {
        assert_eq!(house.refresh(&over).await.oauth_error(), "400 invalid_grant");
    }
    assert_eq!(house.refresh(&newest).await.status, StatusCode::OK);
    // Sent once more from a page that was left open, there is nothing older any more.
    let page = send_and_read(&house, &ada, "/api/revoke_connections", &form).await.text();
    assert!(page.contains("No connection of Test client was older: nothing was revoked."), "{page}");
    assert!(!page.contains("Revoked 0"), "{page}");
    // What is there no more, and what is nonsense, ends nothing.
    for (of, which) in [("0", "all"), (of.as_str(), "every")] {
        let form = [("workspace", "analytical-engines"), ("of", of), ("which", which)];
        assert_eq!(send(&house, &ada, "/api/revoke_connections", &form).await.location(), APPS);
    }
    assert!(read(&house, &ada, APPS).await.text().contains("/api/revoke_app"));
}

#[tokio::test]
async fn whoever_lost_a_connection_to_an_admin_is_told_why_and_what_to_do() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    workspace::set_member(&house.deps, &ada.workspace, "grace@example.com", Role::Developer).await.unwrap();
    let grace = Person { workspace: ada.workspace.clone(), ..grace };
    house.tokens(&grace).await;
    let id = listed(&read(&house, &ada, APPS).await);
    send(&house, &ada, "/api/revoke_app", &[("workspace", "analytical-engines"), ("id", &id)]).await.location();
    let told = "An admin of Analytical Engines revoked your connection of an app named “Test client”";
    for path in [APPS, "/w/analytical-engines"] {
        let page = read(&house, &grace, path).await.text();
        assert!(page.contains(told) && page.contains("Connect it again if you need it"), "{path}: {page}");
        assert!(!read(&house, &ada, path).await.text().contains(told), "{path}");
    }
    assert!(!read(&house, &grace, "/w/compilers/apps").await.text().contains(told));
    let page = read(&house, &grace, APPS).await.text();
    let notices = named(&page, "notices");
    let form = [("workspace", "analytical-engines"), ("page", APPS), ("notices", notices.as_str())];
    assert!(!send_and_read(&house, &grace, PUT_AWAY, &form).await.text().contains(told));
}

#[tokio::test]
async fn what_the_page_did_not_show_is_not_put_away_with_it() {
    let house = House::start().await;
    let ada = house.person().await;
    let copied = |name: &'static str| {
        let (house, ada) = (&house, &ada);
        async move {
            house.clock.advance(Duration::from_secs(1));
            let client = house.client_named(name).await;
            let code = house.code(ada, &client, "https://visage.example/mcp").await;
            assert_eq!(house.redeem(&client, &code).await.status, StatusCode::OK);
            assert_eq!(house.redeem(&client, &code).await.oauth_error(), "400 invalid_grant");
        }
    };
    copied("First app").await;
    copied("Second app").await;
    // Of a failure the overview does not tell.
    let third = house.client_named("Third app").await;
    house.code(&ada, &third, "https://visage.example/mcp").await;
    house.clock.advance(Duration::from_secs(300));
    let overview = read(&house, &ada, "/w/analytical-engines").await.text();
    // This comes in while she reads: of a new app, and of one that she is told of already.
    copied("Fourth app").await;
    copied("First app").await;

    let form = put_away_forms(&overview).pop().unwrap();
    send(&house, &ada, PUT_AWAY, &pairs(&form)).await;
    let page = read(&house, &ada, APPS).await.text();
    assert_eq!(page.matches("Somebody may have copied").count(), 2 * 2, "{page}");
    for kept in ["what an app named “Fourth app” holds", "what an app named “First app” holds", "Third app"] {
        assert!(page.contains(kept), "{kept} is not told: {page}");
    }
    assert!(!page.contains("what an app named “Second app” holds"), "{page}");

    // One by itself takes no more than it showed either.
    let overview = read(&house, &ada, "/w/analytical-engines").await.text();
    let of_first = put_away_forms(&overview).remove(0);
    copied("First app").await;
    send(&house, &ada, PUT_AWAY, &pairs(&of_first)).await;
    let page = read(&house, &ada, APPS).await.text();
    assert!(page.contains("what an app named “First app” holds"), "{page}");
}

/// What the forms that put away send, in the order of the page: the last one puts all away.
fn put_away_forms(html: &str) -> Vec<Vec<(String, String)>> {
    let forms = html.split("class=\"put-away\"").skip(1).map(|rest| rest.split("</form>").next().unwrap());
    let value =
        |input: &str, name: &str| input.split(&format!("{name}=\"")).nth(1)?.split('"').next().map(str::to_owned);
    forms
        .map(|form| {
            form.split("<input")
                .skip(1)
                .filter_map(|input| Some((value(input, "name")?, value(input, "value")?)))
                .collect()
        })
        .collect()
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    let own = form.iter().filter(|(name, _)| name != "form_token");
    own.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn what_an_unverified_app_calls_itself_is_quoted_where_it_did_not_get_through() {
    let house = House::start().await;
    let ada = house.person().await;
    let client = house.client_named("Your password expires today").await;
    house.code(&ada, &client, "https://visage.example/mcp").await;
    house.clock.advance(Duration::from_secs(300));
    let page = read(&house, &ada, APPS).await.text();
    assert!(page.contains("An app named “Your password expires today” did not get through"), "{page}");
}

#[tokio::test]
async fn a_connection_is_called_by_the_name_that_was_consented_to_wherever_it_is_told_of() {
    let house = House::start().await;
    let ada = house.person().await;
    let there = second_workspace(&house, &ada).await;
    let client = house.client_named("Ledger").await;
    for _ in 0..2 {
        let code = house.code(&ada, &client, "https://visage.example/mcp").await;
        assert_eq!(house.redeem(&client, &code).await.status, StatusCode::OK);
        house.clock.advance(Duration::from_secs(60));
    }
    let transaction = house.deps.store.begin().await.unwrap();
    let found = store::client::find(&transaction, &ClientId(client)).await.unwrap().unwrap();
    store::client::update(&transaction, &Client { name: "Payroll".to_owned(), ..found }).await.unwrap();
    transaction.commit().await.unwrap();

    let id = listed(&read(&house, &ada, APPS).await);
    let page = read(&house, &ada, &format!("{APPS}/{id}")).await.text();
    assert!(page.contains("<h1>Ledger<") && page.contains("now calls itself “Payroll”"), "{page}");
    let to = there.id.to_string();
    let form = [("workspace", "analytical-engines"), ("id", id.as_str()), ("to", to.as_str())];
    let page = send_and_read(&house, &ada, "/api/move_app", &form).await.text();
    assert!(page.contains("Moved Ledger to Difference Engines."), "{page}");
    let id = listed(&read(&house, &ada, APPS).await);
    let form = [("workspace", "analytical-engines"), ("id", id.as_str())];
    let page = send_and_read(&house, &ada, "/api/revoke_app", &form).await.text();
    assert!(page.contains("Revoked Ledger. Its next request is refused."), "{page}");
    // What is over already is no news.
    let page = send_and_read(&house, &ada, "/api/revoke_app", &form).await.text();
    assert!(!page.contains("Revoked Ledger"), "{page}");
}

#[tokio::test]
async fn what_is_too_much_to_tell_at_once_is_counted_and_one_click_away() {
    let house = House::start().await;
    let ada = house.person().await;
    for number in 0..5 {
        let client = house.client_named(&format!("App {number}")).await;
        house.code(&ada, &client, "https://visage.example/mcp").await;
    }
    house.clock.advance(Duration::from_secs(300));
    let page = read(&house, &ada, APPS).await.text();
    assert_eq!(page.matches("did not get through").count(), 5, "{page}");
    assert!(page.contains("and 2 more"), "{page}");
    let (_, behind) = page.split_once("more-notices").unwrap();
    assert_eq!(behind.matches("did not get through").count(), 2, "{page}");
    assert!(page.contains("You authorized the app") && !page.contains("The person"), "{page}");
}

#[tokio::test]
async fn an_app_that_is_blocked_says_so_and_leads_operators_to_the_cure() {
    let house = House::start().await;
    let ada = house.person().await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Compilers").await;
    let tokens = house.tokens(&grace).await;
    house.tokens(&ada).await;
    let client = ClientId(tokens.client_id.clone());
    client_policy::add_rule(&house.deps, &at_command_line(), RuleSubject::Client(client), Effect::Block).await.unwrap();
    let link = format!("/server/clients?q={}", tokens.client_id.replace('_', "%5F"));
    let hers = read(&house, &grace, "/w/compilers/apps").await.text();
    assert!(hers.contains("Blocked by the operator") && !hers.contains(&link), "{hers}");
    let operators = read(&house, &ada, APPS).await.text();
    assert!(operators.contains("Blocked by the operator") && operators.contains(&link), "{operators}");
    assert!(read(&house, &ada, &link).await.text().contains(&tokens.client_id));
}

/// What the first hidden field of this name holds.
#[track_caller]
fn named(html: &str, field: &str) -> String {
    let (_, rest) =
        html.split_once(&format!("name=\"{field}\" value=\"")).unwrap_or_else(|| panic!("no {field}: {html}"));
    rest.split('"').next().unwrap().to_owned()
}
