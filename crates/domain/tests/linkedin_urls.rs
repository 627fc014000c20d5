//! Every LinkedIn address of the corpus, and properties that hold for any text.

#[path = "../../testkit/src/corpus.rs"]
mod corpus;

use domain::linkedin_url::{LinkedinUrlError, VanityName};
use proptest::prelude::*;

const CORPUS: &str = include_str!("corpora/linkedin_urls.tsv");

#[test]
fn every_address_of_the_corpus_gets_the_expected_answer() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (_, url, expected) in corpus::rows(CORPUS) {
        seen += 1;
        let answer = VanityName::parse_url(&url);
        let matches = match &answer {
            Ok(name) => name.as_str() == expected,
            Err(_) => expected == "invalid",
        };
        if !matches {
            wrong.push(format!("{url}: expected {expected}, got {answer:?}"));
        }
    }
    assert!(seen > 150, "the corpus has {seen} rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_refusal_says_which_kind_of_page_it_was() {
    let cases = [
        ("", LinkedinUrlError::Empty),
        ("   ", LinkedinUrlError::Empty),
        ("https://lnkd.in/abc", LinkedinUrlError::ShortLink),
        ("https://www.linkedin.com/sales/lead/ACwAA,NAME", LinkedinUrlError::SalesNavigator),
        ("https://www.linkedin.com/talent/profile/AEMAA", LinkedinUrlError::Recruiter),
        ("https://www.linkedin.com/profile/view?id=12345", LinkedinUrlError::InternalId),
        ("urn:li:person:12345", LinkedinUrlError::InternalId),
        ("https://www.linkedin.com/company/1035", LinkedinUrlError::Company),
        ("https://www.linkedin.com/school/8888/", LinkedinUrlError::School),
        ("https://www.linkedin.com/uas/login?session_redirect=%2Fin%2Fada", LinkedinUrlError::SignInPage),
        ("https://www.linkedin.com/pub/dir/Ada/Lovelace", LinkedinUrlError::NotAPerson),
        ("https://www.linkedin.com/pub/john/xyz/1/2", LinkedinUrlError::OldPublicUrl),
        ("https://www.linkedin.com/in/ab", LinkedinUrlError::TooShort),
        ("https://www.linkedin.com/in/ada%", LinkedinUrlError::Encoding),
        ("https://www.linkedin.com/in/ada%2Flovelace", LinkedinUrlError::Characters),
        ("https://example.com/in/ada", LinkedinUrlError::Host),
        ("ftp://www.linkedin.com/in/ada", LinkedinUrlError::Scheme),
        ("ada-lovelace", LinkedinUrlError::NotAUrl),
    ];
    for (text, expected) in cases {
        assert_eq!(VanityName::parse_url(text), Err(expected), "{text}");
    }
}

#[test]
fn member_tokens_keep_their_case_and_names_do_not() {
    let token = VanityName::parse_url("https://www.linkedin.com/in/ACoAAAB1cD2eF_gH-3").unwrap();
    assert_eq!(token.as_str(), "ACoAAAB1cD2eF_gH-3");
    assert!(token.is_member_token());
    let name = VanityName::parse_url("https://www.linkedin.com/in/Ada-Lovelace").unwrap();
    assert_eq!(name.as_str(), "ada-lovelace");
    assert!(!name.is_member_token());
}

#[test]
fn addresses_without_a_scheme_and_addresses_from_mail_are_read() {
    for text in [
        "linkedin.com/in/ada-lovelace",
        "www.linkedin.com/in/ada-lovelace/",
        "//www.linkedin.com/in/ada-lovelace",
        "https://www.linkedin.com//in/ada-lovelace",
        "https://www.linkedin.com/comm/in/ada-lovelace?trk=x",
        "https://www.linkedin.com/mwlite/in/ada-lovelace",
        "<https://www.linkedin.com/in/ADA-lovelace>",
    ] {
        assert_eq!(VanityName::parse_url(text).unwrap().as_str(), "ada-lovelace", "{text}");
    }
}

