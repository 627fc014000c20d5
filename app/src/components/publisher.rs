//! How a client's identity is told: never more than the evidence says.

use domain::oauth::{
    client_name::{OURSELVES, imitates, mixes_scripts},
    publisher::{Evidence, Publisher},
};
use leptos::prelude::*;

use super::notice::{Badge, Notice, Tone};

/// In few words, for lists.
#[component]
pub fn PublisherBadge(publisher: Publisher) -> impl IntoView {
    let (tone, text) = match publisher {
        Publisher::Verified { evidence, .. } => (Tone::Good, format!("Verified: {}", evidence.host())),
        Publisher::PreRegistered { .. } => (Tone::Plain, "Added by the operator".to_owned()),
        Publisher::Documented { host, sends_to: None } => (Tone::Warn, format!("By its own document: {host}")),
        Publisher::Documented { host, sends_to: Some(other) } => (Tone::Warn, format!("{host} for {other}")),
        Publisher::UnknownHost { host } => (Tone::Warn, format!("Unknown: {host}")),
        Publisher::Loopback { .. } => (Tone::Warn, "On a person’s computer".to_owned()),
        Publisher::PrivateScheme { scheme, .. } => (Tone::Warn, format!("App link {scheme}:")),
    };
    view! { <Badge tone text /> }
}

/// Before the choice, on the consent screen: a quiet badge for what is proven, one amber line for what is not.
#[component]
pub fn PublisherEvidence(publisher: Publisher, claimed: String) -> impl IntoView {
    match publisher {
        Publisher::Verified { name, evidence } => {
            let text = match evidence {
                Evidence::Document { host } => format!("✓ Verified publisher: {host} serves this app’s document"),
                Evidence::Redirect { host } => format!("✓ Verified publisher: {host} is {name}’s own address"),
            };
            view! { <p class="consent-badge"><Badge tone=Tone::Good text /></p> }.into_any()
        }
        Publisher::PreRegistered { .. } => {
            view! { <p class="consent-badge"><Badge tone=Tone::Plain text="Added by whoever runs this server" /></p> }
                .into_any()
        }
        unproven => {
            view! { <Notice tone=Tone::Warn><p class="small">{warning(&unproven)} {doubt(&claimed)}</p></Notice> }
                .into_any()
        }
    }
}

fn warning(publisher: &Publisher) -> String {
    match publisher {
        Publisher::Documented { host, sends_to: None } => {
            format!("Identified by its own document at {host}: that proves the site, and nobody vouches for it. Go on only if you know {host}, and if you started this.")
        }
        Publisher::Documented { host, sends_to: Some(other) } => {
            format!("Not verified: its document is at {host}, but the answer goes to {other}. Go on only if you know both, and if you started this.")
        }
        Publisher::UnknownHost { host } => {
            format!("Not verified: we don’t know who runs {host}. Go on only if you do, and if you started this.")
        }
        Publisher::Loopback { document: None } => {
            "Not verified: this app runs on your computer, where any program can use this name. Go on only if you started it just now.".to_owned()
        }
        Publisher::Loopback { document: Some(host) } => {
            format!("Not verified: it names itself by a document at {host}, but runs on your computer, where any program can name that document. Go on only if you started it just now.")
        }
        Publisher::PrivateScheme { scheme, document: None } => {
            format!("Not verified: this app is opened by {scheme}: links, which any app on your device can claim. Go on only if you started it just now.")
        }
        Publisher::PrivateScheme { scheme, document: Some(host) } => {
            format!("Not verified: it names itself by a document at {host}, but is opened by {scheme}: links, which any app on your device can claim. Go on only if you started it just now.")
        }
        Publisher::Verified { .. } | Publisher::PreRegistered { .. } => String::new(),
    }
}

/// What to say of a name that promises more than is proven.
fn doubt(claimed: &str) -> Option<String> {
    match imitates(claimed) {
        Some(OURSELVES) => return Some(format!(" Its name speaks of {OURSELVES}, but the app is no part of it.")),
        Some(known) => {
            return Some(format!(
                " The name is only claimed: nothing proves that this app is from the makers of {known}."
            ));
        }
        None => {}
    }
    mixes_scripts(claimed).then(|| " Its name mixes letters of alphabets that look alike.".to_owned())
}

/// Who is asking, as it may be said: the publisher's name where it is proven, the client's own claim elsewhere.
pub fn shown_name(publisher: &Publisher, claimed: &str) -> String {
    match publisher {
        Publisher::Verified { name, .. } => name.clone(),
        _ if claimed.is_empty() => "An app without a name".to_owned(),
        _ => claimed.to_owned(),
    }
}

/// The app within a sentence: quoted where nobody vouches for its name.
pub fn named_app(publisher: &Publisher, claimed: &str) -> String {
    let name = shown_name(publisher, claimed);
    match publisher {
        Publisher::Verified { .. } | Publisher::PreRegistered { .. } => name,
        _ if claimed.is_empty() => "an app without a name".to_owned(),
        _ => format!("an app named “{name}”"),
    }
}

/// A named app at the beginning of a sentence. A name keeps its own first letter.
pub fn beginning(named: &str) -> String {
    named.strip_prefix("an app").map_or_else(|| named.to_owned(), |rest| format!("An app{rest}"))
}

/// Beside the name that somebody consented to: what the app calls itself now, where that is another.
#[component]
pub fn Renamed(publisher: Publisher, consented: String, claimed: String) -> impl IntoView {
    let now_called = shown_name(&publisher, &claimed);
    (now_called != shown_name(&publisher, &consented))
        .then(|| view! { <span class="table-detail">{format!("now calls itself “{now_called}”")}</span> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_name_never_replaces_a_proven_one() {
        let evidence = Evidence::Redirect { host: "claude.ai".into() };
        let proven = Publisher::Verified { name: "Claude".into(), evidence };
        assert_eq!(shown_name(&proven, "Visage Security Team"), "Claude");
        assert_eq!(shown_name(&Publisher::Loopback { document: None }, "inspector"), "inspector");
    }

    #[test]
    fn a_known_name_without_proof_is_called_a_claim() {
        for claimed in ["Claude", "Сlaude", "ChatGPT (verified)"] {
            assert!(doubt(claimed).is_some_and(|doubt| doubt.contains("only claimed")), "{claimed}");
        }
        assert!(doubt("Сalendar").is_some_and(|doubt| doubt.contains("alphabets")));
        assert_eq!(doubt("inspector"), None);
    }

    #[test]
    fn every_unproven_publisher_is_warned_of_with_a_fact() {
        let host = || "x.example".to_owned();
        for (publisher, facts) in [
            (Publisher::UnknownHost { host: host() }, vec!["x.example"]),
            (Publisher::Documented { host: host(), sends_to: None }, vec!["x.example", "nobody vouches"]),
            (
                Publisher::Documented { host: host(), sends_to: Some("y.example".into()) },
                vec!["x.example", "y.example", "Not verified"],
            ),
            (Publisher::Loopback { document: None }, vec!["your computer", "Not verified"]),
            (Publisher::Loopback { document: Some(host()) }, vec!["your computer", "x.example", "Not verified"]),
            (Publisher::PrivateScheme { scheme: "cursor".into(), document: None }, vec!["cursor:"]),
            (
                Publisher::PrivateScheme { scheme: "cursor".into(), document: Some(host()) },
                vec!["cursor:", "x.example", "Not verified"],
            ),
        ] {
            let warning = warning(&publisher);
            assert!(facts.iter().all(|fact| warning.contains(fact)), "{warning}");
        }
    }
}
