//! The diary of connecting: whose step it was, as far as a token, a place or a claimed name tells.

use super::{
    connection_pages::{APPS, ATTEMPTS, assert_says, timeline_path},
    diary::{after, assert_failed, attempts},
    signed_in::read,
    support::House,
};
use axum::body::Body;
use domain::connection::{Mismatch, State, Step};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use usecases::{access::operator, connection_log};

#[tokio::test]
async fn a_call_at_a_wrong_path_with_a_live_token_is_told_at_the_connection_of_that_token() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let bearer = format!("Bearer {}", tokens.access);
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize"});
    for path in ["/", "/mcp/a/b/c/d"] {
        after(&house, 1).await;
        let answer = house.post_json(path, &[("authorization", &bearer)], &call).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let (called, connector) = (format!("https://visage.example{path}"), "https://visage.example/mcp");
        let expected = Mismatch::wrong_address(&called, connector);
        let attempts = attempts(&house).await;
        assert_failed(&attempts, Step::FirstCall, &expected);
        assert_eq!(attempts.len(), 1, "nothing stands apart without a name");
        assert_eq!(attempts[0].client_name.as_deref(), Some("Test client"));
        assert_eq!(attempts[0].state, State::Failed(expected));
        assert!(!format!("{attempts:?}").contains(&tokens.access));
    }
}

#[tokio::test]
async fn a_token_that_is_not_live_names_nobody_at_a_wrong_path() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let revoking = [("token", tokens.refresh.as_str()), ("client_id", tokens.client_id.as_str())];
    house.post_form("/revoke", &[], &revoking).await;
    for token in [tokens.access.as_str(), "vat_nonsense", "nonsense"] {
        after(&house, 700).await;
        house.post_json("/", &[("authorization", &format!("Bearer {token}"))], &json!({})).await;
        let attempts = attempts(&house).await;
        assert_failed(&attempts, Step::Challenge, &Mismatch::wrong_path("/"));
        assert_eq!((&attempts[0].client, attempts[0].grant, &attempts[0].person), (&None, None, &None));
    }
}

#[tokio::test]
async fn an_app_that_is_connected_and_looks_in_at_each_start_is_no_attempt() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let bearer = format!("Bearer {}", tokens.access);
    let codex = ("user-agent", "codex-mcp-client/0.1");
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let look_in = async || {
        house.call(Method::GET, "/mcp", &[codex], Body::empty()).await;
        for document in ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server"] {
            house.call(Method::GET, document, &[codex], Body::empty()).await;
        }
    };
    let call = async || house.post_json("/mcp", &[("authorization", &bearer), codex], &ping).await;
    assert_eq!(call().await.status, StatusCode::OK);
    for start in 0..3 {
        after(&house, 1_000).await;
        look_in().await;
        house.clock.advance(Duration::from_millis(100));
        for _ in 0..5 {
            assert_eq!(call().await.status, StatusCode::OK);
        }
        let troubled = connection_log::list_troubled(&house.deps, &operator::at_command_line()).await.unwrap();
        assert_eq!(troubled, [], "start {start}");
        let newest = attempts(&house).await.remove(0);
        assert_eq!((newest.state, newest.client_name), (State::SilentCheck, None));
        let told: Vec<_> = newest.lines.iter().map(|line| (line.step, line.count)).collect();
        assert_eq!(told, [(Step::Challenge, 1), (Step::Metadata, 2), (Step::FirstCall, 1)], "one call stands for all");
    }
    // Whoever looks in, and never calls from there, is an attempt as before.
    after(&house, 1_000).await;
    look_in().await;
    let other = ("user-agent", "another-app/1.0");
    house.post_json("/mcp", &[("authorization", &bearer), other], &ping).await;
    assert_eq!(attempts(&house).await[0].state, State::UnderWay);
    after(&house, 601).await;
    assert_eq!(attempts(&house).await[0].state, State::Failed(Mismatch::NeverWentOn));
}

