//! The authorization server's metadata (RFC 8414, OpenID Connect Discovery), found where apps look.

mod judge;

use super::{
    document::{self, Document},
    road::Road,
    seen::shown,
};
use domain::doctor::{Leg, Report};
use serde_json::Value;
use url::Url;

const LEG: Leg = Leg::ServerMetadata;

/// Answers with the document, if there is one.
pub(super) async fn look(road: &Road, issuer: &str, report: &mut Report) -> Option<Value> {
    let Some(url) = Url::parse(issuer).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    else {
        report.fail(
            LEG,
            format!("{:?} is no address of an authorization server.", shown(issuer)),
            "Write the issuer whole, with https://.",
        );
        return None;
    };
    let document = find(road, &url, report).await?;
    judge::judge(issuer, &document, report);
    Some(document)
}

/// The places where apps look, in their order.
fn places(issuer: &Url) -> Vec<String> {
    let path = issuer.path().trim_end_matches('/');
    let mut paths = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        paths.push(format!("{path}/.well-known/openid-configuration"));
    }
    paths.into_iter().filter_map(|path| issuer.join(&path).ok()).map(String::from).collect()
}

async fn find(road: &Road, issuer: &Url, report: &mut Report) -> Option<Value> {
    let places = places(issuer);
    let mut seen = Vec::new();
    for place in &places {
        match document::fetch(road, place).await {
            Document::Found(document) => {
                report.pass(LEG, format!("Found at {}", shown(place)));
                return Some(document);
            }
            Document::Broken((what, fix)) => report.fail(LEG, what, fix),
            Document::Absent((what, _)) => seen.push(what),
        }
    }
    let path = issuer.path().trim_end_matches('/');
    if !path.is_empty()
        && let Ok(old) = issuer.join(&format!("{path}/.well-known/oauth-authorization-server"))
        && let Document::Found(document) = document::fetch(road, old.as_str()).await
    {
        report.fail(
            LEG,
            format!("The document is only at {}, where few apps look.", shown(old.as_str())),
            format!(
                "Serve it at {} as well: the path goes behind the well-known one (RFC 8414).",
                places.first().map(|place| shown(place)).unwrap_or_default()
            ),
        );
        return Some(document);
    }
    if !seen.is_empty() {
        report.fail(
            LEG,
            format!("The authorization server has no metadata. {}", seen.join(" ")),
            "Serve the document of RFC 8414 at the first of these addresses.",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_look_at_every_place_of_an_issuer_with_a_path() {
        let at = |issuer: &str| places(&Url::parse(issuer).unwrap());
        assert_eq!(
            at("https://a.example"),
            [
                "https://a.example/.well-known/oauth-authorization-server",
                "https://a.example/.well-known/openid-configuration",
            ]
        );
        assert_eq!(
            at("https://a.example/tenant/"),
            [
                "https://a.example/.well-known/oauth-authorization-server/tenant",
                "https://a.example/.well-known/openid-configuration/tenant",
                "https://a.example/tenant/.well-known/openid-configuration",
            ]
        );
    }
}
