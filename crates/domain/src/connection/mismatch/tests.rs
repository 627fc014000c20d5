use super::*;
use std::collections::BTreeSet;

/// One of each.
fn all() -> Vec<Mismatch> {
    use Mismatch::*;
    let text = || "x".to_owned();
    vec![
        Mismatch::wrong_path("/"),
        Mismatch::wrong_host(Some("evil.example"), "visage.example"),
        Mismatch::wrong_host(None, "visage.example"),
        Mismatch::wrong_origin("https://evil.example"),
        WrongScheme { expected: "https://visage.example".to_owned() },
        Mismatch::registration("redirect_uris is missing"),
        Mismatch::document("the server answered with status 404"),
        TooManyRequests,
        UnknownClient,
        BlockedClient,
        ApprovalNeeded,
        Mismatch::callback_url(Some("https://b.example"), ["https://a.example"]),
        Mismatch::callback_url(None, []),
        PkceMissing,
        Mismatch::pkce_method(Some("plain")),
        Mismatch::pkce_method(None),
        Mismatch::wrong_resource("https://other.example/mcp", "https://visage.example/mcp"),
        Mismatch::request("response_type must be code"),
        Mismatch::silent_check("login_required"),
        NoWorkspace,
        NotAMember { workspace: Some(text()) },
        NotAMember { workspace: None },
        Denied,
        RequestClosed,
        ClientAuthentication,
        UnprovenCaller,
        CodeUnknown,
        CodeSpent,
        CodeExpired,
        CodeOfAnotherClient,
        Verifier,
        Mismatch::callback_url_changed("https://b.example", "https://a.example"),
        Scope,
        RefreshUnknown,
        RefreshExpired,
        RefreshReplayed,
        TokenInAddress,
        TokenUnreadable,
        TokenUnknown,
        TokenExpired,
        Revoked,
        AccountDisabled,
        ScopeTooNarrow,
        NeverWentOn,
        NeverAsked,
        NeverAnswered,
        NeverCameBack,
        NeverCalled,
        ServerFault,
    ]
}

/// As serde lists them to whoever names one that isn't there.
#[test]
fn none_is_missing_from_the_list_of_these_tests() {
    let told = serde_json::from_str::<Mismatch>(r#"{"kind":"?"}"#).unwrap_err().to_string();
    let there_are: BTreeSet<&str> = told.split('`').skip(3).step_by(2).collect();
    let listed: Vec<_> = all().iter().map(|mismatch| serde_json::to_value(mismatch).unwrap()).collect();
    let listed: BTreeSet<&str> = listed.iter().map(|stored| stored["kind"].as_str().unwrap()).collect();
    assert_eq!(there_are, listed);
    assert!(listed.len() > 40, "{told}");
}

#[test]
fn each_mismatch_says_what_happened_and_what_to_do_in_words_of_its_own() {
    let mut told = std::collections::HashSet::new();
    for mismatch in all() {
        let Advice { what, remedy, .. } = mismatch.advice();
        for sentence in [&what, &remedy] {
            assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{mismatch:?}: {sentence}");
        }
        assert!(told.insert(what), "{mismatch:?} says what another one says");
    }
}

#[test]
fn each_mismatch_reads_back_as_it_was() {
    for mismatch in all() {
        let stored = serde_json::to_string(&mismatch).unwrap();
        assert_eq!(serde_json::from_str::<Mismatch>(&stored).unwrap(), mismatch, "{stored}");
    }
}

#[test]
fn a_callback_mismatch_shows_both_addresses() {
    let what = Mismatch::callback_url(Some("https://b.example/x"), ["https://a.example/y"]).advice().what;
    assert!(what.contains("https://b.example/x") && what.contains("https://a.example/y"), "{what}");
}

#[test]
fn what_strangers_write_stays_one_short_line() {
    let hostile = format!("/\u{202e}{}\n", "a".repeat(10_000));
    let Mismatch::WrongPath { path } = Mismatch::wrong_path(&hostile) else { panic!("another mismatch") };
    assert!(path.starts_with("/a") && path.ends_with('…') && path.chars().count() <= 201, "{path}");
}
