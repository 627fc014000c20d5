//! A metadata document: JSON at its own address, or the trouble that keeps it from being one.

use super::{
    road::Road,
    seen::{self, Seen},
    trouble::{self, Trouble},
};
use http::{StatusCode, header};
use serde_json::Value;

#[derive(Debug)]
pub(super) enum Document {
    Found(Value),
    /// Nothing here: apps look at the next place.
    Absent(Trouble),
    /// Something here that apps take for the document, or stumble over.
    Broken(Trouble),
}

pub(super) async fn fetch(road: &Road, url: &str) -> Document {
    let answer = match road.get(url, &[(header::ACCEPT, "application/json")]).await {
        Ok(answer) => answer,
        Err(error) => return Document::Broken(trouble::of_fetching(url, &error)),
    };
    let seen = seen::read(&answer, url);
    match seen {
        Seen::Json(document) if answer.status == StatusCode::OK && document.is_object() => Document::Found(document),
        Seen::Json(_) if answer.status == StatusCode::OK => Document::Broken((
            format!("{} holds JSON that is no object.", seen::shown(url)),
            "Serve the document of RFC 9728 or RFC 8414 there.".to_owned(),
        )),
        seen => {
            let trouble = trouble::of_answer(url, answer.status, &seen);
            let is_absent = matches!(answer.status.as_u16(), 400..=499) && seen != Seen::Filter;
            if is_absent { Document::Absent(trouble) } else { Document::Broken(trouble) }
        }
    }
}
