//! The road to a connector, walked from this server for whoever looks at `/connect/doctor`.

use crate::{
    Deps,
    access::session::Viewer,
    pace::{ClientAddress, TooFast},
};
use domain::{
    doctor::{Leg, Report, Verdict},
    settings::PublicUrl,
};
use providers::{
    doctor::{Road, walk},
    operator::OperatorClient,
};
use std::{sync::Arc, time::Duration};
use store::StoreError;
use tokio::sync::Semaphore;
use url::{Host, Url};

/// Walks at the same time, for all visitors together: each is a dozen calls.
const AT_ONCE: usize = 4;
/// For one walk as a whole.
const PATIENCE: Duration = Duration::from_secs(40);
const LONGEST_URL: usize = 2_048;

/// What walks need of each other. Cheap to clone.
#[derive(Clone)]
pub struct Doctor {
    client: OperatorClient,
    turns: Arc<Semaphore>,
}

impl Doctor {
    pub(crate) fn new() -> Self {
        Self { client: OperatorClient::new(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    #[error("this address is too long")]
    TooLong,
    /// Whoever is not signed in may look at this server alone.
    #[error("sign in to check another server than this one")]
    SignedOut,
    #[error("several checks are running already: wait a minute and check again")]
    Busy,
    #[error(transparent)]
    TooFast(#[from] TooFast),
    #[error("the server took longer than 40 seconds to answer all that apps ask it: they would have given up")]
    TimedOut,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Walks the road to `url`. This server is called by the address that its operator configured; any other one has to be
/// public, and is called through the guarded client.
pub async fn examine(
    deps: &Deps,
    viewer: Option<&Viewer>,
    from: Option<ClientAddress>,
    url: &str,
) -> Result<Report, ExamineError> {
    let url = url.trim();
    if url.len() > LONGEST_URL {
        return Err(ExamineError::TooLong);
    }
    if let Some(report) = by_another_spelling(url, &deps.settings.public_url) {
        return Ok(report);
    }
    let (own, own_walker) = (deps.settings.public_url.as_str(), deps.connections.own_walker());
    let road = Road::of_strangers(url, own, own_walker, &deps.doctor.client, &deps.network);
    match (viewer, from) {
        (Some(viewer), _) => deps.pace.walk(viewer.user.id)?,
        (None, _) if !road.is_own() => return Err(ExamineError::SignedOut),
        (None, Some(ClientAddress(from))) => deps.pace.walk_of_stranger(from)?,
        // Nobody came by the network.
        (None, None) => {}
    }
    let _turn = deps.doctor.turns.try_acquire().map_err(|_| ExamineError::Busy)?;
    let walked = Box::pin(walk(&road, url, deps.now()));
    let mut report = tokio::time::timeout(PATIENCE, walked).await.map_err(|_| ExamineError::TimedOut)?;
    match viewer {
        Some(viewer) if road.is_own() => look_for_workspace(deps, viewer, &mut report).await?,
        _ => report.leave_workspace_open(),
    }
    Ok(report)
}

/// This server's own address but for http or https, or for the name of this machine: by the other scheme nobody answers, and
/// what answers by the other name says that it is called otherwise.
fn by_another_spelling(typed: &str, own: &PublicUrl) -> Option<Report> {
    let (url, ours) = (Url::parse(typed).ok()?, Url::parse(own.as_str()).ok()?);
    let is_same_name = url.host() == ours.host();
    let is_it = matches!(url.scheme(), "http" | "https")
        && url.origin() != ours.origin()
        && url.port() == ours.port()
        && (is_same_name || (is_this_machine(&url) && is_this_machine(&ours)));
    is_it.then(|| {
        let path = if url.path() == "/" { "/mcp" } else { url.path() };
        let what = if is_same_name {
            format!("This server’s own address begins with {}://, not with {}://.", ours.scheme(), url.scheme())
        } else {
            format!("This server’s own address is {own}. By another name it is another connector to apps.")
        };
        let mut report = Report::new(typed);
        report.fail(Leg::Address, what, format!("Give people exactly {}", own.join(path)));
        report
    })
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => false,
    }
}

/// People are told of the workspaces that they belong to, and of no other.
async fn look_for_workspace(deps: &Deps, viewer: &Viewer, report: &mut Report) -> Result<(), StoreError> {
    let Some(workspace) = report.workspace.clone() else { return Ok(()) };
    let own = store::workspace::list_for_user(&deps.store, viewer.user.id).await?;
    if own.iter().any(|(own, _)| own.slug.as_str() == workspace) {
        report.add_to_address(Verdict::Pass, format!("You belong to the workspace {workspace:?}."), None);
        return Ok(());
    }
    let addresses: Vec<String> =
        own.iter().map(|(own, _)| deps.settings.public_url.join(&format!("/mcp/{}", own.slug))).collect();
    let fix = if addresses.is_empty() {
        "Ask whoever runs this server to add you, or create one of your own.".to_owned()
    } else {
        format!("Ask whoever runs this server to add you, or use one that you belong to: {}", addresses.join(", "))
    };
    let what =
        format!("There is no workspace {workspace:?} that you belong to: you could not authorize an app for it.");
    report.add_to_address(Verdict::Fail, what, Some(fix));
    Ok(())
}
