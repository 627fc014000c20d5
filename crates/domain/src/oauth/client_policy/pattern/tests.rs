use super::*;

#[test]
fn a_host_is_read_however_people_write_it() {
    for (written, read) in [
        ("Evil.Example", Some("evil.example")),
        (" evil.example. ", Some("evil.example")),
        ("*.Evil.example", Some("*.evil.example")),
        ("bücher.example", Some("xn--bcher-kva.example")),
        ("203.0.113.7", Some("203.0.113.7")),
        ("[2001:db8::1]", Some("[2001:db8::1]")),
        ("localhost", Some("loopback")),
        ("Loopback", Some("loopback")),
        ("[::1]", Some("loopback")),
        ("Cursor:", Some("cursor:")),
        ("com.example.app:", Some("com.example.app:")),
        ("", None),
        ("cursor", None),
        ("*", None),
        ("*.", None),
        ("*.203.0.113.7", None),
        ("a.*.example", None),
        ("https://evil.example", None),
        ("evil.example/path", None),
        ("evil.example:443", None),
        ("https:", None),
        ("1x:", None),
        (":", None),
    ] {
        let pattern: Result<HostPattern, _> = written.parse();
        assert_eq!(pattern.as_ref().ok().map(ToString::to_string).as_deref(), read, "{written}");
        // What a rule says can be read again as the same rule.
        assert!(pattern.iter().all(|pattern| pattern.to_string().parse() == Ok(pattern.clone())), "{written}");
    }
}

#[test]
fn a_host_stands_for_itself_and_a_star_for_what_is_below() {
    let web = |host: &str| Destination::Web { host: host.to_owned() };
    let app = |scheme: &str| Destination::PrivateUse { scheme: scheme.to_owned() };
    for (pattern, destination, matches) in [
        ("evil.example", web("evil.example"), true),
        ("evil.example", web("evil.example."), true),
        ("evil.example", web("a.evil.example"), false),
        ("evil.example", web("notevil.example"), false),
        ("*.evil.example", web("a.b.evil.example"), true),
        ("*.evil.example", web("evil.example"), false),
        ("*.evil.example", web("notevil.example"), false),
        ("loopback", Destination::Loopback, true),
        ("loopback", web("localhost"), false),
        ("cursor:", app("cursor"), true),
        ("cursor:", app("cursor2"), false),
        ("cursor:", web("cursor.com"), false),
    ] {
        let read: HostPattern = pattern.parse().unwrap();
        assert_eq!(read.matches(&destination), matches, "{pattern} {destination:?}");
    }
}

#[test]
fn a_name_matches_whatever_letters_it_is_dressed_in() {
    for (pattern, name, matches) in [
        ("Claude", "claude", true),
        ("claude", "Ｃｌａｕｄｅ", true),
        ("claude", "𝒞laude", true),
        ("claude", "Cla\u{200b}ude", true),
        ("claude", "Claude Code", false),
        ("claude*", "Claude Code", true),
        ("*code", "Claude Code", true),
        ("*a*e*", "Claude Code", true),
        ("*x*", "Claude Code", false),
        ("c*c*e", "Claude Code", true),
        ("Claude*", "Сlaude", true),
        ("Claude*", "CIaude Desktop", true),
        ("Claude*", "Clàudé", true),
        ("Сlaude", "Claude", true),
        ("Inspector", "lnspector", true),
        ("яндекс*", "Яндекс Музыка", true),
        ("НАША ПОЧТА", "наша почта", true),
        ("Почта*", "Яндекс", false),
        ("Kern", "Kem", true),
        ("Claude Inter*", "Сlaude Internal", true),
        ("Claude Inter*", "CIaude Internal", true),
        ("Сlaude Intem*", "Claude Internal", true),
        ("Modern Inter*", "Modem lnternal", true),
        ("*nal", "Claude Intemal", false),
        ("*net", "Сlaude Internet", true),
        // No star cuts what one letter looks like.
        ("r*", "Maude", false),
        ("*n", "Bloom", false),
        ("*n", "Born", true),
        ("c*o*n", "Com", false),
        ("m*m", "m", false),
        ("m*", "rn", true),
        // A digit may look like a letter, but whoever writes one means it.
        ("Claude*", "C1aude", true),
        ("Go*", "G0 on", true),
        ("Agent 10*", "Agent Login", false),
        ("Agent 10*", "Аgent 10 Pro", true),
        ("Agent 10*", "Agent ①0", true),
        ("*", "", false),
        ("  ", "", false),
        ("**", "anything", false),
        ("＊", "anything", false),
        ("⁎", "anything", false),
    ] {
        let is_match = pattern.parse::<NamePattern>().is_ok_and(|pattern| pattern.matches(&FoldedName::of(name)));
        assert_eq!(is_match, matches, "{pattern} {name}");
    }
}

#[test]
fn no_pattern_takes_for_ever() {
    let pattern: NamePattern = "*a".repeat(40).parse().unwrap();
    assert!(!pattern.matches(&FoldedName::of(&format!("{}b", "a".repeat(20_000)))));
}
