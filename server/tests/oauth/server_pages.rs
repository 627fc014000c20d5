//! The pages of the server's operators, through the router: who sees them, and what their forms do.

use super::{
    signed_in::{read, send, send_and_read},
    support::{Answer, CALLBACK, House, Person, authorize_path},
};
use http::StatusCode;
use serde_json::json;

const RESOURCE: &str = "https://visage.example/mcp";
const PAGES: [&str; 3] = ["/server/clients", "/server/rules", "/server/clients/new"];

/// The first account runs the server, the second doesn't.
async fn two(house: &House) -> (Person, Person) {
    let ada = house.person().await;
    (ada, house.person_named("Grace Hopper", "grace@example.com", "Compilers").await)
}

#[track_caller]
fn text_between<'a>(html: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = html.split_once(before).unwrap_or_else(|| panic!("there is no {before}: {html}"));
    rest.split(after).next().unwrap()
}

#[track_caller]
fn assert_says(answer: &Answer, sentence: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains(sentence), "it does not say {sentence:?}: {}", answer.text());
}

#[tokio::test]
async fn for_whoever_does_not_run_the_server_its_pages_are_not_there() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    let nothing = read(&house, &grace, "/no-such-page").await;
    for path in PAGES {
        assert_eq!(read(&house, &ada, path).await.status, StatusCode::OK, "{path}");
        let hers = read(&house, &grace, path).await;
        assert_eq!(hers.status, StatusCode::NOT_FOUND, "{path}");
        assert!(hers.text().contains("There is no such page") && nothing.text().contains("There is no such page"));
        assert_eq!(house.get(path).await.location(), format!("/sign-in?to={path}"));
    }
    assert!(read(&house, &ada, PAGES[0]).await.text().contains("Back to your workspace"));
    // The way there is shown to those who may go.
    let menu = |person| read(&house, person, "/w/analytical-engines");
    assert!(menu(&ada).await.text().contains("This server"));
    let hers = read(&house, &grace, "/w/compilers").await;
    assert!(hers.status == StatusCode::OK && !hers.text().contains("/server/clients"));
}

#[tokio::test]
async fn somebody_who_lost_the_server_changes_nothing_with_a_form_that_is_still_open() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    let client = house.client().await;
    let block = [("id", client.as_str()), ("decision", "block")];
    send(&house, &grace, "/api/decide_client", &block).await;
    usecases::user::dismiss_operator(&house.deps, "ada@example.com").await.unwrap();
    assert_eq!(send(&house, &ada, "/api/decide_client", &block).await.location(), "/");
    send(&house, &ada, "/api/set_default_rule", &[("effect", "block")]).await;
    assert!(house.get(&authorize_path(&client, &[])).await.location().starts_with("/consent/"));
}

