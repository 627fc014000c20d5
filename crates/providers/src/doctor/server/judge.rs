//! Whether the metadata of an authorization server holds all that apps need.

use super::LEG;
use crate::doctor::seen::{shown, texts};
use domain::doctor::Report;
use serde_json::Value;
use url::Url;

pub(super) fn judge(issuer: &str, document: &Value, report: &mut Report) {
    named(issuer, document["issuer"].as_str().unwrap_or_default(), report);
    let mut is_whole = true;
    for name in ["authorization_endpoint", "token_endpoint"] {
        is_whole &= endpoint(name, issuer, document, report);
    }
    if is_whole {
        report.pass(LEG, "It says where people authorize and where codes are exchanged.");
    }
    if texts(document, "code_challenge_methods_supported").contains(&"S256") {
        report.pass(LEG, "It promises PKCE with S256.");
    } else {
        report.fail(
            LEG,
            "It does not promise PKCE: code_challenge_methods_supported lacks S256, and apps refuse to go on.",
            "Add S256 to code_challenge_methods_supported.",
        );
    }
    if !texts(document, "response_types_supported").contains(&"code") {
        report.fail(LEG, "response_types_supported lacks code.", "Add code: it is the only answer that apps ask for.");
    }
    grants(document, report);
    registration(document, report);
    if document["authorization_response_iss_parameter_supported"] != Value::Bool(true) {
        report.warn(
            LEG,
            "It does not promise the iss parameter in its answers (RFC 9207), which newer apps check.",
            "Send iss with every answer, and say so in authorization_response_iss_parameter_supported.",
        );
    }
}

fn named(issuer: &str, named: &str, report: &mut Report) {
    if named == issuer {
        report.pass(LEG, format!("The issuer is the one that the resource names: {}", shown(issuer)));
        return;
    }
    let fix = if named.trim_end_matches('/') == issuer.trim_end_matches('/') {
        "Only a slash at the end is different. Write both the same."
    } else if named.replacen("http://", "https://", 1) == issuer {
        "The server takes itself for http because a proxy ends TLS before it. Tell it its public address."
    } else {
        "Write the same issuer in the metadata of the resource and of the authorization server."
    };
    report.fail(
        LEG,
        format!(
            "The issuer is {:?}, but the resource names {:?}: apps refuse the difference.",
            shown(named),
            shown(issuer)
        ),
        fix,
    );
}

fn endpoint(name: &str, issuer: &str, document: &Value, report: &mut Report) -> bool {
    let address = document[name].as_str().unwrap_or_default();
    let Ok(url) = Url::parse(address) else {
        report.fail(
            LEG,
            format!("{name} is {:?}, which is no address.", shown(address)),
            "Name it whole, with https://.",
        );
        return false;
    };
    if issuer.starts_with("https://") && url.scheme() != "https" {
        report.fail(
            LEG,
            format!("{name} is not https: {}", shown(address)),
            "Tell the server its public address with https: behind a proxy that ends TLS it takes itself for http.",
        );
        return false;
    }
    true
}

fn grants(document: &Value, report: &mut Report) {
    // Left out, the list means authorization_code and implicit (RFC 8414, section 2).
    if document.get("grant_types_supported").is_some()
        && !texts(document, "grant_types_supported").contains(&"authorization_code")
    {
        report.fail(
            LEG,
            "grant_types_supported lacks authorization_code.",
            "Add it: apps exchange a code for a token.",
        );
    }
    if !texts(document, "grant_types_supported").contains(&"refresh_token") {
        report.warn(
            LEG,
            "grant_types_supported lacks refresh_token: connections end with their first token.",
            "Give out refresh tokens, and say so.",
        );
    }
    if !texts(document, "token_endpoint_auth_methods_supported").contains(&"none") {
        report.warn(
            LEG,
            "token_endpoint_auth_methods_supported lacks none: apps that hold no secret can’t connect.",
            "Add none, and let PKCE protect the code.",
        );
    }
}

fn registration(document: &Value, report: &mut Report) {
    let takes_documents = document["client_id_metadata_document_supported"] == Value::Bool(true);
    let registers = match document.get("registration_endpoint") {
        None => false,
        Some(address) => Url::parse(address.as_str().unwrap_or_default()).is_ok(),
    };
    if document.get("registration_endpoint").is_some_and(Value::is_null) {
        report.fail(
            LEG,
            "registration_endpoint is null, which apps take for a broken document.",
            "Leave it out where there is none.",
        );
    }
    match (registers, takes_documents) {
        (true, true) => report.pass(LEG, "Apps introduce themselves by registration or by a document of their own."),
        (true, false) => report.pass(LEG, "Apps introduce themselves by registration (RFC 7591)."),
        (false, true) => report.warn(
            LEG,
            "Apps introduce themselves only by a document of their own (client ID metadata document), which many don’t have.",
            "Offer registration (RFC 7591) as well: Cursor, Gemini CLI and Copilot Studio need it.",
        ),
        (false, false) => report.fail(
            LEG,
            "Apps have no way to introduce themselves: there is neither a registration_endpoint nor client_id_metadata_document_supported.",
            "Offer one of the two, or enter each app by hand and give people its client ID.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::doctor::Verdict;
    use serde_json::json;

    fn good() -> Value {
        json!({
            "issuer": "https://a.example",
            "authorization_endpoint": "https://a.example/authorize",
            "token_endpoint": "https://a.example/token",
            "registration_endpoint": "https://a.example/register",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "client_id_metadata_document_supported": true,
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn judged(change: impl FnOnce(&mut Value)) -> Report {
        let mut document = good();
        change(&mut document);
        let mut report = Report::new("");
        judge("https://a.example", &document, &mut report);
        report
    }

    fn without(name: &str) -> impl FnOnce(&mut Value) {
        move |document| {
            document.as_object_mut().unwrap().remove(name);
        }
    }

    #[test]
    fn a_good_document_passes_whole() {
        assert_eq!(judged(|_| {}).verdict(), Verdict::Pass);
    }

    #[test]
    fn what_keeps_apps_out_fails_and_what_keeps_some_out_warns() {
        for (name, verdict) in [
            ("issuer", Verdict::Fail),
            ("authorization_endpoint", Verdict::Fail),
            ("token_endpoint", Verdict::Fail),
            ("code_challenge_methods_supported", Verdict::Fail),
            ("response_types_supported", Verdict::Fail),
            ("grant_types_supported", Verdict::Warn),
            ("token_endpoint_auth_methods_supported", Verdict::Warn),
            ("registration_endpoint", Verdict::Warn),
            ("client_id_metadata_document_supported", Verdict::Pass),
            ("authorization_response_iss_parameter_supported", Verdict::Warn),
        ] {
            assert_eq!(judged(without(name)).verdict(), verdict, "without {name}");
        }
    }

    #[test]
    fn the_common_slips_are_told_in_words() {
        for (name, value, told) in [
            ("issuer", json!("https://a.example/"), "a slash at the end"),
            ("issuer", json!("http://a.example"), "ends TLS"),
            ("token_endpoint", json!("http://a.example/token"), "not https"),
            ("token_endpoint", json!("/token"), "no address"),
            ("code_challenge_methods_supported", json!(["plain"]), "S256"),
            ("registration_endpoint", Value::Null, "is null"),
        ] {
            let report = judged(|document| document[name] = value.clone());
            assert_eq!(report.verdict(), Verdict::Fail, "{name} {value}");
            assert!(format!("{report:?}").contains(told), "{name} {value}: {report:?}");
        }
    }
}
