//! The access token that a request carries (RFC 6750, section 2.1): taken out of its header, not yet judged.

use http::{HeaderMap, header};

pub enum Sent<'a> {
    Nothing,
    /// Another scheme, or more than one header.
    Unreadable,
    Token(&'a str),
}

pub fn token(headers: &HeaderMap) -> Sent<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Sent::Nothing,
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Sent::Unreadable,
    };
    match value.to_str().ok().and_then(|value| value.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Sent::Token(token.trim()),
        _ => Sent::Unreadable,
    }
}

/// A token in the query string ends up in logs, so none is taken from there (RFC 6750, section 5.3).
pub fn is_in_query(query: Option<&str>) -> bool {
    query.is_some_and(|query| url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::{collection::vec, prelude::*};

    fn sent(values: &[HeaderValue]) -> HeaderMap {
        values.iter().map(|value| (header::AUTHORIZATION, value.clone())).collect()
    }

    proptest! {
        /// Whatever bytes a header may hold: what is taken for a token is one piece of what came after `Bearer`.
        #[test]
        fn a_token_comes_in_one_header_of_type_bearer_or_not_at_all(values in vec(prop_oneof![
            vec(any::<u8>(), 0..60), "(bearer|Bearer|BEARER|Basic|DPoP|)[ \t,]{0,3}[!-~ ]{0,40}".prop_map(String::into_bytes),
        ], 0..3)) {
            let values: Vec<HeaderValue> = values.iter().filter_map(|value| HeaderValue::from_bytes(value).ok()).collect();
            match token(&sent(&values)) {
                Sent::Nothing => prop_assert!(values.is_empty()),
                Sent::Unreadable => prop_assert!(!values.is_empty()),
                Sent::Token(token) => {
                    prop_assert_eq!(values.len(), 1);
                    let (scheme, rest) = values[0].to_str().unwrap().split_once(' ').unwrap();
                    prop_assert!(scheme.eq_ignore_ascii_case("bearer"));
                    prop_assert_eq!(rest.trim(), token);
                }
            }
        }

        #[test]
        fn a_well_formed_header_gives_its_token_back(token in "[A-Za-z0-9._~+/-]{1,80}=?", scheme in "[bB][eE][aA][rR][eE][rR]") {
            let headers = sent(&[HeaderValue::from_str(&format!("{scheme} {token}")).unwrap()]);
            prop_assert!(matches!(super::token(&headers), Sent::Token(found) if found == token));
        }

        #[test]
        fn a_token_in_an_address_is_noticed_however_it_is_spelled(before in "[a-z=&%]{0,20}", name in "(a|%61)ccess(_|%5[fF])token", value in "[!-~]{0,20}") {
            let query = format!("{before}&{name}={value}");
            prop_assert!(is_in_query(Some(&query)));
            prop_assert!(!is_in_query(Some(&before)));
        }
    }
}
