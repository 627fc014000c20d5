//! The endpoints, each by what it must refuse: nothing is registered, nothing exchanged.

use super::{
    road::Road,
    seen::{self, Seen, shown},
    trouble,
};
use crate::exchange::Answer;
use domain::doctor::{Leg, Report};
use http::{Method, header};
use serde_json::Value;

const LEG: Leg = Leg::Endpoints;

pub(super) async fn look(road: &Road, document: &Value, report: &mut Report) {
    if let Some(url) = document["authorization_endpoint"].as_str() {
        authorization(road, url, report).await;
    }
    if let Some(url) = document["registration_endpoint"].as_str() {
        let empty = Some(r#"{"redirect_uris":[]}"#.to_owned());
        let answer = road.send(Method::POST, url, &[(header::CONTENT_TYPE, "application/json")], empty).await;
        match answer {
            Ok(answer) => registration(url, &answer, report),
            Err(error) => fail(trouble::of_fetching(url, &error), report),
        }
    }
    if let Some(url) = document["token_endpoint"].as_str() {
        let nonsense = Some("grant_type=authorization_code&client_id=visage-doctor&code=none".to_owned());
        let form = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
        match road.send(Method::POST, url, &form, nonsense).await {
            Ok(answer) => token(url, &answer, report),
            Err(error) => fail(trouble::of_fetching(url, &error), report),
        }
    }
}

/// People come here in a browser: whatever it says to a request without parameters, it must be there.
async fn authorization(road: &Road, url: &str, report: &mut Report) {
    let answer = match road.get(url, &[(header::ACCEPT, "text/html")]).await {
        Ok(answer) => answer,
        Err(error) => return fail(trouble::of_fetching(url, &error), report),
    };
    match answer.status.as_u16() {
        404 | 405 | 410 | 500..=599 => {
            let (what, fix) = trouble::of_answer(url, answer.status, &Seen::Other);
            report.fail(LEG, format!("People would be sent to a page that is not there. {what}"), fix);
        }
        _ => report.pass(LEG, format!("People authorize at {}", shown(url))),
    }
}

fn registration(url: &str, answer: &Answer, report: &mut Report) {
    match (answer.status.as_u16(), error(answer, url)) {
        (400, Some(_)) => report.pass(LEG, format!("Apps register at {}", shown(url))),
        (401 | 403, Some(told)) => report.fail(
            LEG,
            format!("Registration is closed to strangers ({}): apps can’t introduce themselves.", shown(&told)),
            "Open it, limited by pace, or leave registration_endpoint out and enter apps by hand.",
        ),
        (201, _) => report.warn(
            LEG,
            "An app without any callback address was registered.",
            "Refuse it with invalid_redirect_uri: it could never be answered.",
        ),
        _ => unexpected(url, answer, report),
    }
}

fn token(url: &str, answer: &Answer, report: &mut Report) {
    match (answer.status.as_u16(), error(answer, url)) {
        (400 | 401, Some(_)) => report.pass(LEG, format!("Codes are exchanged at {}", shown(url))),
        _ => unexpected(url, answer, report),
    }
}

fn unexpected(url: &str, answer: &Answer, report: &mut Report) {
    let (what, fix) = trouble::of_answer(url, answer.status, &seen::read(answer, url));
    report.fail(LEG, format!("{what} A refusal in JSON was expected (RFC 6749, section 5.2)."), fix);
}

fn fail((what, fix): trouble::Trouble, report: &mut Report) {
    report.fail(LEG, what, fix);
}

/// The error code of OAuth.
fn error(answer: &Answer, url: &str) -> Option<String> {
    match seen::read(answer, url) {
        Seen::Json(body) => body["error"].as_str().map(str::to_owned),
        _ => None,
    }
}
