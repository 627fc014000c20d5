//! Why the consent screen is shown once more instead of taking the answer.

use domain::oauth::scope::ScopeSet;
use leptos::prelude::*;

use crate::{
    components::notice::{Notice, Tone},
    request::query,
};

/// The parameter of the page's address. It holds no more than one of our own words.
const PARAMETER: &str = "again";

/// Another one: the scopes that were ticked before the page came again.
const TICKED: &str = "ticked";

/// The address that shows the page at `path` with these scopes ticked and no others.
pub fn with_ticked(path: &str, ticked: ScopeSet) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{TICKED}={}", ticked.to_string().replace(' ', "+"))
}

/// What is ticked at first: everything, unless the person had a say already.
pub(super) fn ticked() -> ScopeSet {
    query(TICKED).map_or_else(ScopeSet::all, |names| ScopeSet::parse(&names))
}

/// What has changed since the page was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Another tab signed in, perhaps as somebody else.
    Account,
    /// The person may not connect to that workspace, or named none.
    Workspace,
}

impl Again {
    /// The address that shows the page at `path` with the reason.
    pub fn behind(self, path: &str) -> String {
        format!("{path}?{PARAMETER}={}", self.word())
    }

    pub(super) fn asked() -> Option<Self> {
        let word = query(PARAMETER)?;
        [Self::Account, Self::Workspace].into_iter().find(|again| again.word() == word)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Workspace => "workspace",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Account => {
                "Nothing was granted yet: another tab has signed in since this page was opened. See below as whom you would grant access now."
            }
            Self::Workspace => {
                "Nothing was granted yet: you can’t connect an app to that workspace. See below what you can choose now."
            }
        }
    }
}

#[component]
pub fn AgainNotice(again: Again) -> impl IntoView {
    view! {
        <div class="consent-again">
            <Notice tone=Tone::Bad><p class="small">{again.text()}</p></Notice>
        </div>
    }
}
