//! The pages for apps that may not go on: blocked, waiting, or asking for an address of somebody else's. Each names the app, says
//! who can mend it, and leads only to where somebody vouches for the address.

use super::{
    signed_in::send,
    support::{Answer, House, authorize_path},
};
use http::StatusCode;
use serde_json::json;

const HOSTILE: &str = "<script>alert(1)</script> & <b>Bold</b>";

/// A client that registered itself under this name with these addresses.
async fn registered(house: &House, name: &str, redirect_uris: &[&str]) -> String {
    let metadata = json!({"client_name": name, "redirect_uris": redirect_uris});
    house.post_json("/register", &[], &metadata).await.json()["client_id"].as_str().unwrap().to_owned()
}

async fn asked(house: &House, client: &str, redirect_uri: &str) -> Answer {
    let answer = house.get(&authorize_path(client, &[("redirect_uri", redirect_uri)])).await;
    assert_eq!(answer.header("location"), "", "it redirects");
    answer
}

#[track_caller]
fn assert_says(page: &Answer, words: &[&str]) {
    for words in words {
        assert!(page.text().contains(words), "it does not say {words:?}: {}", page.text());
    }
}

#[tokio::test]
async fn a_blocked_app_is_named_with_its_host_and_whoever_can_help_and_nothing_leads_back_to_it() {
    let house = House::start().await;
    let ada = house.person().await;
    for (name, redirect_uri, shown) in [
        ("Contact Sheet", "https://sheet.example/callback", ["An app named “Contact Sheet”", "sheet.example"]),
        ("Anything", "https://claude.ai/api/mcp/auth_callback", ["Claude wants to connect", "claude.ai"]),
        (HOSTILE, "cursor://anysphere.cursor-mcp/callback", ["An app named “&lt;script&gt;", "cursor: links"]),
    ] {
        let client = registered(&house, name, &[redirect_uri]).await;
        send(&house, &ada, "/api/decide_client", &[("id", &client), ("decision", "block")]).await;
        let page = asked(&house, &client, redirect_uri).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert_says(&page, &["This app is blocked", "whoever runs this server"]);
        assert_says(&page, &shown);
        assert!(!page.text().contains("<script>alert"), "{}", page.text());
        assert!(!page.text().contains(&format!("href=\"{redirect_uri}")), "{}", page.text());
        // An address that is not the app's tells nothing of who asks.
        let elsewhere = asked(&house, &client, "https://elsewhere.example/").await;
        assert_says(&elsewhere, &["This app is blocked"]);
        assert!(!elsewhere.text().contains("elsewhere.example"), "{}", elsewhere.text());
    }
}

#[tokio::test]
async fn a_waiting_app_is_led_back_to_only_where_somebody_vouches_for_its_address() {
    let house = House::start().await;
    let ada = house.person().await;
    send(&house, &ada, "/api/set_default_rule", &[("effect", "ask")]).await.location();
    for (redirect_uri, is_led_back) in [
        ("https://claude.ai/api/mcp/auth_callback", true),
        ("http://localhost:3118/callback", true),
        ("cursor://anysphere.cursor-mcp/oauth/callback", true),
        ("https://phish.example/sign-in", false),
    ] {
        let client = registered(&house, "Contact Sheet", &[redirect_uri]).await;
        let page = asked(&house, &client, redirect_uri).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_says(&page, &["Waiting for approval", "Go to Visage"]);
        let link = format!("href=\"{redirect_uri}?error=access_denied&amp;");
        assert_eq!(page.text().contains(&link), is_led_back, "{redirect_uri}: {}", page.text());
        assert_eq!(page.text().contains("state=s%20t%26te&amp;iss="), is_led_back);
        assert!(is_led_back || page.text().contains("phish.example") && !page.text().contains("href=\"https://phish"));
    }
}

#[tokio::test]
async fn a_callback_url_mismatch_names_the_app_both_addresses_and_the_cure_for_each_who_reads_it() {
    let house = House::start().await;
    let client =
        registered(&house, HOSTILE, &["https://sheet.example/callback", "https://sheet.example/other?team=7"]).await;
    let page = asked(&house, &client, "https://sheet.example/callback/").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_says(
        &page,
        &[
            "Callback URL mismatch",
            "An app named “&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;Bold&lt;/b&gt;”",
            "<code>https://sheet.example/callback/<",
            "<code>https://sheet.example/callback<",
            "<code>https://sheet.example/other<",
            "<dd>Only a slash at the end is different.<",
            "you did nothing wrong",
            "Remove the connector in the app and add it again",
            "Register the address that was sent",
            "href=\"/server/attempts\"",
        ],
    );
    assert!(!page.text().contains("team=7") && !page.text().contains("href=\"https://sheet"), "{}", page.text());

    let long = format!("https://sheet.example/<script>{}", "a".repeat(5_000));
    let page = asked(&house, &client, &long).await;
    assert!(!page.text().contains("<script>") && page.text().len() < 6_000, "{}", page.text());
    assert_says(&asked(&house, &client, "").await, &["Callback URL mismatch"]);
}

#[tokio::test]
async fn whoever_entered_an_app_by_hand_is_told_to_mend_it() {
    let house = House::start().await;
    let ada = house.person().await;
    let form = [("name", "CRM"), ("redirect_uris", "https://crm.example/callback"), ("auth_method", "none")];
    let page = super::signed_in::send_and_read(&house, &ada, "/api/add_client", &form).await.text();
    let id = page.split("<code>client_").nth(1).unwrap().split('<').next().unwrap();
    let page = asked(&house, &format!("client_{id}"), "https://crm.example/moved").await;
    assert_says(
        &page,
        &[
            "they entered this app by hand",
            "https://crm.example/moved",
            "Operators see it beside the one that was sent",
            "href=\"/server/attempts\"",
        ],
    );
    // Whoever holds a client_id need not be told of the hosts behind it.
    assert!(!page.text().contains("crm.example/callback") && !page.text().contains("instead of"), "{}", page.text());
}
