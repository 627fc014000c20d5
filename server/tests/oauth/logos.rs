//! Logos as pages show them: our own copy, or none.

use super::{
    signed_in::{read, send_and_read},
    support::{CALLBACK, House},
};
use axum::body::Body;
use domain::oauth::client::ClientId;
use http::{Method, StatusCode};
use providers::http::{GuardedClient, NetworkPolicy};
use serde_json::json;
use testkit::{Page, Site};

const RESOURCE: &str = "https://visage.example/mcp";

#[tokio::test]
async fn pages_show_this_servers_own_copy_of_a_logo_and_never_its_address() {
    let house = House::start_reaching(GuardedClient::new(NetworkPolicy::AllowLoopback)).await;
    let ada = house.person().await;
    let site = Site::start().await.unwrap();
    site.put(
        "/logo.png",
        Page::of_bytes(
            "image/png",
            usecases::avatar::initials_png("L", "L", domain::avatar::AvatarSize::TOOL_DEFAULT).unwrap(),
        ),
    );
    let form = [("name", "Ledger"), ("redirect_uris", CALLBACK), ("logo_uri", &site.url("/logo.png"))];
    let added = send_and_read(&house, &ada, "/api/add_client", &form).await.text();
    let id = added.split("<code>client_").nth(1).unwrap().split('<').next().unwrap();
    let id = format!("client_{id}");
    house.deps.logos.settle().await;

    let request = house.pending(&id, RESOURCE).await;
    let consent = read(&house, &ada, &format!("/consent/{request}")).await.text();
    let tokens = house.connect(&ada, &id, &[], "openid").await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
    let apps = read(&house, &ada, "/w/analytical-engines/apps").await.text();
    let road = apps.split("href=\"/w/analytical-engines/apps/").nth(1).unwrap().split('"').next().unwrap();
    let connection = read(&house, &ada, &format!("/w/analytical-engines/apps/{road}")).await.text();
    let clients = read(&house, &ada, "/server/clients").await.text();
    let mut pictures = Vec::new();
    for page in [consent, apps, connection, clients] {
        assert!(!page.contains(&site.url("")), "{page}");
        let image = page.split("<img ").nth(1).unwrap().split('>').next().unwrap();
        assert!(image.contains("alt=\"\""), "{image}");
        pictures.push(image.split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned());
    }
    pictures.dedup();
    let [picture] = pictures.as_slice() else { panic!("{pictures:?}") };
    assert!(picture.starts_with("/cdn/"), "{picture}");
    let file = house.call(Method::GET, picture, &[], Body::empty()).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert!(file.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn a_registration_is_told_which_logo_was_kept_and_may_change_it() {
    let house = House::start().await;
    let metadata = |logo: &str| json!({ "client_name": "App", "redirect_uris": [CALLBACK], "logo_uri": logo });
    let told = house.post_json("/register", &[], &metadata("http://client.example/logo.png")).await.json();
    assert!(told.get("logo_uri").is_none(), "{told}");
    let told = house.post_json("/register", &[], &metadata("https://client.example/logo.png")).await.json();
    assert_eq!(told["logo_uri"], "https://client.example/logo.png");

    let mut changed = metadata("https://client.example/new.png");
    changed["client_id"] = told["client_id"].clone();
    let id = told["client_id"].as_str().unwrap();
    let bearer = format!("Bearer {}", told["registration_access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let answer = house.call(Method::PUT, &format!("/register/{id}"), &headers, Body::from(changed.to_string())).await;
    assert_eq!((answer.status, &answer.json()["logo_uri"]), (StatusCode::OK, &changed["logo_uri"]));
    let client = store::client::find(&house.deps.store, &ClientId(id.to_owned())).await.unwrap().unwrap();
    assert_eq!(client.logo_uri.map(|uri| uri.to_string()).as_deref(), changed["logo_uri"].as_str());
}
