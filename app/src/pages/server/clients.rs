//! `/server/clients`: the apps that this server knows, those that wait for an answer first.

use domain::{
    clock::Timestamp,
    oauth::{
        client::{Registration, Standing},
        client_policy::{PolicyRule, RuleSubject},
    },
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use usecases::client_policy::{ClientLine, ClientList, PAGE, Search, Wanted};

use super::{decide::Decisions, enter, standing_word};
use crate::{
    components::{
        client_tile::ClientTile,
        confirm::WasDone,
        field::sentence as as_sentence,
        frame::{PageHead, ServerFrame, ServerPlace},
        moment::Moment,
        notice::{Badge, Notice, Tone},
        publisher::{PublisherBadge, shown_name},
    },
    error::PageError,
    one_shot::{Done, Refusal},
    pages::page,
    request::query,
    words,
};

pub const FORM: &str = "clients";

/// What may be looked for by standing, as the address names it and the page.
const STANDINGS: [(&str, &str, Option<Standing>); 4] = [
    ("", "All", None),
    ("waiting", "Waiting", Some(Standing::Asked)),
    ("allowed", "Allowed", Some(Standing::Allowed)),
    ("blocked", "Blocked", Some(Standing::Blocked)),
];

#[component]
pub fn ClientsPage() -> impl IntoView {
    page(ServerPlace::Clients.title(), async {
        let (deps, viewer, operator) = enter()?;
        let search = asked_for();
        let list = usecases::client_policy::clients(&deps, &operator, &search).await;
        let list = list.map_err(|error| PageError::ours(&error))?;
        let refusal = Refusal::take(&deps, FORM);
        let done = Done::take(&deps, ServerPlace::Clients.path());
        let form_token = viewer.form_token.as_str().to_owned();
        Ok(view! {
            <ServerFrame place=ServerPlace::Clients viewer>
                <PageHead
                    title=ServerPlace::Clients.title()
                    sentence="The apps that this server knows. What you decide takes effect on their next request.".into_any()
                >
                    <a class="button button-small" href=ServerPlace::NewClient.path()>"Add a client"</a>
                </PageHead>
                <WasDone done />
                {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{as_sentence(&fault)}</p></Notice> })}
                <Waiting waiting=list.waiting is_shown=search.wanted.standing == Some(Standing::Asked) />
                <Finder wanted=search.wanted.clone() />
                <Clients list wanted=search.wanted form_token now=deps.now() />
            </ServerFrame>
        }
        .into_any())
    })
}

