//! `GET /v1/avatar`.

use crate::support::House;
use domain::api_key::KeyKind;
use http::{Method, header};

const ADA: &str = "linkedin_url=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fada-lovelace%2F";

#[tokio::test]
async fn a_known_face_is_a_redirect_to_its_image() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    let answer = house.get(&format!("/v1/avatar?key={key}&{ADA}"), &[]).await;
    answer.assert_status(302);
    assert_eq!(answer.header(header::CACHE_CONTROL), "public, max-age=86400");
    assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    assert_eq!(answer.header(header::VARY), "");
    assert!(answer.header(header::ETAG).starts_with('"'));
    let location = answer.header(header::LOCATION);
    assert!(location.starts_with("https://visage.example/cdn/") && location.ends_with("/128.jpg"), "{location}");
    assert_eq!(house.used().await, (1, 1));

    let image = house.get(location.strip_prefix("https://visage.example").unwrap(), &[]).await;
    image.assert_status(200);
    assert_eq!(image.header(header::CONTENT_TYPE), "image/jpeg");
}

#[tokio::test]
async fn the_size_and_the_user_name_are_heard() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    let answer = house.get("/v1/avatar?username=@Ada-Lovelace&size=512", &[("x-api-key", &key)]).await;
    answer.assert_status(302);
    assert!(answer.header(header::LOCATION).ends_with("/512.jpg"));
    // The key is not part of the address, so a cache may not hand the answer to those who have none.
    assert_eq!(answer.header(header::VARY), "x-api-key");
}

#[tokio::test]
async fn whoever_has_no_photo_gets_initials_from_the_best_name_there_is() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    let known = house.get(&format!("/v1/avatar?key={key}&username=grace-hopper"), &[]).await;
    known.assert_status(200).assert_initials("GH");
    let stranger = house.get(&format!("/v1/avatar?key={key}&username=katherine-johnson-1918&size=64"), &[]).await;
    stranger.assert_status(200).assert_initials("KJ");
    assert!(stranger.text().contains(r#"width="64""#));
    assert_eq!(house.used().await, (2, 2));
}

#[tokio::test]
async fn what_the_caller_holds_already_costs_nothing() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    let path = format!("/v1/avatar?key={key}&{ADA}");
    let first = house.get(&path, &[]).await;
    let etag = first.header(header::ETAG).to_owned();
    let again = house.get(&path, &[("if-none-match", &etag)]).await;
    again.assert_status(304);
    assert_eq!(again.header(header::ETAG), etag);
    assert_eq!(again.header(header::CACHE_CONTROL), "public, max-age=86400");
    assert_eq!(again.header(header::LOCATION), "");
    assert_eq!(house.used().await, (1, 1));

    // Another size is another image.
    house.get(&format!("{path}&size=32"), &[("if-none-match", &etag)]).await.assert_status(302);
    assert_eq!(house.used().await, (2, 1));
}

#[tokio::test]
async fn head_shows_the_way_to_a_face_and_costs_as_much_as_get() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    let path = format!("/v1/avatar?key={key}&{ADA}");
    let answer = house.call(Method::HEAD, &path, &[], "").await;
    answer.assert_status(302);
    assert!(answer.body.is_empty());
    assert_eq!(house.used().await, (1, 1));

    let etag = answer.header(header::ETAG).to_owned();
    house.call(Method::HEAD, &path, &[("if-none-match", &etag)], "").await.assert_status(304);
    assert_eq!(house.used().await, (1, 1));
}

#[tokio::test]
async fn only_the_name_of_the_photo_spares_its_price() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    let path = format!("/v1/avatar?key={key}&{ADA}");
    for (count, held) in (1..).zip(["*", "\"nonsense\", *", "W/*"]) {
        house.get(&path, &[("if-none-match", held)]).await.assert_status(302);
        assert_eq!(house.used().await, (count, 1), "{held}");
    }
}

#[tokio::test]
async fn a_fault_is_an_image_unless_json_is_asked_for() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    for (query, status) in [
        (format!("key={key}&{ADA}&username=ada-lovelace"), 400),
        (format!("key={key}"), 400),
        (format!("key={key}&{ADA}&size=100"), 400),
        (format!("key={key}&linkedin_url=https://www.linkedin.com/company/acme"), 400),
        (ADA.to_owned(), 401),
        (format!("key=pk_nonsense&{ADA}"), 401),
    ] {
        let path = format!("/v1/avatar?{query}");
        for headers in [
            &[][..],
            &[("accept", "*/*")][..],
            &[("accept", "image/avif,image/webp,*/*;q=0.8")][..],
            &[("accept", "application/json"), ("sec-fetch-dest", "image")][..],
        ] {
            let answer = house.get(&path, headers).await;
            answer.assert_status(status);
            assert_eq!(answer.header(header::CONTENT_TYPE), "image/svg+xml", "{path} {headers:?}");
            assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        }
        let answer = house.get(&path, &[("accept", "application/json")]).await;
        answer.assert_problem(status);
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    }
    let refused = house.get(&format!("/v1/avatar?{ADA}"), &[]).await;
    refused.assert_initials("AL");
    assert_eq!(house.used().await, (0, 0));
}

