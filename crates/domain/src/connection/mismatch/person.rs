//! The words for a mismatch, for the person whom it happened to: they are told what they did and what they can do.

use super::{Advice, Mismatch};

/// As operators read of somebody, and as that somebody does.
const SAID_TO_THEM: [(&str, &str); 9] = [
    ("The person belongs", "You belong"),
    ("the person is no member", "you are no member"),
    ("The person is no member", "You are no member"),
    ("The person pressed", "You pressed"),
    ("the person was asked", "you were asked"),
    ("the person granted", "you granted"),
    ("The person authorized", "You authorized"),
    (
        "Approve the app, then have the person connect again",
        "Ask whoever runs this server to approve it, then connect again",
    ),
    ("Add the person to the workspace", "Ask an admin of the workspace to add you"),
];

impl Mismatch {
    /// What happened, what to do, and who does it, as its person reads it.
    pub fn advice_to_its_person(&self) -> Advice {
        let Advice { what, remedy, by } = self.advice();
        Advice { what: to_them(what), remedy: to_them(remedy), by }
    }
}

fn to_them(text: String) -> String {
    SAID_TO_THEM.iter().fold(text, |text, (of_them, to_them)| text.replace(of_them, to_them))
}
