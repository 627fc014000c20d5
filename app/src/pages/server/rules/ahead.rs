//! A change of the rules before it is made: what was typed, and what it would do to the apps of today.

use domain::oauth::{
    client::{Client, Standing},
    client_policy::{Effect, InvalidRule, RuleSubject},
};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::client_policy::{Change, Foreseen, Kept, Moving, Wanted};

use super::{
    change::{AddRule, SetDefault},
    effect_word, holds, subject_words,
};
use crate::{
    components::{choice::Choice, confirm::Hidden, field::Field, frame::ServerPlace, notice::Badge},
    pages::server::{clients, standing_word},
    request::query,
    words,
};

/// Most apps that are named one by one.
const MOST_NAMED: usize = 12;

/// What the address asks to look at.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    kind: String,
    text: String,
    effect: Option<Effect>,
    default: Option<Effect>,
}

impl Typed {
    pub fn asked_for() -> Self {
        let effect = |name| query(name).and_then(|effect| effect.parse().ok());
        Self {
            kind: query("kind").unwrap_or_default(),
            text: query("text").unwrap_or_default(),
            effect: effect("effect"),
            default: effect("default"),
        }
    }

    /// None where nothing was typed.
    pub fn change(&self) -> Option<Result<Change, InvalidRule>> {
        match (self.effect, self.default) {
            (Some(effect), _) => Some(match self.kind.as_str() {
                // What is decided about one app is decided where the app is shown.
                "client" => Err(InvalidRule::Kind),
                kind => RuleSubject::parse(kind, &self.text).map(|subject| Change::Rule(subject, effect)),
            }),
            (None, Some(default)) => Some(Ok(Change::Default(default))),
            (None, None) => None,
        }
    }
}

