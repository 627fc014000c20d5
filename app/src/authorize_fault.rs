//! What a request to authorize may be wrong in before its answer may be redirected: in words for whoever sees it, whether the
//! request is new or its consent page was open already.

use domain::oauth::{
    authorization_request::{Asker, PageFault, Unapproved, UnknownCallback},
    client::Registration,
    publisher::Publisher,
};
use http::StatusCode;
use usecases::{Deps, authorize::way_back};

use crate::{
    components::publisher::{beginning, named_app},
    fault_page::{Cure, Fact, FaultPage, WayOn},
};

pub fn page_fault(deps: &Deps, fault: &PageFault) -> (StatusCode, FaultPage) {
    let told = Some(fault.to_string());
    match fault {
        PageFault::Duplicate(_) | PageFault::Unreadable(_) | PageFault::NoClient => {
            let text = "The app sent an authorization request with a mistake in it. Nothing was granted; only the app's makers \
                        can mend this.";
            (StatusCode::BAD_REQUEST, FaultPage::new("This request can't be read", text).with_detail(told))
        }
        PageFault::UnknownClient => {
            let text =
                "Its registration is gone, or it never had one. Remove the connector in the app and add it again.";
            (StatusCode::BAD_REQUEST, FaultPage::new("This app is not known here", text))
        }
        PageFault::Identifier(_) => {
            let text = "It names itself by an address that no app may be named by, so nobody can tell who asks. Nothing was \
                        granted; only the app's makers can mend this.";
            (StatusCode::BAD_REQUEST, FaultPage::new("This app can't be identified", text).with_detail(told))
        }
        PageFault::Document { .. } => {
            let text = "It names itself by the address of a document that could not be read, so nobody can tell who asks. \
                        Nothing was granted. Wait a minute, go back to the app and connect again; if it stays so, tell the \
                        app's makers.";
            (StatusCode::BAD_REQUEST, FaultPage::new("This app can't be identified right now", text).with_detail(told))
        }
        PageFault::BlockedClient(asker) => (StatusCode::BAD_REQUEST, blocked(asker)),
        PageFault::UnapprovedClient(waiting) => (StatusCode::FORBIDDEN, unapproved(deps, waiting)),
        PageFault::RedirectUri(callback) => (StatusCode::BAD_REQUEST, unknown_callback(callback)),
    }
}

/// What a blocked app sends is not answered, so no link leads back to it.
fn blocked(asker: &Asker) -> FaultPage {
    let text = format!(
        "{} wants to connect{}. The operator of this server does not let it. Nothing was granted, and nothing was sent to the \
         app. If you think it should be let in, tell whoever runs this server what stands here: only they can change it.",
        beginning(&named(asker)),
        asker.publisher.as_ref().map(whereabouts).unwrap_or_default()
    );
    FaultPage::new("This app is blocked", text)
}

/// The operator sees the app first in their list from now on; the person has to tell them that they want it.
fn unapproved(deps: &Deps, waiting: &Unapproved) -> FaultPage {
    let asker = &waiting.asker;
    let way_on = way_back(deps, waiting).map(|url| WayOn { label: "Go back to the app".to_owned(), url });
    let text = format!(
        "{} wants to connect{}, and whoever runs this server has to approve it first. Tell them the app's name: it waits for \
         them at the top of their list of clients. Once they have approved it, go back to the app and connect again. Nothing \
         was granted yet.",
        beginning(&named(asker)),
        asker.publisher.as_ref().map(whereabouts).unwrap_or_default()
    );
    FaultPage { way_on, ..FaultPage::new("Waiting for approval", text) }
}

/// Nothing tells who asked, so the name is only a claim.
fn unknown_callback(callback: &UnknownCallback) -> FaultPage {
    let UnknownCallback { name, registration, asked, registered, difference } = callback.clone();
    let app = if name.is_empty() { "An app without a name".to_owned() } else { format!("An app named “{name}”") };
    let text = format!(
        "{app} wants the answer sent to an address that is not registered for it (callback URL mismatch), so nothing was sent \
         anywhere. This is a fault in the configuration of the app or of this server: you did nothing wrong."
    );
    let none = || "no address".to_owned();
    let registered = match registration {
        Registration::PreRegistered => {
            let told = "Entered by an operator of this server. Operators see it beside the one that was sent, under Attempts to \
                        connect.";
            Fact::InWords(told.to_owned())
        }
        _ if registered.is_empty() => Fact::InWords(none()),
        _ => Fact::ToTheLetter(registered),
    };
    let asked = asked.map_or_else(|| Fact::InWords(none()), |asked| Fact::ToTheLetter(vec![asked]));
    let mut facts = vec![("Sent (redirect_uri)", asked), ("Registered", registered)];
    facts.extend(difference.map(|told| ("In other words", Fact::InWords(told))));
    let (person, maker) = match registration {
        Registration::Dynamic => (
            "Remove the connector in the app and add it again, so that it registers anew. If that does not help, send what \
             stands here to the app's makers.",
            "Register the address that was sent, to the letter: only the port of a loopback address may be another. An app \
             that registers itself lists it under redirect_uris.",
        ),
        Registration::MetadataDocument => (
            "Update the app, then connect again. If that does not help, send what stands here to its makers.",
            "List the address that was sent, to the letter, under redirect_uris in the document that the client_id names.",
        ),
        Registration::PreRegistered => (
            "Send what stands here to whoever runs this server: they entered this app by hand, and only they can mend it.",
            "Register the address that was sent, to the letter: enter the app anew with it, or have the app use the registered \
             one.",
        ),
    };
    let cures = vec![
        Cure { who: "If you are connecting the app:", what: person.to_owned(), page: None },
        Cure {
            who: "If you make the app or run this server:",
            what: format!("{maker} Operators read more in docs/troubleshooting.md, and see every such attempt under"),
            page: Some(("Attempts to connect", "/server/attempts")),
        },
    ];
    FaultPage { facts, cures, ..FaultPage::new("Callback URL mismatch", text) }
}

fn named(asker: &Asker) -> String {
    match &asker.publisher {
        Some(publisher) => named_app(publisher, &asker.name),
        None if asker.name.is_empty() => "an app without a name".to_owned(),
        None => format!("an app named “{}”", asker.name),
    }
}

/// Where it answers, as a part of a sentence.
fn whereabouts(publisher: &Publisher) -> String {
    match publisher {
        Publisher::Verified { evidence, .. } => format!(" from {}", evidence.host()),
        Publisher::PreRegistered { host: Some(host) }
        | Publisher::UnknownHost { host }
        | Publisher::Documented { host, sends_to: None } => format!(" from {host}"),
        Publisher::Documented { host, sends_to: Some(other) } => format!(" from {host}, with answers to {other}"),
        Publisher::Loopback { .. } => " from a computer, perhaps your own".to_owned(),
        Publisher::PrivateScheme { scheme, .. } => format!(" through {scheme}: links"),
        Publisher::PreRegistered { host: None } => String::new(),
    }
}
