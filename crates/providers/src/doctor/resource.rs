//! The resource's metadata (RFC 9728): which resource it is, to the letter, and who signs people in for it.

use super::{
    address::Endpoint,
    document::{self, Document},
    road::Road,
    seen::{shown, texts},
};
use domain::{
    doctor::{Leg, Report},
    oauth::resource::McpResource,
};
use serde_json::Value;
use url::Url;

const LEG: Leg = Leg::ResourceMetadata;
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";
/// What our own kind calls itself: it says nothing of which workspaces it has.
const VISAGE: &str = "Visage";

/// Answers with the authorization server to go on to; none where the road ends.
pub(super) async fn look(road: &Road, endpoint: &Endpoint, named: Option<&str>, report: &mut Report) -> Option<String> {
    let well_known = well_known(&endpoint.url);
    let at_root = endpoint.url.join(WELL_KNOWN).ok().map(String::from);
    let document = match named {
        Some(named) => match document::fetch(road, named).await {
            Document::Found(document) => {
                if well_known.as_deref() != Some(named) {
                    beside(road, well_known.as_deref(), report).await;
                }
                Some(document)
            }
            Document::Absent((what, fix)) | Document::Broken((what, fix)) => {
                report.fail(LEG, format!("The challenge names metadata that is not there. {what}"), fix);
                None
            }
        },
        None => without_a_name(road, [well_known, at_root].into_iter().flatten(), report).await,
    };
    let Some(document) = document else {
        // Apps of the first generation take the host itself for the authorization server.
        return Some(endpoint.url.origin().ascii_serialization());
    };
    if document["resource_name"] == VISAGE {
        report.workspace = match McpResource::from_path(endpoint.url.path()) {
            Some(McpResource::Workspace(slug)) => Some(slug.to_string()),
            _ => None,
        };
    }
    name(endpoint, &document, report);
    details(&document, report);
    issuer(&document, report)
}

/// Where apps look by themselves: the path goes behind the well-known one.
fn well_known(endpoint: &Url) -> Option<String> {
    let path = endpoint.path().trim_end_matches('/');
    endpoint.join(&format!("{WELL_KNOWN}{path}")).ok().map(String::from)
}

/// Some apps don't read the challenge.
async fn beside(road: &Road, well_known: Option<&str>, report: &mut Report) {
    let Some(url) = well_known else { return };
    match document::fetch(road, url).await {
        Document::Found(_) => {}
        Document::Absent((what, _)) | Document::Broken((what, _)) => report.warn(
            LEG,
            format!("Apps that don’t read the challenge look elsewhere and find nothing. {what}"),
            "Serve the same document at the well-known address as well.",
        ),
    }
}

async fn without_a_name(road: &Road, places: impl IntoIterator<Item = String>, report: &mut Report) -> Option<Value> {
    let mut seen: Vec<String> = Vec::new();
    for url in places {
        match document::fetch(road, &url).await {
            Document::Found(document) => return Some(document),
            Document::Broken((what, fix)) => {
                report.fail(LEG, what, fix);
                return None;
            }
            Document::Absent((what, _)) => {
                if !seen.contains(&what) {
                    seen.push(what);
                }
            }
        }
    }
    report.fail(
        LEG,
        format!("The resource has no metadata, neither named nor at a well-known address. {}", seen.join(" ")),
        "Serve the document of RFC 9728 at the well-known address, and name it in the challenge.",
    );
    None
}

/// Apps compare the name with what they were given, to the letter.
fn name(endpoint: &Endpoint, document: &Value, report: &mut Report) {
    let resource = document["resource"].as_str().unwrap_or_default();
    let (typed, url) = (endpoint.typed.as_str(), endpoint.url.as_str());
    if resource.is_empty() {
        report.fail(
            LEG,
            "The metadata does not say which resource it is for.",
            format!("Add \"resource\": \"{}\".", shown(url)),
        );
    } else if resource == typed
        || (endpoint.url.path() == "/" && resource.trim_end_matches('/') == typed.trim_end_matches('/'))
    {
        report.pass(LEG, format!("The resource is named to the letter: {}", shown(resource)));
    } else if resource == url {
        report.warn(
            LEG,
            format!("The address was written differently than the resource is named: {}", shown(resource)),
            format!("Give people exactly {}", shown(resource)),
        );
    } else if is_a_slash_apart(&endpoint.url, resource) {
        report.warn(
            LEG,
            format!(
                "Only a slash at the end is different: the metadata is for {}, and apps were given {}. Most overlook it, the strictest refuse.",
                shown(resource),
                shown(url)
            ),
            format!("Give people exactly {}", shown(resource)),
        );
    } else {
        let (what, fix) = other_name(&endpoint.url, resource);
        report.fail(LEG, what, fix);
    }
}

fn is_a_slash_apart(endpoint: &Url, resource: &str) -> bool {
    Url::parse(resource).is_ok_and(|named| {
        named.origin() == endpoint.origin()
            && named.query() == endpoint.query()
            && named.path().trim_end_matches('/') == endpoint.path().trim_end_matches('/')
    })
}

fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}