/// What a change would do, and the button that makes it.
#[component]
pub fn Ahead(change: Change, foreseen: Foreseen, form_token: String) -> impl IntoView {
    let (action, mut fields, effect, head) = match &change {
        Change::Rule(subject, effect) => {
            let fields = vec![("kind", subject.kind().to_owned()), ("text", subject.text())];
            (AddRule::PATH, fields, *effect, view! { {holds(*effect)} ": " {subject_words(subject)} }.into_any())
        }
        Change::Default(effect) => {
            (SetDefault::PATH, Vec::new(), *effect, view! { {holds(*effect)} ": all other apps" }.into_any())
        }
    };
    fields.extend([("form_token", form_token), ("effect", effect.as_str().to_owned())]);
    let is_same = foreseen.replaces == Some(effect);
    let label = match (&change, foreseen.replaces) {
        (Change::Rule(..), None) => "Add rule",
        _ => "Change rule",
    };
    let button = if effect == Effect::Block { "button button-danger-filled" } else { "button button-primary" };
    view! {
        <section class="card form-card ahead" aria-labelledby="ahead">
            <h2 id="ahead">{head}</h2>
            {if is_same {
                view! { <p class="small muted">"This holds already."</p> }.into_any()
            } else {
                view! {
                    <Effects foreseen is_rule=matches!(change, Change::Rule(..)) />
                    <div class="actions">
                        <form method="post" action=action>
                            <Hidden fields />
                            <button class=button type="submit">{label}</button>
                        </form>
                        <a class="button" href=ServerPlace::Rules.path()>"Keep the rules as they are"</a>
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Effects(foreseen: Foreseen, is_rule: bool) -> impl IntoView {
    let Foreseen { decided, moved, kept, replaces } = foreseen;
    let counts = match decided {
        0 if is_rule && !kept.is_empty() => "It counts for no app that is known today.".to_owned(),
        0 if is_rule => {
            "It counts for no app that is known today: none fits, or a stricter rule counts already.".to_owned()
        }
        _ => format!("It counts for {} of those known today.", words::counted(number(decided), "app")),
    };
    let replaced = replaces.filter(|_| is_rule).map(|effect| {
        let (_, word) = effect_word(effect);
        format!(" It takes the place of the rule that says {}.", word.to_lowercase())
    });
    let stops: u64 =
        moved.iter().filter(|moving| moving.to == Standing::Blocked).map(|moving| moving.live_grants).sum();
    let total = moved.len();
    view! {
        <p class="small">{counts} {replaced}</p>
        {(total == 0).then(|| view! { <p class="small muted">"No app stands elsewhere for it. It holds for those that come."</p> })}
        {(stops > 0)
            .then(|| view! { <p class="small"><b>{words::stopping(stops)}</b> " on the next request."</p> })}
        {(total > 0)
            .then(|| {
                let more = total.saturating_sub(MOST_NAMED);
                view! {
                    <ul class="moved">
                        {moved.into_iter().take(MOST_NAMED).map(|moving| view! { <Moved moving /> }).collect_view()}
                        {(more > 0).then(|| view! { <li class="muted">{format!("and {} more", words::thousands(number(more)))}</li> })}
                    </ul>
                }
            })}
        {[Standing::Allowed, Standing::Asked, Standing::Blocked]
            .map(|standing| view! { <Staying kept=kept.iter().filter(|kept| kept.client.standing == standing).cloned().collect() standing /> })
            .collect_view()}
    }
}

/// The apps that the rule won’t move, because a decision about one app goes first.
#[component]
fn Staying(kept: Vec<Kept>, standing: Standing) -> impl IntoView {
    let apps = number(kept.len());
    (apps > 0).then(|| {
        let connections: u64 = kept.iter().map(|kept| kept.live_grants).sum();
        let with = words::counted(connections, "connection");
        let (_, word) = standing_word(standing);
        let (stay, each) = if apps == 1 { ("stays", "it") } else { ("stay", "each") };
        let counted = words::counted(apps, "app");
        let said = format!("{counted} with {with} {stay} {}: you decided about {each} alone.", word.to_lowercase());
        let more = kept.len().saturating_sub(MOST_NAMED);
        let named = kept.into_iter().take(MOST_NAMED).map(|Kept { client, live_grants }| {
            let wanted = Wanted { text: client.id.to_string(), standing: None };
            let detail = format!("{} · {}", places(&client), words::counted(live_grants, "connection"));
            let name = if client.name.is_empty() { "An app without a name".to_owned() } else { client.name };
            view! {
                <li>
                    <span class="moved-name">
                        <a href=clients::address(&wanted, 1)>{name}</a>
                        <span class="table-detail">{detail}</span>
                    </span>
                </li>
            }
        });
        view! {
            <p class="small"><b>{said}</b></p>
            <ul class="moved">
                {named.collect_view()}
                {(more > 0).then(|| view! { <li class="muted">{format!("and {} more", words::thousands(number(more)))}</li> })}
            </ul>
        }
    })
}

#[component]
fn Moved(moving: Moving) -> impl IntoView {
    let Moving { client, to, live_grants } = moving;
    let ((was_tone, was), (tone, word)) = (standing_word(client.standing), standing_word(to));
    let places = places(&client);
    view! {
        <li>
            <span class="moved-name">
                {if client.name.is_empty() { "An app without a name".to_owned() } else { client.name }}
                <span class="table-detail">
                    {places} " · " {words::counted(live_grants, "connection")}
                </span>
            </span>
            <span class="moved-way">
                <Badge tone=was_tone text=was />
                <span aria-label="becomes">"→"</span>
                <Badge tone text=word />
            </span>
        </li>
    }
}

fn places(client: &Client) -> String {
    let mut places: Vec<String> = client.redirect_uris.iter().map(|uri| uri.destination().to_string()).collect();
    places.dedup();
    places.join(", ")
}

/// What a new rule is about. It is looked at before it is made.
#[component]
pub fn RuleForm(typed: Typed, fault: Option<String>) -> impl IntoView {
    let is_name = typed.kind == "name";
    let effect = typed.effect.unwrap_or(Effect::Block);
    view! {
        <section class="card form-card" aria-labelledby="new-rule">
            <h2 id="new-rule">"New rule"</h2>
            <form class="stack" method="get" action=ServerPlace::Rules.path()>
                <fieldset class="choices choices-row">
                    <legend>"About"</legend>
                    <Choice group="kind" value="host" text="where its answers go, or its document lies" is_chosen=!is_name>"Host"</Choice>
                    <Choice group="kind" value="name" text="what it calls itself" is_chosen=is_name>"Name"</Choice>
                </fieldset>
                <Field
                    label="Host or name"
                    name="text"
                    hint="A host as example.com, *.example.com for all below it, loopback for programs on people’s computers, cursor: for an app’s own scheme. A name as Inspector or Inspector*."
                    value=typed.text
                    fault=fault
                />
                <fieldset class="choices choices-row">
                    <legend>"What happens"</legend>
                    {Effect::ALL
                        .map(|each| {
                            let (_, title) = effect_word(each);
                            view! { <Choice group="effect" value=each.as_str() text=meaning(each) is_chosen=each == effect>{title}</Choice> }
                        })
                        .collect_view()}
                </fieldset>
                <div class="actions">
                    <button class="button button-primary" type="submit">"See what it would do"</button>
                </div>
            </form>
        </section>
    }
}

/// What holds where no rule fits.
#[component]
pub fn DefaultForm(typed: Typed, default: Effect) -> impl IntoView {
    let chosen = typed.default.unwrap_or(default);
    view! {
        <section class="card form-card" aria-labelledby="all-others">
            <h2 id="all-others">"All other apps"</h2>
            <form class="stack" method="get" action=ServerPlace::Rules.path()>
                <fieldset class="choices choices-row">
                    <legend>"Where no rule fits"</legend>
                    {Effect::ALL
                        .map(|each| {
                            let (_, title) = effect_word(each);
                            view! { <Choice group="default" value=each.as_str() text=meaning(each) is_chosen=each == chosen>{title}</Choice> }
                        })
                        .collect_view()}
                </fieldset>
                <div class="actions">
                    <button class="button" type="submit">"See what it would do"</button>
                </div>
            </form>
        </section>
    }
}

const fn meaning(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "people may authorize it",
        Effect::Ask => "nobody may before you approve it",
        Effect::Block => "refused from its next request on",
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
