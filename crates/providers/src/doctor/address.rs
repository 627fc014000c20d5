//! The address, judged by its text alone.

use super::seen::shown;
use crate::address::special_use;
use domain::doctor::{Leg, Report, Verdict};
use url::{Host, Url};

/// The connector's address: as people paste it, and as programs read it.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    pub typed: String,
    pub url: Url,
}

/// None where there is nothing to call.
pub(super) fn read(typed: &str, report: &mut Report) -> Option<Endpoint> {
    let mut typed = typed.trim();
    let alone = alone(typed);
    let is_address = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let Some(mut url) = Url::parse(typed).ok().filter(is_address).filter(|_| alone == typed) else {
        let (write, meant) = if alone == typed { ("Write it whole", typed) } else { ("Paste the URL alone", alone) };
        report.fail(Leg::Address, format!("{:?} is no address that can be called.", shown(typed)), whole(write, meant));
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        report.fail(
            Leg::Address,
            "The address holds a user name or a password.",
            "Leave it out: apps sign in by OAuth, and many refuse such an address.",
        );
        return None;
    }
    if let Some((before, fragment)) = typed.split_once('#') {
        report.fail(
            Leg::Address,
            "The address holds a fragment.",
            format!("Leave out #{}: it is no part of a resource’s name (RFC 8707).", shown(fragment)),
        );
        url.set_fragment(None);
        typed = before;
    }
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "http" && !is_here {
        report.fail(
            Leg::Address,
            "The address is plain http: apps refuse to sign in over it.",
            "Put a proxy with a certificate before the server, and give people the address with https.",
        );
    }
    if is_private(&url) {
        report.warn(
            Leg::Address,
            "Only apps on this machine or in this network can reach the address.",
            "Nothing, for Claude Code, Cursor and other apps on people’s computers. For Claude, ChatGPT and other hosted apps, give it a public name.",
        );
    } else if url.port().is_some() {
        report.warn(
            Leg::Address,
            format!("The address names the port {}.", url.port().unwrap_or_default()),
            "Use port 443 if hosted apps are to connect: some of them call no other.",
        );
    }
    if report.verdict_on(Leg::Address) != Some(Verdict::Fail) {
        report.pass(Leg::Address, format!("{} is a whole address.", shown(typed)));
    }
    Some(Endpoint { typed: typed.to_owned(), url })
}

/// The URL within quotes, or within a command that is to be run elsewhere.
fn alone(typed: &str) -> &str {
    fn unquoted(word: &str) -> &str {
        word.trim_matches(|letter| "\"'`“”„‘’‚<>«»".contains(letter))
    }
    let mut words = typed.split_whitespace().map(unquoted);
    let is_url = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    words.find(is_url).unwrap_or_else(|| unquoted(typed))
}

/// Most who leave something out leave out the scheme, its colon, or the path.
fn whole(write: &str, meant: &str) -> String {
    let is_here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|here| meant.starts_with(here));
    let meant = if let Some(rest) = meant.strip_prefix("https//") {
        format!("https://{rest}")
    } else if let Some(rest) = meant.strip_prefix("http//") {
        format!("http://{rest}")
    } else if meant.contains("://") {
        meant.to_owned()
    } else {
        format!("{}://{meant}", if is_here { "http" } else { "https" })
    };
    let is_named = |url: &Url| {
        let is_whole = url.host_str().is_some_and(|host| host == "localhost" || host.contains(['.', ':']));
        is_whole && url.username().is_empty() && matches!(url.scheme(), "http" | "https")
    };
    match Url::parse(&meant) {
        Ok(url) if is_named(&url) && !meant.contains(char::is_whitespace) => {
            // Where connectors are, when nothing else is said.
            let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            let path = if is_bare { "/mcp" } else { "" };
            let meant = if is_bare { meant.trim_end_matches('/') } else { &meant };
            format!("{write}: {}{path}", shown(meant))
        }
        Err(url::ParseError::InvalidPort) => {
            "Check the port, the number behind the name: there is none above 65535.".to_owned()
        }
        _ => "Write it whole, such as https://visage.example/mcp.".to_owned(),
    }
}

fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => special_use(address.into()).is_some(),
        Some(Host::Ipv6(address)) => special_use(address.into()).is_some(),
        Some(Host::Domain(name)) => {
            let zone = name.rsplit('.').next().unwrap_or_default();
            !name.contains('.') || ["local", "localhost", "internal", "lan", "home", "corp"].contains(&zone)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_its_scheme_is_told_with_it() {
        for (typed, told) in [
            ("visage.example/mcp", "Write it whole: https://visage.example/mcp"),
            ("localhost:8080/mcp", "Write it whole: http://localhost:8080/mcp"),
            ("localhost:8080", "Write it whole: http://localhost:8080/mcp"),
            ("visage.example/", "Write it whole: https://visage.example/mcp"),
            ("http//localhost:8080/mcp", "Write it whole: http://localhost:8080/mcp"),
            ("https//visage.example", "Write it whole: https://visage.example/mcp"),
            ("localhost:74010/mcp", "there is none above 65535."),
            ("https://visage.example:74010/mcp", "there is none above 65535."),
            ("\"https://visage.example/mcp\"", "Paste the URL alone: https://visage.example/mcp"),
            ("‘localhost:8080’", "Paste the URL alone: http://localhost:8080/mcp"),
            ("https://visage.example/mcp\"", "Paste the URL alone: https://visage.example/mcp"),
            (
                "claude mcp add --transport http visage http://localhost:8080/mcp",
                "Paste the URL alone: http://localhost:8080/mcp",
            ),
            ("visage doctor visage.example", "such as https://visage.example/mcp."),
            ("ftp://visage.example/mcp", "such as https://visage.example/mcp."),
            ("mcp", "such as https://visage.example/mcp."),
            ("ada@visage.example", "such as https://visage.example/mcp."),
        ] {
            let mut report = Report::new(typed);
            assert!(read(typed, &mut report).is_none());
            assert!(report.findings[0].fix.as_deref().is_some_and(|fix| fix.ends_with(told)), "{report:?}");
        }
    }

    #[test]
    fn an_address_is_judged_before_anybody_is_called() {
        for (typed, verdict, goes_on) in [
            ("https://visage.example/mcp", Verdict::Pass, true),
            ("  https://visage.example/mcp ", Verdict::Pass, true),
            ("visage.example/mcp", Verdict::Fail, false),
            ("ftp://visage.example/mcp", Verdict::Fail, false),
            ("https://ada:secret@visage.example/mcp", Verdict::Fail, false),
            ("https://visage.example/mcp#tools", Verdict::Fail, true),
            ("https://visage.example/mcp?key=1", Verdict::Pass, true),
            ("http://visage.example/mcp", Verdict::Fail, true),
            ("http://localhost:8080/mcp", Verdict::Warn, true),
            ("https://10.0.0.7/mcp", Verdict::Warn, true),
            ("https://visage.internal/mcp", Verdict::Warn, true),
            ("https://visage.example:8443/mcp", Verdict::Warn, true),
        ] {
            let mut report = Report::new(typed);
            let endpoint = read(typed, &mut report);
            assert_eq!((report.verdict(), endpoint.is_some()), (verdict, goes_on), "{typed}: {report:?}");
        }
    }
}