/// What the address asks for.
fn asked_for() -> Search {
    let standing = query("standing").unwrap_or_default();
    let standing = STANDINGS.into_iter().find(|(name, ..)| *name == standing).and_then(|(.., standing)| standing);
    let text = query("q").unwrap_or_default().trim().to_owned();
    let page = query("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    Search { wanted: Wanted { text, standing }, page }
}

/// The address of a search, which a form leads back to.
pub fn address(wanted: &Wanted, page: u64) -> String {
    let standing = STANDINGS.iter().find(|(.., standing)| standing.is_some() && *standing == wanted.standing);
    let standing = standing.map(|(name, ..)| ("standing", (*name).to_owned()));
    let text = (!wanted.text.is_empty()).then(|| ("q", wanted.text.clone()));
    let page = (page > 1).then(|| ("page", page.to_string()));
    let query: ParamsMap = [standing, text, page].into_iter().flatten().collect();
    format!("{}{}", ServerPlace::Clients.path(), query.to_query_string())
}

#[component]
fn Waiting(waiting: u64, is_shown: bool) -> impl IntoView {
    let address = address(&Wanted { standing: Some(Standing::Asked), ..Wanted::default() }, 1);
    (waiting > 0).then(|| {
        let what = if waiting == 1 { "1 app waits for your approval. " } else { " apps wait for your approval. " };
        let count = (waiting > 1).then(|| words::thousands(waiting));
        let them = if waiting == 1 { "it" } else { "them" };
        view! {
            <Notice tone=Tone::Warn>
                <p class="small">
                    <b>{count}{what}</b>
                    "Until then nobody can authorize " {them} "; what was granted earlier goes on. "
                    {(!is_shown).then(|| view! { <a href=address>"Show only these"</a> })}
                </p>
            </Notice>
        }
    })
}

#[component]
fn Finder(wanted: Wanted) -> impl IntoView {
    let links = STANDINGS.map(|(_, title, standing)| {
        let address = address(&Wanted { text: wanted.text.clone(), standing }, 1);
        view! { <a href=address aria-current=(standing == wanted.standing).then_some("page")>{title}</a> }
    });
    let kept = STANDINGS.into_iter().find(|(.., standing)| standing.is_some() && *standing == wanted.standing);
    view! {
        <div class="finder">
            <nav class="segments" aria-label="Standing">{links.collect_view()}</nav>
            <form class="finder-search" method="get" action=ServerPlace::Clients.path() role="search">
                {kept.map(|(name, ..)| view! { <input type="hidden" name="standing" value=name /> })}
                <input
                    class="input"
                    type="search"
                    name="q"
                    value=wanted.text
                    aria-label="Name, client_id or address"
                    placeholder="Name, client_id or address"
                />
                <button class="button" type="submit">"Search"</button>
            </form>
        </div>
    }
}

#[component]
fn Clients(list: ClientList, wanted: Wanted, form_token: String, now: Timestamp) -> impl IntoView {
    if list.lines.is_empty() {
        return view! { <Nobody wanted /> }.into_any();
    }
    let ClientList { lines, found, page, pages, .. } = list;
    let back = address(&wanted, page);
    view! {
        <div class="card">
            <table class="table table-stack">
                <thead>
                    <tr>
                        <th scope="col">"App"</th>
                        <th scope="col">"Answers go to"</th>
                        <th scope="col">"Standing"</th>
                        <th scope="col">"Last seen"</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>
                    {lines
                        .into_iter()
                        .map(|line| view! { <Row line back=back.clone() form_token=form_token.clone() now /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        <Pages wanted found page pages />
    }
    .into_any()
}

#[component]
fn Nobody(wanted: Wanted) -> impl IntoView {
    let is_searched = wanted != Wanted::default();
    view! {
        <section class="card empty">
            {if is_searched {
                view! {
                    <h2>"No app fits"</h2>
                    <p class="muted small">"Names, client_ids and addresses are searched, in small or capital letters."</p>
                    <p><a class="button" href=ServerPlace::Clients.path()>"Show all"</a></p>
                }
                    .into_any()
            } else {
                view! {
                    <h2>"No app is known yet"</h2>
                    <p class="muted small">
                        "Most apps introduce themselves when somebody connects them, and are listed here from then on. Add one by hand if it can’t."
                    </p>
                    <p><a class="button button-primary" href=ServerPlace::NewClient.path()>"Add a client"</a></p>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Row(line: ClientLine, back: String, form_token: String, now: Timestamp) -> impl IntoView {
    let name = shown_name(&line.publisher, &line.client.name);
    let (tone, word) = standing_word(line.client.standing);
    let known = match line.client.registration {
        Registration::PreRegistered => "added by an operator",
        Registration::Dynamic => "registered itself",
        Registration::MetadataDocument => "described by its document",
    };
    // A name that only the app itself claims, beside the one that is proven.
    let claim = (name != line.client.name && !line.client.name.is_empty()).then(|| line.client.name.clone());
    view! {
        <tr>
            <th scope="row" class="table-name table-name-wide">
                <div class="app">
                    <ClientTile name=name.clone() logo=line.logo.clone() />
                    <div>
                        <span class="app-name">{name.clone()}</span>
                        <PublisherBadge publisher=line.publisher.clone() />
                        <span class="table-detail">
                            {known} {claim.map(|claim| view! { " as “" {claim} "”" })}
                        </span>
                        <code class="client-id" title=line.client.id.to_string()>{line.client.id.to_string()}</code>
                    </div>
                </div>
            </th>
            <td data-label="Answers go to">
                <div>
                    {if line.places.is_empty() {
                        view! { <span class="faint">"nowhere: it only asks about tokens"</span> }.into_any()
                    } else {
                        line.places.iter().map(|place| view! { <span class="domain">{place.to_string()}</span> }).collect_view().into_any()
                    }}
                </div>
            </td>
            <td data-label="Standing">
                <div>
                    <Badge tone text=word />
                    <span class="table-detail">{why(line.rule.as_ref(), line.client.registration)}</span>
                </div>
            </td>
            <td data-label="Last seen">
                <div class="num table-time">
                    {match line.client.last_seen_at {
                        Some(then) => view! { <Moment then now /> }.into_any(),
                        None => view! { <span class="faint">"never"</span> }.into_any(),
                    }}
                    <span class="table-detail">{words::counted(line.live_grants, "connection")}</span>
                </div>
            </td>
            <td class="table-action">
                <Decisions line name back form_token />
            </td>
        </tr>
    }
}

/// Which rule counts.
fn why(rule: Option<&PolicyRule>, registration: Registration) -> AnyView {
    match rule {
        Some(PolicyRule { subject: RuleSubject::Client(_), .. }) => "decided for it alone".into_any(),
        Some(rule) => {
            view! { "by the rule for " {rule.subject.kind()} " " <code>{rule.subject.text()}</code> }.into_any()
        }
        None if registration == Registration::PreRegistered => "as an operator added it".into_any(),
        None => "no rule fits".into_any(),
    }
}

#[component]
fn Pages(wanted: Wanted, found: u64, page: u64, pages: u64) -> impl IntoView {
    (pages > 1).then(|| {
        let first = (page - 1) * PAGE + 1;
        let last = (page * PAGE).min(found);
        let link = |to: u64, title: &'static str, is_there: bool| {
            is_there.then(|| view! { <a class="button button-small" href=address(&wanted, to)>{title}</a> })
        };
        view! {
            <nav class="pages" aria-label="Pages">
                <span class="small muted num">
                    {format!("{}–{} of {}", words::thousands(first), words::thousands(last), words::thousands(found))}
                </span>
                {link(page.saturating_sub(1), "Earlier", page > 1)}
                {link(page + 1, "Later", page < pages)}
            </nav>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_keeps_its_address() {
        let wanted = |text: &str, standing| Wanted { text: text.to_owned(), standing };
        assert_eq!(address(&Wanted::default(), 1), "/server/clients");
        assert_eq!(
            address(&wanted("a&b c", Some(Standing::Asked)), 2),
            "/server/clients?standing=waiting&q=a%26b%20c&page=2"
        );
    }
}
