//! The clients as an operator looks them over: what is known of each, how much it is used, where it stands and why.

use crate::{Deps, access::operator::Operator, client::pictures};
use domain::{
    avatar::PhotoId,
    oauth::{
        client::{Client, ClientId, Registration, Standing},
        client_policy::{Policy, PolicyRule, Reason},
        logo,
        publisher::{self, Publisher},
        redirect_uri::{Destination, RedirectUri},
    },
};
use store::{
    StoreError,
    client_search::{self, Wanted},
};

/// Clients on one page.
pub const PAGE: u64 = 50;

/// Which of them, and which page, counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    pub wanted: Wanted,
    pub page: u64,
}

#[derive(Debug, Clone)]
pub struct ClientLine {
    pub client: Client,
    /// By the weakest of its addresses.
    pub publisher: Publisher,
    /// None: initials stand in.
    pub logo: Option<PhotoId>,
    /// Where its answers are sent, each place once.
    pub places: Vec<Destination>,
    pub live_grants: u64,
    /// The rule by which it stands where it stands; none where it is as all others.
    pub rule: Option<PolicyRule>,
}

#[derive(Debug, Clone)]
pub struct ClientList {
    pub lines: Vec<ClientLine>,
    /// How many were found, on all pages.
    pub found: u64,
    /// How many wait for an answer, found or not.
    pub waiting: u64,
    pub page: u64,
    pub pages: u64,
}

/// Those that wait for an answer first, then the last seen. A page that does not exist is the last one.
pub async fn clients(deps: &Deps, _: &Operator, search: &Search) -> Result<ClientList, StoreError> {
    let found = client_search::count(&deps.store, &search.wanted).await?;
    let asked = Wanted { standing: Some(Standing::Asked), ..Wanted::default() };
    let waiting = client_search::count(&deps.store, &asked).await?;
    let pages = found.div_ceil(PAGE).max(1);
    let page = search.page.clamp(1, pages);
    let clients = client_search::list(&deps.store, &search.wanted, (page - 1) * PAGE, PAGE).await?;
    let lines = lines(deps, clients).await?;
    Ok(ClientList { lines, found, waiting, page, pages })
}

/// One client, if it is known.
pub async fn client(deps: &Deps, _: &Operator, id: &ClientId) -> Result<Option<ClientLine>, StoreError> {
    let client = store::client::find(&deps.store, id).await?;
    Ok(lines(deps, client.into_iter().collect()).await?.pop())
}

/// Another client that an operator entered under the same name and with the same addresses.
pub async fn entered_alike(deps: &Deps, _: &Operator, client: &Client) -> Result<Option<ClientId>, StoreError> {
    let Some(address) = client.redirect_uris.first() else { return Ok(None) };
    let wanted = Wanted { text: address.to_string(), standing: None };
    let is_alike = |other: &Client| {
        other.id != client.id
            && other.registration == Registration::PreRegistered
            && other.name == client.name
            && other.redirect_uris == client.redirect_uris
    };
    let mut seen = 0;
    loop {
        let some = client_search::list(&deps.store, &wanted, seen, PAGE).await?;
        if let Some(alike) = some.iter().find(|other| is_alike(other)) {
            return Ok(Some(alike.id.clone()));
        }
        seen += PAGE;
        if u64::try_from(some.len()).is_ok_and(|count| count < PAGE) {
            return Ok(None);
        }
    }
}

async fn lines(deps: &Deps, clients: Vec<Client>) -> Result<Vec<ClientLine>, StoreError> {
    let ids: Vec<_> = clients.iter().map(|client| &client.id).collect();
    let grants = client_search::live_grants(&deps.store, &ids).await?;
    let policy = store::client_policy::find(&deps.store).await?;
    let clients: Vec<_> = clients.into_iter().map(|client| (weakest_evidence(&client), client)).collect();
    let pictures = pictures(deps, clients.iter().map(|(publisher, client)| (client, publisher))).await?;
    let lines = clients
        .into_iter()
        .map(|(publisher, client)| ClientLine {
            logo: logo::vouched(&client, &publisher).and_then(|uri| pictures.get(uri).cloned()),
            publisher,
            places: places(&client),
            live_grants: grants.get(&client.id).copied().unwrap_or(0),
            rule: rule_for(&policy, &client),
            client,
        })
        .collect();
    Ok(lines)
}

/// A client that may be sent to several addresses is known no better than by the one that nobody vouches for.
fn weakest_evidence(client: &Client) -> Publisher {
    let mut all = client.redirect_uris.iter().map(|uri| publisher::identify(client, uri));
    // Only a resource server, which the operator entered, is never sent anywhere.
    let Some(first) = all.next() else { return Publisher::PreRegistered { host: None } };
    if !matches!(first, Publisher::Verified { .. }) {
        return first;
    }
    all.find(|publisher| !matches!(publisher, Publisher::Verified { .. })).unwrap_or(first)
}

fn places(client: &Client) -> Vec<Destination> {
    let mut places = Vec::new();
    for place in client.redirect_uris.iter().map(RedirectUri::destination) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

fn rule_for(policy: &Policy, client: &Client) -> Option<PolicyRule> {
    match policy.decide(client).reason {
        Reason::Rule(rule) => Some(rule.clone()),
        Reason::Entered | Reason::Default => None,
    }
}