#[tokio::test]
async fn an_operator_blocks_a_client_now_and_lets_it_go_again() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    let tokens = house.tokens(&grace).await;
    let list = read(&house, &ada, "/server/clients").await;
    for said in ["Test client", "Unknown: client.example", "registered itself", "1 connection", "no rule fits"] {
        assert_says(&list, said);
    }
    let id = ("id", tokens.client_id.as_str());
    let page = send_and_read(&house, &ada, "/api/decide_client", &[id, ("decision", "block")]).await;
    assert_says(&page, "Blocked Test client. Its next request is refused.");
    assert_says(&page, "decided for it alone");
    assert_eq!(house.refresh(&tokens).await.oauth_error(), "401 invalid_client");
    let shown = house.get(&authorize_path(&tokens.client_id, &[])).await;
    assert!(shown.text().contains("This app is blocked"), "{}", shown.text());

    let page = send_and_read(&house, &ada, "/api/decide_client", &[id, ("decision", "release")]).await;
    assert_says(&page, "The rules decide about Test client again. By them it is: allowed.");
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_app_that_is_unblocked_goes_back_to_the_rules_unless_they_block_it_too() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    let tokens = house.tokens(&grace).await;
    let id = ("id", tokens.client_id.as_str());
    send(&house, &ada, "/api/decide_client", &[id, ("decision", "block")]).await;
    let list = read(&house, &ada, "/server/clients").await;
    assert_says(&list, "name=\"decision\" value=\"unblock\"");
    let page = send_and_read(&house, &ada, "/api/decide_client", &[id, ("decision", "unblock")]).await;
    assert_says(&page, "Unblocked Test client: people may authorize it from now on. The rules decide about it again.");
    assert_says(&page, "no rule fits");
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);

    // A rule that comes later holds for it, and an unblocking against a rule is a decision of its own.
    let rule = [("kind", "host"), ("text", "client.example"), ("effect", "block")];
    let page = send_and_read(&house, &ada, "/api/add_rule", &rule).await;
    assert_says(&page, "1 app is refused from its next request on");
    for decision in ["block", "unblock"] {
        let page = send_and_read(&house, &ada, "/api/decide_client", &[id, ("decision", decision)]).await;
        assert_says(&page, "decided for it alone");
        if decision == "unblock" {
            assert_says(&page, "Unblocked Test client against the rule for host client.example");
        }
    }
    let rule = "/server/rules?kind=host&text=client.example&effect=ask";
    let preview = read(&house, &ada, rule).await;
    assert_says(&preview, "It counts for no app that is known today.");
    assert_says(&preview, "1 app with 1 connection stays allowed: you decided about it alone.");
    assert_says(&preview, "Test client");
    assert_says(&preview, "a decision about one app goes first, then the strictest rule that fits it");
    let gone = [("id", "client_unknown"), ("decision", "unblock")];
    let page = send_and_read(&house, &ada, "/api/decide_client", &gone).await;
    assert_says(&page, "This app is not known any more");
}

#[tokio::test]
async fn a_client_that_waits_says_so_stands_first_and_is_approved_there() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    send(&house, &ada, "/api/set_default_rule", &[("effect", "ask")]).await.location();
    let waiting = house.client_named("Contact Sheet").await;
    let shown = house.get(&authorize_path(&waiting, &[])).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    for said in ["Waiting for approval", "Contact Sheet", "Tell them the app"] {
        assert!(shown.text().contains(said), "{said}: {}", shown.text());
    }
    let entered = json!({"client_name": "Later, and allowed", "redirect_uris": [CALLBACK]});
    let later = house.post_json("/register", &[], &entered).await.json()["client_id"].as_str().unwrap().to_owned();
    send(&house, &ada, "/api/decide_client", &[("id", &later), ("decision", "allow")]).await;

    let list = read(&house, &ada, "/server/clients").await;
    assert_says(&list, "1 app waits for your approval");
    let (first, second) = (list.text().find("Contact Sheet").unwrap(), list.text().find("Later, and allowed").unwrap());
    assert!(first < second, "those who wait come first");
    let back = ("back", "/server/clients?standing=waiting");
    let page = [("id", waiting.as_str()), ("decision", "allow"), back];
    let page = send_and_read(&house, &ada, "/api/decide_client", &page).await;
    assert_says(&page, "Contact Sheet is allowed: people may authorize it from now on.");
    assert_says(&page, "No app fits");
    house.code(&grace, &waiting, RESOURCE).await;
}

#[tokio::test]
async fn clients_are_found_by_standing_and_by_text_and_names_stay_text() {
    let house = House::start().await;
    let (ada, _) = two(&house).await;
    let hostile = "<script>alert(1)</script> & <b>Bold</b>";
    for name in ["Alpha", "Beta 100%", hostile] {
        house.client_named(name).await;
    }
    let beta = read(&house, &ada, "/server/clients?q=BETA%20100%25").await.text();
    assert!(beta.contains("Beta 100%") && !beta.contains("Alpha"), "{beta}");
    let all = read(&house, &ada, "/server/clients").await.text();
    assert!(!all.contains("<script>alert") && !all.contains("<b>Bold"), "{all}");
    let blocked = read(&house, &ada, "/server/clients?standing=blocked").await;
    assert_says(&blocked, "No app fits");
    for odd in ["/server/clients?page=0", "/server/clients?page=999", "/server/clients?standing=x&page=-1"] {
        assert_says(&read(&house, &ada, odd).await, "Alpha");
    }
}

