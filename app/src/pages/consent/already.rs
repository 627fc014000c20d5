//! What the person has connected of this app already, for the workspace that is chosen.

use domain::{clock::Timestamp, workspace::Workspace};
use leptos::prelude::*;
use usecases::authorize::{Already, ConsentScreen};

use crate::{
    components::{frame::Place, publisher::named_app},
    words,
};

/// What there is to tell of one workspace, if anything.
#[derive(Clone)]
pub struct Known {
    app: String,
    already: Vec<Already>,
    now: Timestamp,
}

impl Known {
    pub fn of(screen: &ConsentScreen, now: Timestamp) -> Self {
        Self { app: named_app(&screen.publisher, &screen.client_name), already: screen.already.clone(), now }
    }

    pub fn told(&self, workspace: &Workspace) -> Option<AnyView> {
        let already = self.already.iter().find(|already| already.workspace == workspace.id)?;
        let Self { app, now, .. } = self;
        let (name, day) = (&workspace.name, words::short_date(already.last_at, *now));
        let told = match already.count {
            1 => format!("You connected {app} to {name} on {day}; this adds a second connection."),
            many => format!(
                "You have {} of {app} in {name}, the last one of {day}; this adds another one.",
                words::counted(many, "connection")
            ),
        };
        // In a tab of its own, so that this request is not lost.
        let apps = Place::Apps.path(workspace.slug.as_str());
        let view = view! {
            <p class="small choice-already">
                {told} " " <a href=apps target="_blank" rel="noopener">"Authorized apps (new tab)"</a>
            </p>
        };
        Some(view.into_any())
    }
}