#[tokio::test]
async fn a_bearer_token_is_no_key() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    let bearer = format!("Bearer {key}");
    let answer =
        house.get(&format!("/v1/avatar?{ADA}"), &[("authorization", &bearer), ("accept", "application/json")]).await;
    answer.assert_problem(401);
    assert!(answer.json()["detail"].as_str().unwrap().contains("x-api-key"));
}

#[tokio::test]
async fn a_bound_key_works_on_its_own_pages_only() {
    let house = House::start().await;
    let key = house.key(KeyKind::Publishable, &["*.analytical.example"]).await;
    let path = format!("/v1/avatar?key={key}&{ADA}");
    house.get(&path, &[("referer", "https://www.analytical.example/team")]).await.assert_status(302);
    house.get(&path, &[("origin", "https://www.analytical.example")]).await.assert_status(302);
    house.get(&path, &[("origin", "null"), ("referer", "https://www.analytical.example/")]).await.assert_status(302);
    house.get(&path, &[("referer", "https://analytical.example.evil.example/")]).await.assert_status(401);
    house.get(&path, &[]).await.assert_status(401).assert_initials("AL");
}

#[tokio::test]
async fn a_spent_quota_is_402_with_the_day_it_resets() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    // The free plan has 100 new profiles a month.
    for number in 100..200 {
        house.get(&format!("/v1/avatar?key={key}&username=visitor-{number}"), &[]).await.assert_status(200);
    }
    let path = format!("/v1/avatar?key={key}&username=one-more");
    let refused = house.get(&path, &[("accept", "application/json")]).await;
    refused.assert_problem(402);
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("quota exceeded for this workspace"), "{detail}");
    assert!(detail.contains("2026-12-01T00:00:00Z"), "{detail}");
    house.get(&path, &[]).await.assert_status(402).assert_initials("OM");
    // Neither HEAD nor a guess leads to the face of somebody new.
    let face = format!("/v1/avatar?key={key}&{ADA}");
    for (method, headers) in [(Method::HEAD, &[][..]), (Method::GET, &[("if-none-match", "*")][..])] {
        let refused = house.call(method, &face, headers, "").await;
        refused.assert_status(402);
        assert_eq!((refused.header(header::LOCATION), refused.header(header::ETAG)), ("", ""));
    }
    // Whoever was looked up before still is.
    house.get(&format!("/v1/avatar?key={key}&username=visitor-100"), &[]).await.assert_status(200);
    assert_eq!(house.used().await, (101, 100));
}

#[tokio::test]
async fn hostile_names_stay_text() {
    let house = House::start().await;
    let key = house.publishable_key().await;
    for name in ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%3E%3Csvg%20onload=alert(1)%3E", "%00%01%02", "%E2%80%AEabc"]
    {
        let answer = house.get(&format!("/v1/avatar?key={key}&username={name}"), &[]).await;
        assert_eq!(answer.header(header::CONTENT_TYPE), "image/svg+xml");
        let text = answer.text();
        assert!(!text.contains("<script") && !text.contains("onload"), "{text}");
    }
}

#[tokio::test]
async fn a_page_may_ask_before_it_sends_the_header() {
    let house = House::start().await;
    let headers = [
        ("origin", "https://www.analytical.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "x-api-key"),
    ];
    let answer = house.call(Method::OPTIONS, "/v1/avatar", &headers, "").await;
    assert!(answer.status.is_success());
    assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    assert!(answer.header(header::ACCESS_CONTROL_ALLOW_HEADERS).contains("x-api-key"));
}

#[tokio::test]
async fn a_key_that_races_is_told_when_to_come_back_and_still_draws() {
    let house = House::start().await;
    let path = format!("/v1/avatar?key={}", house.publishable_key().await);
    // Without a person to look up each is refused, and costs nothing but haste.
    for _ in 0..6_000 {
        house.get(&path, &[]).await.assert_status(400);
    }
    let refused = house.get(&path, &[]).await;
    refused.assert_status(429);
    assert_eq!(refused.header(header::RETRY_AFTER), "1");
    assert_eq!(refused.header(header::CONTENT_TYPE), "image/svg+xml");
    house.get(&path, &[("accept", "application/json")]).await.assert_problem(429);
}
