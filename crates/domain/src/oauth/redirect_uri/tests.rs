//! What may be registered, and what matches it.

use super::*;

#[test]
fn the_port_of_a_loopback_address_is_free_and_nothing_else_is() {
    let registered = RedirectUri::parse("http://127.0.0.1/callback").unwrap();
    for (requested, matches) in [
        ("http://127.0.0.1/callback", true),
        ("http://127.0.0.1:33418/callback", true),
        ("http://127.0.0.1:0/callback", false),
        ("http://127.0.0.1:99999/callback", false),
        ("http://localhost:33418/callback", false),
        ("http://127.0.0.1:33418/callback/", false),
        ("http://127.0.0.1:33418/callback?x=1", false),
        ("http://127.0.0.1:33418@evil.example/callback", false),
        ("http://127.0.0.1.evil.example/callback", false),
        ("https://127.0.0.1/callback", false),
    ] {
        assert_eq!(registered.matches(requested), matches, "{requested}");
    }
}

#[test]
fn a_web_address_matches_byte_for_byte() {
    let registered = RedirectUri::parse("https://client.example/cb").unwrap();
    assert!(registered.matches("https://client.example/cb"));
    for other in [
        "https://client.example:443/cb",
        "https://client.example/cb/",
        "https://CLIENT.example/cb",
        "https://client.example/cb?",
    ] {
        assert!(!registered.matches(other), "{other}");
    }
}

#[test]
fn each_kind_of_destination_is_told_apart() {
    let of = |text: &str| RedirectUri::parse(text).map(|uri| uri.destination());
    assert_eq!(of("https://claude.ai/api/mcp/auth_callback"), Ok(Destination::Web { host: "claude.ai".into() }));
    assert_eq!(of("http://[::1]:1/cb"), Ok(Destination::Loopback));
    assert_eq!(
        of("cursor://anysphere.cursor-mcp/oauth/callback"),
        Ok(Destination::PrivateUse { scheme: "cursor".into() })
    );
    assert_eq!(of("com.example.app:/cb"), Ok(Destination::PrivateUse { scheme: "com.example.app".into() }));
}

#[test]
fn an_answer_spells_its_spaces_as_everything_reads_them() {
    let uri = RedirectUri::parse("https://client.example/cb?a=1+2").unwrap();
    let answer = [("error_description", "the person declined"), ("state", "a+b c")];
    let expected = "https://client.example/cb?a=1+2&error_description=the%20person%20declined&state=a%2Bb%20c";
    assert_eq!(uri.with_query(&answer), expected);
}

#[test]
fn an_address_without_a_host_is_not_given_one() {
    for text in ["https:///evil.example/cb", "https:////evil.example/cb", "https://?https://evil.example/cb"] {
        assert!(RedirectUri::parse(text).is_err(), "{text}");
    }
}

#[test]
fn schemes_that_open_a_browser_a_system_or_a_share_are_refused() {
    for scheme in [
        "edge",
        "brave",
        "opera",
        "chrome-search",
        "ms-settings",
        "ms-officecmd",
        "MS-Word",
        "itms-services",
        "search",
        "shell",
        "jnlp",
        "sftp",
        "afp",
        "vnc",
        "dav",
        "webcal",
    ] {
        assert_eq!(RedirectUri::parse(&format!("{scheme}://host/cb")), Err(RedirectUriError::Scheme), "{scheme}");
    }
    for app in [
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "windsurf://codeium.windsurf/oauth/callback",
        "vscode://vscode.mcp/oauth/callback",
        "grokbot://mcp/oauth/callback",
        "claude://callback",
    ] {
        assert!(RedirectUri::parse(app).is_ok(), "{app}");
    }
}

#[test]
fn an_address_of_a_private_network_is_refused_however_it_is_written() {
    for host in
        ["10.0.0.1", "192.168.1.1", "169.254.169.254", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[fd00::1]", "[::]"]
    {
        assert_eq!(RedirectUri::parse(&format!("https://{host}/cb")), Err(RedirectUriError::Host), "{host}");
    }
    assert!(RedirectUri::parse("https://[::ffff:203.0.113.7]/cb").is_ok());
}

#[test]
fn loopback_is_registered_by_the_names_by_which_it_is_recognised() {
    for host in ["2130706433", "0x7f.1", "127.1", "LOCALHOST", "017700000001:1234", "127.0.0.1.", "[0:0:0:0:0:0:0:1]"] {
        let refused = RedirectUri::parse(&format!("http://{host}/cb")).unwrap_err();
        assert_eq!(refused, RedirectUriError::PlainHttp, "{host}");
        for spelling in ["127.0.0.1", "[::1]", "localhost"] {
            assert!(refused.to_string().contains(spelling), "{refused}");
        }
    }
    for host in ["localhost", "127.0.0.1:8080", "[::1]", "localhost:1"] {
        assert!(RedirectUri::parse(&format!("http://{host}/cb")).is_ok(), "{host}");
        assert!(RedirectUri::parse(&format!("http://{host}?x=1")).is_ok(), "{host}");
    }
}

#[test]
fn what_was_registered_under_an_older_rule_is_still_read() {
    let kept: RedirectUri = serde_json::from_str("\"http://127.1/cb\"").unwrap();
    assert!(kept.matches("http://127.1/cb") && !kept.matches("http://127.0.0.1/cb"));
    assert!(serde_json::from_str::<RedirectUri>("\"http://app.example/cb\"").is_err());
}
