//! One sentence that asks for attention.

use leptos::{children::Children, prelude::*};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Warn,
    Bad,
    Plain,
}

#[component]
pub fn Notice(tone: Tone, children: Children) -> impl IntoView {
    let notice_class = match tone {
        Tone::Good => "notice notice-good",
        Tone::Warn => "notice notice-warn",
        Tone::Bad => "notice notice-bad",
        Tone::Plain => "notice",
    };
    // What went wrong is read out at once, what was done when there is a pause; everything else when its turn comes.
    let role = match tone {
        Tone::Bad => Some("alert"),
        Tone::Good => Some("status"),
        Tone::Warn | Tone::Plain => None,
    };
    view! { <div class=notice_class role=role>{children()}</div> }
}

/// A few words in a pill; never broken over two lines.
#[component]
pub fn Badge(tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    let badge_class = match tone {
        Tone::Good => "badge badge-good",
        Tone::Warn => "badge badge-warn",
        Tone::Bad => "badge badge-bad",
        Tone::Plain => "badge",
    };
    view! { <span class=badge_class>{text}</span> }
}
