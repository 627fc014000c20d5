//! Methods that an address of the browser does not take: a person sees a page with a way home, never a document for machines
//! nor an empty window.

use super::support::House;
use axum::body::Body;
use http::{Method, StatusCode};

#[tokio::test]
async fn a_wrong_method_where_people_go_is_answered_with_a_page() {
    let house = House::start().await;
    for (method, path, allowed) in [
        (Method::GET, "/authorize/decision", "POST"),
        (Method::PUT, "/authorize", "GET"),
        (Method::DELETE, "/authorize", "POST"),
        (Method::POST, "/sign-in", "GET"),
        (Method::GET, "/api/sign_in", "POST"),
        (Method::GET, "/api/revoke_connections", "POST"),
    ] {
        let answer = house.call(method.clone(), path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{method} {path}: {}", answer.text());
        assert!(answer.header("allow").contains(allowed), "{method} {path}: {}", answer.header("allow"));
        assert!(answer.text().contains("href=\"/\""), "{method} {path}");
    }
}
