//! How two addresses differ, in words: most callback mismatches are one character that nobody sees.

use url::Url;

/// What is different between the address that was asked for and the nearest of those that would have been right. None where
/// there is nothing to compare.
pub fn difference<'a>(asked: &str, right: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let nearest = right.into_iter().max_by_key(|right| in_common(asked, right))?;
    if asked == nearest {
        return None;
    }
    if asked.trim_end_matches('/') == nearest.trim_end_matches('/') {
        return Some("Only a slash at the end is different.".to_owned());
    }
    if asked.eq_ignore_ascii_case(nearest) {
        return Some("Only capital and small letters are different.".to_owned());
    }
    let (asked, nearest) = (Url::parse(asked).ok()?, Url::parse(nearest).ok()?);
    let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
    let port = |url: &Url| url.port_or_known_default().map(|port| port.to_string()).unwrap_or_default();
    let query = |url: &Url| url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let parts = [
        ("protocol", asked.scheme().to_owned(), nearest.scheme().to_owned()),
        ("host", host(&asked), host(&nearest)),
        ("port", port(&asked), port(&nearest)),
        ("path", asked.path().to_owned(), nearest.path().to_owned()),
        ("query", query(&asked), query(&nearest)),
    ];
    // Whoever has another protocol has another port as well, which would tell nothing more.
    let is_told = |name: &str| name != "port" || asked.scheme() == nearest.scheme();
    let different: Vec<String> = parts
        .into_iter()
        .filter(|(name, asked, right)| asked != right && is_told(name))
        .map(|(name, asked, right)| format!("the {name} ({} instead of {})", shown(&asked), shown(&right)))
        .collect();
    (!different.is_empty()).then(|| format!("Different is {}.", different.join(" and ")))
}

fn shown(part: &str) -> &str {
    if part.is_empty() { "none" } else { part }
}

/// From the left and from the right.
fn in_common(one: &str, other: &str) -> usize {
    let left = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let right = one.chars().rev().zip(other.chars().rev()).take_while(|(one, other)| one == other).count();
    left + right
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn what_is_different_between_two_addresses_is_named() {
        for (asked, right, expected) in [
            ("https://a.example/cb/", "https://a.example/cb", Some("Only a slash at the end is different.")),
            ("https://a.example/CB", "https://a.example/cb", Some("Only capital and small letters are different.")),
            ("http://a.example/cb", "https://a.example/cb", Some("Different is the protocol (http instead of https).")),
            (
                "https://b.example/cb",
                "https://a.example/cb",
                Some("Different is the host (b.example instead of a.example)."),
            ),
            (
                "https://a.example:8443/cb?x=1",
                "https://a.example/cb",
                Some("Different is the port (8443 instead of 443) and the query (?x=1 instead of none)."),
            ),
            ("https://a.example/cb", "https://a.example/cb", None),
            ("nonsense", "https://a.example/cb", None),
        ] {
            assert_eq!(difference(asked, [right]).as_deref(), expected, "{asked} against {right}");
        }
        assert_eq!(difference("https://a.example/cb", []), None);
    }

    #[test]
    fn the_nearest_address_is_compared() {
        let right = ["https://elsewhere.example/x", "https://a.example/callback"];
        let told = difference("https://a.example/callback2", right);
        assert_eq!(told.as_deref(), Some("Different is the path (/callback2 instead of /callback)."));
    }
}
