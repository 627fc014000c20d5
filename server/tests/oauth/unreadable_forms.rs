//! Forms that can't be read are failures like any other where tokens are traded, and whoever sends them without end waits.

use super::support::{Answer, House};
use axum::body::Body;
use http::{Method, Request};
use server::middleware::client_address::Peer;
use std::net::IpAddr;

const MOST: usize = 600;

async fn post(house: &House, from: IpAddr, path: &str, content_type: &str, body: &str) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("origin", "https://page.example")
        .header("content-type", content_type)
        .body(Body::from(body.to_owned()));
    let mut request = request.unwrap();
    request.extensions_mut().insert(Peer(from));
    house.send(request).await
}

#[tokio::test]
async fn a_form_that_can_not_be_read_is_a_failure() {
    let house = House::start().await;
    let form = "application/x-www-form-urlencoded";
    let bodies = [(form, "client_id=a&client_id=b"), (form, "client_id=%00"), ("application/json", "{}")];
    let mut network = 0;
    for path in ["/token", "/introspect", "/revoke"] {
        for (content_type, body) in bodies {
            network += 1;
            let from = IpAddr::from([203, 0, 113, network]);
            (1..MOST).for_each(|_| house.deps.pace.failed(from));
            let told = post(&house, from, path, content_type, body).await;
            assert_eq!(told.oauth_error(), "400 invalid_request", "{path} {body}");
            let refused = post(&house, from, path, content_type, body).await;
            assert_eq!(refused.oauth_error(), "429 temporarily_unavailable", "{path} {body}");
            // Clients in a browser read no header that is not named.
            assert!(refused.header("access-control-expose-headers").contains("retry-after"), "{path}");
        }
    }
}
