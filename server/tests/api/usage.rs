//! `GET /v1/usage`.

use crate::support::House;
use domain::api_key::KeyKind;
use http::header;
use serde_json::json;

#[tokio::test]
async fn a_secret_key_reads_where_the_workspace_stands() {
    let house = House::start().await;
    let publishable = house.publishable_key().await;
    house.get(&format!("/v1/avatar?key={publishable}&username=ada-lovelace"), &[]).await.assert_status(302);
    let secret = house.key(KeyKind::Secret, &[]).await;
    let answer = house.get("/v1/usage", &[("x-api-key", &secret)]).await;
    answer.assert_status(200);
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(
        answer.json(),
        json!({
            "workspace": "analytical-engines",
            "plan": "free",
            "cycle": { "from": "2026-11-01T00:00:00Z", "resets_at": "2026-12-01T00:00:00Z" },
            "meters": {
                "avatar_requests": { "used": 1, "limit": 1000 },
                "avatar_new_profiles": { "used": 1, "limit": 100 },
            },
        })
    );
}

#[tokio::test]
async fn a_publishable_key_reads_no_usage() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    house.get(&format!("/v1/usage?key={key}"), &[]).await.assert_problem(403);
    house.get("/v1/usage", &[]).await.assert_problem(401);
    house.get("/v1/usage", &[("x-api-key", "sk_nonsense")]).await.assert_problem(401);
}
