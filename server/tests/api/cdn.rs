//! `GET /cdn/{photo}/{size}.jpg`.

use crate::support::House;
use http::header;

async fn image_path(house: &House) -> String {
    let key = house.publishable_key().await;
    let answer = house.get(&format!("/v1/avatar?key={key}&username=ada-lovelace"), &[]).await;
    answer.header(header::LOCATION).strip_prefix("https://visage.example").unwrap().to_owned()
}

#[tokio::test]
async fn an_image_never_changes_and_may_stand_anywhere() {
    let house = House::start().await;
    let path = image_path(&house).await;
    let image = house.get(&path, &[]).await;
    image.assert_status(200);
    assert!(image.body.starts_with(&[0xFF, 0xD8]));
    assert_eq!(image.header(header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert_eq!(image.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert_eq!(image.header("cross-origin-resource-policy".parse().unwrap()), "cross-origin");
    let etag = image.header(header::ETAG).to_owned();
    let again = house.get(&path, &[("if-none-match", &etag)]).await;
    again.assert_status(304);
    assert!(again.body.is_empty());
}

#[tokio::test]
async fn what_is_no_image_is_not_there() {
    let house = House::start().await;
    let path = image_path(&house).await;
    for path in [
        path.replace("128.jpg", "100.jpg"),
        path.replace("128.jpg", "128.png"),
        path.replace("128.jpg", "..%2F..%2Fvisage.db"),
        "/cdn/..%2F..%2Fetc%2Fpasswd/128.jpg".to_owned(),
        format!("/cdn/{}/128.jpg", "0".repeat(64)),
        "/cdn/".to_owned(),
        "/cdn".to_owned(),
    ] {
        house.get(&path, &[]).await.assert_problem(404);
    }
}