#[tokio::test]
async fn a_rule_is_looked_at_then_made_then_taken_back() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    let tokens = house.tokens(&grace).await;
    let preview = read(&house, &ada, "/server/rules?kind=host&text=Client.Example&effect=block").await;
    for said in ["It counts for 1 app", "1 connection stops working", "Test client", "Add rule"] {
        assert_says(&preview, said);
    }
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK, "to look changes nothing");

    let rule = [("kind", "host"), ("text", "Client.Example"), ("effect", "block")];
    let page = send_and_read(&house, &ada, "/api/add_rule", &rule).await;
    assert_says(&page, "Blocked: host client.example. 1 app is refused from its next request on.");
    assert_eq!(house.refresh(&tokens).await.oauth_error(), "401 invalid_client");
    let list = read(&house, &ada, "/server/clients").await;
    assert_says(&list, "by the rule for");
    let id = text_between(&page.text(), "name=\"id\" value=\"", "\"").to_owned();
    let page = send_and_read(&house, &ada, "/api/remove_rule", &[("id", &id)]).await;
    assert_says(&page, "Removed the rule for host client.example. 1 app may be authorized.");
    let again = send_and_read(&house, &ada, "/api/remove_rule", &[("id", &id)]).await;
    assert_says(&again, "There is no such rule");
}

#[tokio::test]
async fn a_rule_that_can_not_be_read_is_explained_beside_its_field() {
    let house = House::start().await;
    let (ada, _) = two(&house).await;
    let page = read(&house, &ada, "/server/rules?kind=host&text=https%3A%2F%2Fevil.example%2F&effect=block").await;
    assert_says(&page, "is no host");
    assert_says(&page, "value=\"https://evil.example/\"");
    assert_says(&read(&house, &ada, "/server/rules?kind=name&text=%20&effect=ask").await, "A name is missing");
    // What is decided about one app is no rule for many.
    let page =
        send_and_read(&house, &ada, "/api/add_rule", &[("kind", "client"), ("text", "x"), ("effect", "block")]).await;
    assert_says(&page, "All other apps");
}

#[tokio::test]
async fn a_client_with_a_secret_is_added_shown_once_and_connects() {
    let house = House::start().await;
    let (ada, grace) = two(&house).await;
    let form = [
        ("name", "CRM"),
        ("redirect_uris", " https://client.example/callback\r\nhttp://127.0.0.1/callback "),
        ("auth_method", "client_secret_basic"),
    ];
    let page = send_and_read(&house, &ada, "/api/add_client", &form).await;
    assert_says(&page, "“CRM” may be authorized now");
    let html = page.text();
    let id = text_between(&html, "<code>client_", "<").to_owned();
    let id = format!("client_{id}");
    let secret = format!("vcs_{}", text_between(&html, "<code>vcs_", "<"));
    assert!(!read(&house, &ada, "/server/clients/new").await.text().contains(&secret), "a secret is shown once");

    // What an operator entered waits for nobody.
    send(&house, &ada, "/api/set_default_rule", &[("effect", "ask")]).await;
    let code = house.code(&grace, &id, RESOURCE).await;
    assert_eq!(house.redeem(&id, &code).await.oauth_error(), "401 invalid_client");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", super::support::VERIFIER),
    ];
    let answer = house.post_form("/token", &[], &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_says(&read(&house, &ada, "/server/clients").await, "Added by the operator");
}

#[tokio::test]
async fn a_client_that_can_not_be_added_keeps_what_was_typed() {
    let house = House::start().await;
    let (ada, _) = two(&house).await;
    for (form, said) in [
        (vec![("name", "CRM"), ("redirect_uris", "http://crm.example/callback")], "http://crm.example/callback"),
        (vec![("name", "CRM"), ("redirect_uris", "")], "list at least one"),
        (vec![("name", " "), ("redirect_uris", CALLBACK)], "Name the app as people know it"),
        (
            vec![("name", "CRM"), ("redirect_uris", CALLBACK), ("logo_uri", "http://10.0.0.1/logo.png")],
            "The logo must be at an https address",
        ),
    ] {
        let page = send_and_read(&house, &ada, "/api/add_client", &form).await;
        assert_says(&page, said);
        assert_says(&page, "aria-invalid=\"true\"");
    }
    assert_says(&read(&house, &ada, "/server/clients").await, "No app is known yet");
}