#[tokio::test]
async fn a_registration_that_is_refused_keeps_the_name_that_was_claimed() {
    let house = House::start().await;
    let refuse = async |name: &str| {
        after(&house, 700).await;
        let document = json!({"client_name": name, "redirect_uris": []});
        assert_eq!(house.post_json("/register", &[], &document).await.status, StatusCode::BAD_REQUEST);
        attempts(&house).await.remove(0)
    };
    let attempt = refuse("Gemini\u{202e} CLI\n").await;
    assert_eq!((attempt.client_name, attempt.claimed_name.as_deref()), (None, Some("Gemini CLI")));
    let State::Failed(mismatch) = attempt.state else { panic!("{:?}", attempt.state) };
    let advice = mismatch.advice();
    assert!(advice.what.contains("calls itself “Gemini CLI” introduced"), "{}", advice.what);
    assert!(!advice.remedy.contains("Gemini"), "{}", advice.remedy);
    let capped = refuse(&"a".repeat(5_000)).await.claimed_name.unwrap();
    assert!(capped.chars().count() <= 81, "{capped}");
    assert_eq!(refuse(" ").await.claimed_name, None);
}

#[tokio::test]
async fn calls_that_miss_the_connector_are_found_on_the_connections_own_page_with_the_address_to_use() {
    let house = House::start().await;
    let ada = house.person().await;
    let tokens = house.tokens(&ada).await;
    let bearer = format!("Bearer {}", tokens.access);
    house.clock.advance(Duration::from_secs(1));
    let call = house.post_json("/", &[("authorization", &bearer)], &json!({})).await;
    assert_eq!(call.status, StatusCode::NOT_FOUND);
    let told = [
        "Wrong path",
        "The app called https://visage.example/, where there is no connector",
        "https://visage.example/mcp",
    ];
    assert_says(&read(&house, &ada, ATTEMPTS).await, &told);
    assert!(!read(&house, &ada, ATTEMPTS).await.text().contains("An app without a name"));
    let page = read(&house, &ada, &timeline_path(&house, &ada).await).await;
    assert_says(&page, &told);
    assert!(!page.text().contains("Nothing is known to be wrong"), "{}", page.text());
}

#[tokio::test]
async fn a_refused_registration_is_found_by_the_name_that_it_claimed() {
    let house = House::start().await;
    let ada = house.person().await;
    let document = json!({"client_name": "Gemini <b>CLI", "redirect_uris": []});
    house.post_json("/register", &[], &document).await;
    let page = read(&house, &ada, ATTEMPTS).await;
    let told = ["“Gemini &lt;b&gt;CLI”", "only claimed", "Registration refused", "tell its makers what stands here"];
    assert_says(&page, &told);
    assert!(!page.text().contains("An app without a name"), "{}", page.text());
}

#[tokio::test]
async fn whatever_a_refused_app_calls_itself_writes_nothing_into_our_advice_to_the_operator() {
    let house = House::start().await;
    let ada = house.person().await;
    let hostile = "Claude”. Your server's certificate expired: open https://evil.example/fix";
    let document = json!({"client_name": hostile, "redirect_uris": []});
    assert_eq!(house.post_json("/register", &[], &document).await.status, StatusCode::BAD_REQUEST);
    let html = read(&house, &ada, ATTEMPTS).await.text();
    let quoted = "calls itself “Claude. Your server's certificate expired: open https://evil.example/fix” introduced";
    assert!(html.replace("&#39;", "'").contains(quoted), "{html}");
    assert!(html.contains("only claimed") && !html.contains("the makers of Claude"), "{html}");
}

#[tokio::test]
async fn a_wrong_path_among_calls_that_get_through_is_no_trouble() {
    let house = House::start().await;
    let ada = house.person().await;
    let tokens = house.tokens(&ada).await;
    let bearer = format!("Bearer {}", tokens.access);
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let call = async |path: &str| house.post_json(path, &[("authorization", &bearer)], &ping).await.status;
    assert_eq!(call("/mcp").await, StatusCode::OK);
    house.clock.advance(Duration::from_secs(2));
    assert_eq!(call("/").await, StatusCode::NOT_FOUND);
    for _ in 0..3 {
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(call("/mcp").await, StatusCode::OK);
    }
    let says = async |path: &str, told: &str| read(&house, &ada, path).await.text().contains(told);
    for seconds in [1, 600] {
        house.clock.advance(Duration::from_secs(seconds));
        assert!(!says(APPS, "did not get through").await, "{seconds}");
        assert!(!says(ATTEMPTS, "Wrong path").await, "{seconds}");
    }
    // Whoever calls nowhere else any more is in trouble.
    assert_eq!(call("/").await, StatusCode::NOT_FOUND);
    assert!(says(APPS, "did not get through").await && says(ATTEMPTS, "Wrong path").await);
}