fn other_name(endpoint: &Url, resource: &str) -> (String, String) {
    let named = shown(resource);
    let given = shown(endpoint.as_str());
    let origin = endpoint.origin().ascii_serialization();
    let what = format!("The metadata is for {named}, but apps were given {given} and refuse the difference.");
    let same_but_for = |is_same: &dyn Fn(&Url) -> bool| Url::parse(resource).is_ok_and(|named| is_same(&named));
    let fix = if same_but_for(&|named| named.host() == endpoint.host() && named.scheme() != endpoint.scheme()) {
        format!(
            "The server takes itself for {} because a proxy ends TLS before it. Set its public address to {origin} (Visage: VISAGE_PUBLIC_URL).",
            Url::parse(resource).map(|named| named.scheme().to_owned()).unwrap_or_default()
        )
    } else if let Some(query) = endpoint.query().filter(|_| is_a_slash_apart(&without_query(endpoint), resource)) {
        format!("Leave out ?{}: give people exactly {named}", shown(query))
    } else if same_but_for(&|named| named.origin() == endpoint.origin() && endpoint.path().starts_with(named.path())) {
        "Name the resource with its whole path: some apps are content with the host, others are not.".to_owned()
    } else if same_but_for(&|named| named.origin() == endpoint.origin()) {
        format!("Give people exactly {named}, or serve metadata of its own for each path.")
    } else {
        format!(
            "Give people exactly {named}, or set the server’s public address to {origin} (Visage: VISAGE_PUBLIC_URL)."
        )
    };
    (what, fix)
}

fn details(document: &Value, report: &mut Report) {
    if texts(document, "scopes_supported").contains(&"offline_access") {
        report.warn(
            LEG,
            "The resource asks for offline_access, which is the authorization server’s to offer.",
            "Take it out of scopes_supported of the resource.",
        );
    }
    if document.get("bearer_methods_supported").is_some()
        && !texts(document, "bearer_methods_supported").contains(&"header")
    {
        report.warn(
            LEG,
            "The resource does not take tokens in the header, where every app sends them.",
            "Add header to bearer_methods_supported.",
        );
    }
}

fn issuer(document: &Value, report: &mut Report) -> Option<String> {
    let issuers = texts(document, "authorization_servers");
    let Some(issuer) = issuers.first() else {
        report.fail(
            LEG,
            "The metadata names no authorization server.",
            "Add authorization_servers with the issuer of the server that signs people in.",
        );
        return None;
    };
    if issuers.len() > 1 {
        report.warn(
            LEG,
            format!("The metadata names several authorization servers; apps take the first: {}", shown(issuer)),
            "Put the one first that every app can use.",
        );
    }
    Some((*issuer).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::doctor::Verdict;
    use serde_json::json;

    fn named(typed: &str, resource: &str) -> Report {
        let mut report = Report::new(typed);
        let endpoint = Endpoint { typed: typed.to_owned(), url: Url::parse(typed).unwrap() };
        name(&endpoint, &json!({ "resource": resource }), &mut report);
        report
    }

    #[test]
    fn a_resource_is_compared_to_the_letter_and_the_difference_is_told() {
        let mcp = "https://a.example/mcp";
        for (typed, resource, verdict, told) in [
            (mcp, mcp, Verdict::Pass, "to the letter"),
            ("https://A.example/mcp", mcp, Verdict::Warn, "written differently"),
            ("https://a.example", "https://a.example/", Verdict::Pass, "to the letter"),
            (mcp, "", Verdict::Fail, "which resource"),
            (mcp, "https://a.example/mcp/", Verdict::Warn, "a slash"),
            ("https://a.example/mcp/", mcp, Verdict::Warn, "a slash"),
            (mcp, "http://a.example/mcp", Verdict::Fail, "ends TLS"),
            (mcp, "https://a.example", Verdict::Fail, "whole path"),
            (mcp, "https://a.example/sse", Verdict::Fail, "https://a.example/sse"),
            ("https://a.example/mcp?x=1", mcp, Verdict::Fail, "Leave out ?x=1"),
            ("https://a.example/mcp/?x=1&y=2", mcp, Verdict::Fail, "Leave out ?x=1&y=2"),
            ("https://a.example/mcp?x=1", "https://a.example/mcp?x=1", Verdict::Pass, "to the letter"),
            (mcp, "https://b.example/mcp", Verdict::Fail, "public address to https://a.example"),
        ] {
            let report = named(typed, resource);
            assert_eq!(report.verdict(), verdict, "{typed} {resource}: {report:?}");
            assert!(format!("{report:?}").contains(told), "{typed} {resource}: {report:?}");
        }
    }

    #[test]
    fn the_path_goes_behind_the_well_known_one() {
        for (endpoint, expected) in [
            ("https://a.example/mcp", "https://a.example/.well-known/oauth-protected-resource/mcp"),
            ("https://a.example/mcp/", "https://a.example/.well-known/oauth-protected-resource/mcp"),
            ("https://a.example/", "https://a.example/.well-known/oauth-protected-resource"),
        ] {
            assert_eq!(well_known(&Url::parse(endpoint).unwrap()).as_deref(), Some(expected));
        }
    }
}