#[test]
fn a_username_may_be_typed_or_pasted_in_any_usual_way() {
    for text in [
        "ada-lovelace",
        " Ada-Lovelace ",
        "@ada-lovelace",
        "in/ada-lovelace",
        "/in/ada-lovelace/",
        "in/ada-lovelace?trk=x",
        "https://www.linkedin.com/in/ada-lovelace",
        "linkedin.com/in/ada-lovelace",
        "pub/ada-lovelace",
    ] {
        assert_eq!(VanityName::parse_username(text).unwrap().as_str(), "ada-lovelace", "{text}");
    }
    assert_eq!(VanityName::parse_username("%E5%BC%A0%E4%BC%9F-1").unwrap().as_str(), "张伟-1");
    for text in ["", "@", "ab", "ada lovelace", "ada@example.com", "company/openai", "ada.lovelace", "in/"] {
        assert!(VanityName::parse_username(text).is_err(), "{text}");
    }
}

#[test]
fn composed_and_decomposed_spellings_are_one_name() {
    let composed = VanityName::parse_username("jos\u{e9}").unwrap();
    let decomposed = VanityName::parse_username("jose\u{301}").unwrap();
    assert_eq!(composed, decomposed);
    assert_eq!(composed.profile_url(), "https://www.linkedin.com/in/jos%C3%A9");
}

#[test]
fn a_stored_name_is_checked_when_it_is_read() {
    let name: VanityName = serde_json::from_str("\"ada-lovelace\"").unwrap();
    assert_eq!(serde_json::to_string(&name).unwrap(), "\"ada-lovelace\"");
    assert!(serde_json::from_str::<VanityName>("\"../company\"").is_err());
    assert!(serde_json::from_str::<VanityName>("\"%61da\"").is_err());
}

#[test]
fn invisible_letters_are_refused() {
    for hidden in ["\u{200B}", "\u{200D}", "\u{3164}", "\u{115F}", "\u{FE0F}", "\u{E0101}", "\u{202E}", "\u{034F}"] {
        assert!(VanityName::parse_username(&format!("ada{hidden}lovelace")).is_err(), "{hidden:?}");
    }
    assert!(VanityName::parse_username("ada-\u{2764}\u{FE0F}").is_ok());
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = VanityName::parse_url(&text);
        let _ = VanityName::parse_username(&text);
        let _ = VanityName::parse_url(&format!("https://www.linkedin.com/in/{text}"));
    }

    #[test]
    fn a_canonical_name_parses_to_itself(text in "[\\PC]{1,12}") {
        if let Ok(name) = VanityName::parse_username(&text) {
            prop_assert_eq!(VanityName::parse_username(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(VanityName::parse_url(&name.profile_url()), Ok(name.clone()));
            prop_assert_eq!(VanityName::try_from(name.to_string()), Ok(name));
        }
    }

    #[test]
    fn letters_of_any_script_round_trip(text in "[\\p{L}\\p{M}\\p{N}_-]{3,30}") {
        if let Ok(name) = VanityName::parse_username(&text) {
            prop_assert_eq!(VanityName::parse_username(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(VanityName::parse_url(&name.profile_url()), Ok(name));
        }
    }
}

#[test]
fn the_likely_name_is_read_from_the_address() {
    for (vanity, name) in [
        ("ada-lovelace", "Ada Lovelace"),
        ("ada-lovelace-1815a2", "Ada Lovelace"),
        ("grace_hopper", "Grace Hopper"),
        ("1234567", ""),
        ("ACoAABcDeFgHiJkLmNoPqRsTuVwXyZ0123456", ""),
    ] {
        let vanity = VanityName::parse_username(vanity).unwrap();
        assert_eq!(vanity.likely_name(), name, "{}", vanity.as_str());
    }
}
