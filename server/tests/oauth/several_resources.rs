//! `resource` sent several times (RFC 8707, section 2): good where each one names the same endpoint of ours, in any order.

use super::support::{Answer, CALLBACK, House, VERIFIER, authorize_path};

const OURS: &str = "https://visage.example/mcp";
const SAME: &str = "https://visage.example/";
const WORKSPACE: &str = "https://visage.example/mcp/analytical-engines";
const EVIL: &str = "http://evil.example/";

/// Whatever of two values may not stand together.
const MIXED: [[&str; 2]; 4] = [[OURS, EVIL], [EVIL, OURS], [OURS, WORKSPACE], [WORKSPACE, OURS]];

fn both<'a>(fields: &[(&'a str, &'a str)], resources: [&'a str; 2]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain(resources.map(|resource| ("resource", resource))).collect()
}

async fn ask(house: &House, client: &str, resources: [&str; 2]) -> Answer {
    house.get(&authorize_path(client, &both(&[], resources))).await
}

#[tokio::test]
async fn an_app_asks_for_one_resource_however_often_it_says_so() {
    let house = House::start().await;
    let client = house.client().await;
    for mixed in MIXED {
        let answer = ask(&house, &client, mixed).await;
        assert_eq!(answer.offered_parameter("error").as_deref(), Some("invalid_target"), "{mixed:?}");
    }
    assert!(ask(&house, &client, [OURS, SAME]).await.location().starts_with("/consent/"));
}

#[tokio::test]
async fn a_code_is_redeemed_for_the_resource_it_was_granted_for_and_no_other_beside_it() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let code = house.code(&person, &client, OURS).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", client.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    for mixed in MIXED {
        let answer = house.post_form("/token", &[], &both(&fields, mixed)).await;
        assert_eq!(answer.oauth_error(), "400 invalid_target", "{mixed:?}");
    }
    assert_eq!(house.post_form("/token", &[], &both(&fields, [SAME, OURS])).await.status, 200);
}

#[tokio::test]
async fn a_refresh_names_the_resource_of_its_connection_and_no_other_beside_it() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", tokens.client_id.as_str()),
        ("refresh_token", tokens.refresh.as_str()),
    ];
    for mixed in MIXED {
        let answer = house.post_form("/token", &[], &both(&fields, mixed)).await;
        assert_eq!(answer.oauth_error(), "400 invalid_target", "{mixed:?}");
    }
    assert_eq!(house.post_form("/token", &[], &both(&fields, [OURS, SAME])).await.status, 200);
}
