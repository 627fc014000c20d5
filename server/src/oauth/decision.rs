//! `POST /authorize/decision`: what a person answered on the consent page, a plain form that works without any script.

use super::{
    authorize::redirect,
    authorize_page::{failure_page, fault_page, page},
    wire,
};
use app::{Again, CLOSED, FaultPage, with_ticked};
use axum::{
    extract::{Extension, Request, State},
    response::Response,
};
use domain::{
    id::{AuthorizationRequestId, WorkspaceId},
    oauth::{
        grant::Answer,
        scope::{Scope, ScopeSet},
    },
};
use http::StatusCode;
use usecases::{
    Deps,
    access::session::Viewer,
    authorize::{self, DecideError, DescribeError},
};

pub async fn decide(State(deps): State<Deps>, viewer: Option<Extension<Viewer>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(form) = wire::read_pairs(&parts.headers, body).await.ok().as_deref().and_then(Decision::read) else {
        return unreadable_page();
    };
    let sign_in_page = format!("/sign-in?request={}", form.request);
    let Some(Extension(viewer)) = viewer else {
        return redirect(&sign_in_page);
    };
    let consent_page = format!("/consent/{}", form.request);
    // A stale form (signed in again in another tab) shows the page once more; so does a forged one.
    if !viewer.form_token.matches(&form.form_token) {
        return redirect(&Again::Account.behind(&consent_page));
    }
    let not_there = with_ticked(&Again::Workspace.behind(&consent_page), form.ticked);
    let answer = match (form.verdict, form.workspace) {
        (Verdict::Cancel, _) => Answer::Deny,
        (Verdict::Authorize, Some(workspace)) => Answer::Approve { workspace, ticked: form.ticked },
        (Verdict::Switch, Some(workspace)) => {
            return match authorize::pick_workspace(&deps, &viewer, form.request, workspace).await {
                Ok(()) => redirect(&with_ticked(&consent_page, form.ticked)),
                Err(DescribeError::Gone) => gone_page(),
                Err(DescribeError::Refused(fault)) => fault_page(&deps, &fault),
                Err(DescribeError::SignInAgain) => redirect(&sign_in_page),
                Err(DescribeError::Store(source)) => failed(&source),
            };
        }
        (Verdict::Authorize | Verdict::Switch, None) => return redirect(&not_there),
    };
    match authorize::decide(&deps, &viewer, form.request, answer).await {
        Ok(url) => redirect(&url),
        Err(DecideError::Gone) => gone_page(),
        Err(DecideError::Refused(fault)) => fault_page(&deps, &fault),
        Err(DecideError::SignInAgain) => redirect(&sign_in_page),
        Err(DecideError::NotAMember) => redirect(&not_there),
        Err(DecideError::Store(source)) => failed(&source),
    }
}

#[derive(Clone, Copy)]
enum Verdict {
    Authorize,
    Cancel,
    Switch,
}

struct Decision {
    request: AuthorizationRequestId,
    form_token: String,
    workspace: Option<WorkspaceId>,
    ticked: ScopeSet,
    verdict: Verdict,
}

impl Decision {
    fn read(pairs: &[(String, String)]) -> Option<Self> {
        let field = |name: &str| pairs.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str());
        Some(Self {
            request: field("request")?.parse().ok()?,
            form_token: field("form_token").unwrap_or_default().to_owned(),
            workspace: field("workspace").and_then(|id| id.parse().ok()),
            ticked: pairs
                .iter()
                .filter(|(name, _)| name == "scope")
                .filter_map(|(_, value)| Scope::from_name(value))
                .collect(),
            verdict: match field("decision")? {
                "authorize" => Verdict::Authorize,
                "cancel" => Verdict::Cancel,
                "switch" => Verdict::Switch,
                _ => return None,
            },
        })
    }
}

/// Sent twice, or too late: the first answer stands, and there is never a second code.
fn gone_page() -> Response {
    let (title, text) = CLOSED;
    page(StatusCode::GONE, &FaultPage::new(title, text))
}

fn unreadable_page() -> Response {
    let text = "Nothing was granted. Go back to the app and connect again.";
    page(StatusCode::BAD_REQUEST, &FaultPage::new("This answer can't be read", text))
}

fn failed(source: &dyn std::fmt::Display) -> Response {
    tracing::error!(error = %source, "A decision could not be recorded");
    failure_page()
}
