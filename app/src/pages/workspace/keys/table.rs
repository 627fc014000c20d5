//! The keys as a table: the live ones first, then what was revoked.

use domain::{
    api_key::{ApiKey, KeyKind},
    clock::Timestamp,
};
use leptos::{prelude::*, server_fn::ServerFn};

use super::revoke::RevokeKey;
use crate::{
    components::{
        confirm::Revoke,
        moment::{Day, Moment},
        notice::{Badge, Tone},
    },
    islands::CopyButton,
};

#[component]
pub fn KeyTable(
    keys: Vec<ApiKey>,
    slug: String,
    form_token: String,
    may_manage: bool,
    now: Timestamp,
) -> impl IntoView {
    if keys.is_empty() {
        return view! {
            <section class="card empty">
                <h2>"No keys yet"</h2>
                <p class="muted small">
                    "A publishable key puts faces into a page, a CRM or an email through "
                    <code>"/v1/avatar"</code> ". The connector makes its own the first time an app needs one."
                </p>
            </section>
        }
        .into_any();
    }
    view! {
        <div class="card">
            <table class="table table-stack">
                <thead>
                    <tr>
                        <th scope="col">"Key"</th>
                        <th scope="col">"Allowed domains"</th>
                        <th scope="col">"Created"</th>
                        <th scope="col">"Last used"</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>
                    {keys
                        .into_iter()
                        .map(|key| view! { <KeyRow key slug=slug.clone() form_token=form_token.clone() may_manage now /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn KeyRow(key: ApiKey, slug: String, form_token: String, may_manage: bool, now: Timestamp) -> impl IntoView {
    let is_live = key.revoked_at.is_none();
    let row_class = if is_live { "" } else { "row-ended" };
    let consequence = match key.kind {
        KeyKind::Publishable => {
            format!(
                "Every page with “{}” shows initials instead of faces from the next request on. A revoked key can’t come back.",
                key.name
            )
        }
        KeyKind::Secret => {
            format!(
                "Every server with “{}” is refused from the next request on. A revoked key can’t come back.",
                key.name
            )
        }
    };
    let kind = match (key.is_connector, key.kind) {
        (true, _) => "Publishable, made by the connector",
        (false, KeyKind::Publishable) => "Publishable",
        (false, KeyKind::Secret) => "Secret",
    };
    let domains = match (key.kind, key.allowed_domains.is_empty()) {
        (KeyKind::Secret, _) => view! { <span class="faint">"servers only"</span> }.into_any(),
        (KeyKind::Publishable, true) => view! { <span class="faint">"any page"</span> }.into_any(),
        (KeyKind::Publishable, false) => key
            .allowed_domains
            .iter()
            .map(|domain| view! { <span class="domain">{domain.as_str().to_owned()}</span> })
            .collect_view()
            .into_any(),
    };
    view! {
        <tr class=row_class>
            <th scope="row" class="table-name">
                <span class="app-name">{key.name.clone()}</span>
                <span class="table-detail">
                    {kind}
                    {match key.readable.clone() {
                        Some(whole) => view! { <code class="key-whole">{whole}</code> }.into_any(),
                        None => view! { " · " <code>{key.hint.clone()} "…"</code> }.into_any(),
                    }}
                </span>
            </th>
            <td data-label="Allowed domains"><div>{domains}</div></td>
            <td data-label="Created"><Day time=key.created_at now /></td>
            <td data-label="Last used">
                {match key.last_used_at {
                    Some(then) => view! { <Moment then now /> }.into_any(),
                    None => view! { <span class="faint">"never"</span> }.into_any(),
                }}
            </td>
            <td class="table-action">
                {match key.revoked_at {
                    Some(_) => view! { <Badge tone=Tone::Plain text="Revoked" /> }.into_any(),
                    None => {
                        view! {
                            <div class="row-actions">
                                {key
                                    .readable
                                    .clone()
                                    .map(|text| view! { <CopyButton text about=format!("the key {}", key.name) /> })}
                                {may_manage
                                    .then(|| {
                                        view! {
                                            <Revoke
                                                action=RevokeKey::PATH
                                                form_token
                                                workspace=slug
                                                id=key.id.to_string()
                                                about=key.name.clone()
                                                consequence
                                            />
                                        }
                                    })}
                            </div>
                        }
                            .into_any()
                    }
                }}
            </td>
        </tr>
    }
}
