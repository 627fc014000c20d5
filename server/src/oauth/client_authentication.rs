//! How a client proves at `/token`, `/revoke` and `/introspect` who it is: not at all, by HTTP Basic, by a secret in the form,
//! or by an assertion; one way a request (RFC 6749, section 2.3; RFC 7521, section 4.2).

use super::{error::OAuthError, wire::Form};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::oauth::{client::Client, client_assertion::ASSERTION_TYPE};
use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use usecases::{
    Deps,
    client::{self, Presented, Proof},
};

pub async fn authenticate(deps: &Deps, headers: &HeaderMap, form: &Form) -> Result<Client, OAuthError> {
    let basic = basic_credentials(headers)?;
    let used_basic = basic.is_some();
    let presented = presented(basic, form)?;
    client::authenticate(deps, presented).await.map_err(|error| OAuthError::authentication(&error, used_basic))
}

/// Who the client says it is, proven or not.
pub fn claimed(headers: &HeaderMap, form: &Form) -> String {
    let basic = basic_credentials(headers).ok().flatten().map(|(id, _)| id);
    basic.or_else(|| form.owned("client_id")).unwrap_or_default()
}

fn presented(basic: Option<(String, String)>, form: &Form) -> Result<Presented, OAuthError> {
    let in_form = form.owned("client_id");
    let assertion = assertion(form)?;
    match (basic, form.owned("client_secret"), assertion) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
            Err(OAuthError::invalid_request("the client authenticated in two ways: use one"))
        }
        (Some((id, _)), None, None) if in_form.as_ref().is_some_and(|other| *other != id) => {
            Err(OAuthError::invalid_request("client_id differs from the one in the Authorization header"))
        }
        // Some public clients send Basic with an empty password.
        (Some((id, secret)), None, None) => Ok(Presented {
            client_id: Some(id),
            proof: if secret.is_empty() { Proof::Nothing } else { Proof::Secret(secret) },
        }),
        (None, None, Some(assertion)) => Ok(Presented { client_id: in_form, proof: Proof::Assertion(assertion) }),
        (None, _, _) if in_form.is_none() => {
            Err(OAuthError::invalid_client("client_id is missing: register, then send it", false))
        }
        (None, secret, None) => {
            Ok(Presented { client_id: in_form, proof: secret.map_or(Proof::Nothing, Proof::Secret) })
        }
    }
}

/// The assertion, if there is one, which must be of the one type that there is (RFC 7521, section 4.2).
fn assertion(form: &Form) -> Result<Option<String>, OAuthError> {
    match (form.get("client_assertion_type"), form.owned("client_assertion")) {
        (None, None) => Ok(None),
        (Some(ASSERTION_TYPE), Some(assertion)) => Ok(Some(assertion)),
        (Some(ASSERTION_TYPE), None) => Err(OAuthError::invalid_request("client_assertion is missing")),
        _ => {
            Err(OAuthError::invalid_request("client_assertion_type must be that of a JWT bearer assertion (RFC 7523)"))
        }
    }
}

/// The pair of an `Authorization: Basic` header, each half form-decoded (RFC 6749, section 2.3.1). Other schemes are not
/// client authentication and are passed over: hosted clients send their old access token along with a refresh.
fn basic_credentials(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.as_bytes(),
        (Some(_), Some(_)) => return Err(OAuthError::invalid_request("there is more than one Authorization header")),
    };
    let (scheme, encoded) = value.split_at(value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len()));
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return Ok(None);
    }
    let malformed = || OAuthError::invalid_client("the Authorization header is not well-formed Basic", true);
    let decoded = STANDARD.decode(encoded.trim_ascii()).map_err(|_| malformed())?;
    let text = String::from_utf8(decoded).map_err(|_| malformed())?;
    let (id, secret) = text.split_once(':').ok_or_else(malformed)?;
    Ok(Some((form_decoded(id), form_decoded(secret))))
}

fn form_decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(value: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        basic_credentials(&headers).unwrap()
    }

    #[test]
    fn basic_credentials_are_form_decoded() {
        let encoded = STANDARD.encode("my%3Aclient:a%2Bb+c%25");
        assert_eq!(read(&format!("basic {encoded}")), Some(("my:client".into(), "a+b c%".into())));
    }

    #[test]
    fn a_bearer_header_is_no_client_authentication() {
        assert_eq!(read("Bearer abc"), None);
    }
}
