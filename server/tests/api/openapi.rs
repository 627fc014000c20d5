//! `/v1/openapi.json` tells the truth.

use crate::support::House;
use http::Method;
use std::collections::BTreeSet;

#[tokio::test]
async fn every_documented_path_and_method_is_there() {
    let house = House::start().await;
    let answer = house.get("/v1/openapi.json", &[]).await;
    answer.assert_status(200);
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, operations) in document["paths"].as_object().unwrap() {
        let photo = "0".repeat(64);
        let called =
            path.replace("{photo}", &photo).replace("{file}", "128.jpg").replace("{workspace}", "analytical-engines");
        // Beside the methods stand the parameters that they share.
        for method in operations.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer = house.call(method.clone(), &called, &[], "").await;
            assert_ne!(answer.status, 405, "{method} {path}");
            // The image is the one thing that may be missing.
            assert!(answer.status != 404 || path.starts_with("/cdn"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let house = House::start().await;
    let document = house.get("/v1/openapi.json", &[]).await.json();
    let text = document.to_string();
    let mut references = 0;
    for reference in text.split(r##""$ref":"#"##).skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        references += 1;
    }
    assert!(references > 10, "{references}");
}

/// What clients find by the metadata is described, and what is described is found.
#[tokio::test]
async fn every_endpoint_of_the_metadata_is_documented() {
    let house = House::start().await;
    let document = house.get("/v1/openapi.json", &[]).await.json();
    let metadata = house.get("/.well-known/oauth-authorization-server", &[]).await.json();
    let endpoints = metadata.as_object().unwrap().iter();
    let endpoints: Vec<&str> = endpoints
        .filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri")
        .map(|(_, url)| url.as_str().unwrap().strip_prefix("https://visage.example").unwrap())
        .collect();
    assert!(endpoints.len() > 6, "{endpoints:?}");
    for path in endpoints {
        assert!(document["paths"].get(path).is_some(), "{path} is not in the document");
    }
}

#[tokio::test]
async fn the_metadata_says_no_more_and_no_less_than_its_schema() {
    let house = House::start().await;
    let document = house.get("/v1/openapi.json", &[]).await.json();
    let metadata = house.get("/.well-known/oauth-authorization-server", &[]).await.json();
    let described = &document["components"]["schemas"]["ServerMetadata"]["properties"];
    let names = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(described), names(&metadata));
}
