//! What the consent screen says to each kind of client. The tone follows the evidence: an unproven name is quoted.

use domain::oauth::publisher::Publisher;

pub fn headline(publisher: &Publisher, name: &str) -> String {
    match publisher {
        Publisher::Verified { .. } | Publisher::PreRegistered { .. } => {
            format!("{name} wants to look up profiles with your Visage workspace")
        }
        Publisher::Documented { .. }
        | Publisher::UnknownHost { .. }
        | Publisher::Loopback { .. }
        | Publisher::PrivateScheme { .. } => {
            format!("An app named “{name}” wants to look up profiles with your Visage workspace")
        }
    }
}

/// The first thing on the list of what it can do.
pub fn purpose(publisher: &Publisher, name: &str) -> String {
    let who = match publisher {
        Publisher::Verified { name, .. } => name.as_str(),
        _ => "",
    };
    match who {
        "Claude" => "Look up a person’s photo and profile when you ask Claude about somebody".to_owned(),
        "ChatGPT" => "Look up a person’s photo and profile during your chats".to_owned(),
        "Cursor" | "Visual Studio Code" | "Antigravity" => {
            format!("Look up a person’s photo and profile while {name}’s agent works for you")
        }
        _ => "Look up a person’s photo and profile".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::oauth::publisher::Evidence;

    #[test]
    fn an_unproven_name_is_quoted() {
        assert!(headline(&Publisher::Loopback { document: None }, "Claude").contains("named “Claude”"));
        let proven =
            Publisher::Verified { name: "Claude".into(), evidence: Evidence::Redirect { host: "claude.ai".into() } };
        assert!(headline(&proven, "Claude").starts_with("Claude wants"));
    }

    #[test]
    fn only_proof_earns_a_tailored_sentence() {
        let proven =
            Publisher::Verified { name: "ChatGPT".into(), evidence: Evidence::Redirect { host: "chatgpt.com".into() } };
        assert!(purpose(&proven, "ChatGPT").contains("chats"));
        assert_eq!(purpose(&Publisher::Loopback { document: None }, "ChatGPT"), "Look up a person’s photo and profile");
    }
}
