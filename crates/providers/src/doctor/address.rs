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
    let typed = typed.trim();
    let Some(mut url) = Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    else {
        report.fail(Leg::Address, format!("{:?} is no address that can be called.", shown(typed)), whole(typed));
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
    if url.fragment().is_some() {
        report.fail(
            Leg::Address,
            "The address holds a fragment (#…).",
            "Leave it out: it is no part of a resource’s name (RFC 8707).",
        );
        url.set_fragment(None);
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

/// Most who leave something out leave out the scheme.
fn whole(typed: &str) -> String {
    let scheme =
        if ["localhost", "127.0.0.1", "[::1]"].iter().any(|here| typed.starts_with(here)) { "http" } else { "https" };
    let meant = format!("{scheme}://{typed}");
    let is_address = !typed.contains("://")
        && Url::parse(&meant).is_ok_and(|url| {
            url.host_str().is_some_and(|host| host == "localhost" || host.contains(['.', ':']))
                && url.username().is_empty()
        });
    if is_address {
        format!("Write it whole: {}", shown(&meant))
    } else {
        "Write it whole, such as https://visage.example/mcp.".to_owned()
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
