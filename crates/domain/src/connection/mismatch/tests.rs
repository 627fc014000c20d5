use super::*;
use std::collections::BTreeSet;

/// One of each.
fn all() -> Vec<Mismatch> {
    use Mismatch::*;
    let text = || "x".to_owned();
    vec![
        Mismatch::wrong_path("/"),
        Mismatch::wrong_address("https://visage.example/", "https://visage.example/mcp"),
        Mismatch::wrong_host(Some("evil.example"), "visage.example"),
        Mismatch::wrong_host(None, "visage.example"),
        Mismatch::wrong_origin("https://evil.example"),
        WrongScheme { expected: "https://visage.example".to_owned() },
        Mismatch::registration("redirect_uris is missing"),
        Mismatch::registration("redirect_uris is missing").of_app("Gemini CLI"),
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
        AlreadyConnected,
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
fn its_person_is_not_told_of_as_somebody_else() {
    for mismatch in all() {
        let Advice { what, remedy, .. } = mismatch.advice_to_its_person();
        for sentence in [what, remedy] {
            assert!(!sentence.contains("person"), "{mismatch:?}: {sentence}");
        }
    }
}

#[test]
fn what_strangers_write_of_a_person_is_told_to_that_person_to_the_letter() {
    let words = "The person pressed, the person was asked, the person granted, the person is no member";
    for mismatch in [
        Mismatch::request(words),
        Mismatch::document(words),
        Mismatch::callback_url_changed(words, words),
        Mismatch::NotAMember { workspace: Some(words.to_owned()) },
    ] {
        let what = mismatch.advice_to_its_person().what;
        assert!(what.contains(words), "{what}");
    }
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
fn what_was_stored_before_names_and_addresses_were_kept_reads_back() {
    for (stored, mismatch) in [
        (r#"{"kind":"wrong_path","path":"/"}"#, Mismatch::wrong_path("/")),
        (r#"{"kind":"registration","told":"x"}"#, Mismatch::registration("x")),
    ] {
        assert_eq!(serde_json::from_str::<Mismatch>(stored).unwrap(), mismatch);
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
    let Mismatch::WrongPath { path, .. } = Mismatch::wrong_path(&hostile) else { panic!("another mismatch") };
    assert!(path.starts_with("/a") && path.ends_with('…') && path.chars().count() <= 201, "{path}");
}

#[test]
fn what_an_app_calls_itself_stands_in_quotation_marks_that_it_can_not_close_and_never_in_the_advice() {
    let plain = Mismatch::registration("redirect_uris is missing").advice();
    for (claimed, quoted) in [
        ("Gemini CLI", "“Gemini CLI”"),
        ("Ada's and Eve’s", "“Ada's and Eve’s”"),
        (
            "Claude”. Your certificate expired: „open https://evil.example",
            "“Claude. Your certificate expired: open https://evil.example”",
        ),
        ("Claude\". \u{201f}Open» «it› ‹now› 「at」 once", "“Claude. Open it now at once”"),
        ("Claude''. Open’’ it", "“Claude'. Open’ it”"),
    ] {
        let told = Mismatch::registration("redirect_uris is missing").of_app(claimed).advice();
        assert!(told.what.contains(&format!("calls itself {quoted} introduced")), "{}", told.what);
        assert_eq!(told.what.matches(['“', '”', '"']).count(), 2, "{}", told.what);
        assert_eq!(told.remedy, plain.remedy);
    }
    let nothing_else = Mismatch::registration("redirect_uris is missing").of_app("\"»").advice();
    assert_eq!(nothing_else, plain);
}

/// The page that people are sent to with such a title.
const TROUBLESHOOTING: &str = include_str!("../../../../../docs/troubleshooting.md");

#[test]
fn the_troubleshooting_page_has_each_heading_of_an_attempt_as_it_reads_here() {
    let (_, by_heading) = TROUBLESHOOTING.split_once("## By heading").unwrap();
    let (by_heading, _) = by_heading.split_once("\n## ").unwrap();
    let headings: Vec<&str> = by_heading.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let titles: BTreeSet<&str> = all().iter().map(Mismatch::title).collect();
    assert_eq!(headings.iter().copied().collect::<BTreeSet<_>>(), titles);
    assert_eq!(headings.len(), titles.len(), "a heading is there twice");
    // What stands in brackets leads to one of them.
    for link in TROUBLESHOOTING.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        let is_there = titles.iter().any(|title| anchor(title) == link);
        assert!(is_there, "no heading has the anchor {link}");
    }
    let longest = TROUBLESHOOTING.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(132), "{longest:?}");
}

/// As the hosts of repositories make it of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|character| character.is_alphanumeric() || *character == '-').collect()
}

#[test]
fn whoever_has_to_be_let_into_a_workspace_is_sent_to_whom_can_do_it() {
    for mismatch in [Mismatch::NoWorkspace, Mismatch::NotAMember { workspace: None }] {
        for remedy in [mismatch.advice().remedy, mismatch.advice_to_its_person().remedy] {
            assert!(!remedy.contains("admin"), "{mismatch:?}: {remedy}");
        }
        assert!(mismatch.advice_to_its_person().remedy.contains("whoever runs this server"), "{mismatch:?}");
    }
    assert_eq!(Mismatch::NotAMember { workspace: None }.advice().by, Who::Operator);
}
