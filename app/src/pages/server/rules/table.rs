//! The rules as they stand, each with what it does and its end.

use domain::oauth::client_policy::RuleSubject;
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::client_policy::{PolicyAtWork, RuleAtWork, Wanted};

use super::{change::RemoveRule, effect_word, holds, subject_words};
use crate::{
    components::{
        confirm::Confirm,
        notice::{Badge, Tone},
    },
    pages::server::clients,
    words,
};

#[component]
pub fn RuleTable(at_work: PolicyAtWork, form_token: String) -> impl IntoView {
    let PolicyAtWork { rules, default, by_default } = at_work;
    // What is decided about one app stands with the app; the rules for many come first.
    let (own, general): (Vec<_>, Vec<_>) =
        rules.into_iter().partition(|rule| matches!(rule.rule.subject, RuleSubject::Client(_)));
    let (tone, word) = effect_word(default);
    view! {
        <div class="card">
            <table class="table table-stack">
                <thead>
                    <tr>
                        <th scope="col">"About"</th>
                        <th scope="col">"What happens"</th>
                        <th scope="col">"Counts for"</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>
                    {general
                        .into_iter()
                        .chain(own)
                        .map(|rule| view! { <Row rule form_token=form_token.clone() /> })
                        .collect_view()}
                    <tr>
                        <th scope="row" class="table-name">"All other apps"</th>
                        <td data-label="What happens"><div><Badge tone text=word /></div></td>
                        <td data-label="Counts for"><div class="num">{counted(by_default)}</div></td>
                        <td class="table-action"></td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(rule: RuleAtWork, form_token: String) -> impl IntoView {
    let RuleAtWork { rule, decided, client } = rule;
    let (tone, word) = effect_word(rule.effect);
    let about = format!("{}: {} {}", holds(rule.effect), rule.subject.kind(), rule.subject.text());
    let fields = vec![("form_token", form_token), ("id", rule.id.to_string())];
    let consequence = if decided == 0 {
        "No app stands by this rule, so nothing changes for those known today.".to_owned()
    } else {
        format!("{} will stand by the other rules, from the next request on.", counted(decided))
    };
    let name = client.map(|client| {
        let wanted = Wanted { text: client.id.to_string(), standing: None };
        let name = if client.name.is_empty() { "An app without a name".to_owned() } else { client.name };
        view! { <a href=clients::address(&wanted, 1)>{name}</a> }
    });
    let is_gone = name.is_none() && matches!(rule.subject, RuleSubject::Client(_));
    view! {
        <tr>
            <th scope="row" class="table-name">
                {match name {
                    Some(name) => view! { {name} <span class="table-detail"><code>{rule.subject.text()}</code></span> }.into_any(),
                    None => subject_words(&rule.subject),
                }}
                {is_gone.then(|| view! { <span class="table-detail">"not registered any more"</span> })}
            </th>
            <td data-label="What happens"><div><Badge tone text=word /></div></td>
            <td data-label="Counts for">
                <div class="num">
                    {if decided == 0 {
                        view! { <Badge tone=Tone::Plain text="no app today" /> }.into_any()
                    } else {
                        counted(decided).into_any()
                    }}
                </div>
            </td>
            <td class="table-action">
                <div class="row-actions">
                    <Confirm action=RemoveRule::PATH fields label="Remove" back="Keep" about consequence />
                </div>
            </td>
        </tr>
    }
}

fn counted(apps: usize) -> String {
    words::counted(u64::try_from(apps).unwrap_or(u64::MAX), "app")
}
