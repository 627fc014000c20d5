//! `/v1/openapi.json` tells the truth.

use crate::support::House;
use http::Method;

#[tokio::test]
async fn every_documented_path_and_method_is_there() {
    let house = House::start().await;
    let answer = house.get("/v1/openapi.json", &[]).await;
    answer.assert_status(200);
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, operations) in document["paths"].as_object().unwrap() {
        let photo = "0".repeat(64);
        let called = path.replace("{photo}", &photo).replace("{file}", "128.jpg");
        for method in operations.as_object().unwrap().keys() {
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
