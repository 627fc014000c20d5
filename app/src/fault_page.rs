//! A page for faults that end a visit before any of our pages could be shown: an app that sent a person here wrongly.

use leptos::prelude::*;

use crate::components::frame::FaultFrame;

/// Where a person may go on to, if they want.
#[derive(Debug, Clone)]
pub struct WayOn {
    pub label: String,
    /// Somebody else's address, which is told nothing of where the person comes from.
    pub url: String,
}

/// What happened, what to do, and whatever helps to mend it. Everything is escaped.
#[derive(Debug, Clone, Default)]
pub struct FaultPage {
    pub title: String,
    pub text: String,
    /// What was sent or expected, each with its label.
    pub facts: Vec<(&'static str, Fact)>,
    /// What to do, for each who may be reading.
    pub cures: Vec<Cure>,
    /// The technical detail.
    pub detail: Option<String>,
    pub way_on: Option<WayOn>,
}

/// What is to be known of the fault.
#[derive(Debug, Clone)]
pub enum Fact {
    /// As it was sent, in lines of their own.
    ToTheLetter(Vec<String>),
    InWords(String),
}

/// What somebody in particular can do.
#[derive(Debug, Clone)]
pub struct Cure {
    pub who: &'static str,
    pub what: String,
    /// A page of ours that helps them: its name and path.
    pub page: Option<(&'static str, &'static str)>,
}

impl FaultPage {
    pub fn new(title: &str, text: impl Into<String>) -> Self {
        Self { title: title.to_owned(), text: text.into(), ..Self::default() }
    }

    #[must_use]
    pub fn with_detail(mut self, detail: Option<String>) -> Self {
        self.detail = detail;
        self
    }

    /// A complete document. It has no script: send it with [`crate::content_security_policy`] without a nonce.
    pub fn to_html(&self) -> String {
        let head_title = format!("{} · Visage", self.title);
        let page = view! {
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{head_title}</title>
                    <link rel="stylesheet" href="/pkg/visage.css" />
                    <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                </head>
                <body>
                    <FaultCard fault=self.clone() />
                </body>
            </html>
        };
        // A title holds text alone: the mark that leptos puts beside dynamic text would be read out loud.
        format!("<!DOCTYPE html>{}", page.to_html().replacen("<!></title>", "</title>", 1))
    }
}

/// What the page says, for a document of its own or in place of another page.
#[component]
pub fn FaultCard(fault: FaultPage) -> impl IntoView {
    let FaultPage { title, text, facts, cures, detail, way_on } = fault;
    view! {
        <FaultFrame>
            <h1>{title}</h1>
            <p class="muted">{text}</p>
            {(!facts.is_empty()).then(|| view! { <Facts facts /> })}
            {(!cures.is_empty()).then(|| view! { <Cures cures /> })}
            {detail.map(|detail| view! { <p class="fault-detail"><code>{detail}</code></p> })}
            <p class="actions">
                {way_on.map(|WayOn { label, url }| view! { <a class="button" href=url rel="noreferrer">{label}</a> })}
                <a class="button" href="/">"Go to Visage"</a>
            </p>
        </FaultFrame>
    }
}

#[component]
fn Facts(facts: Vec<(&'static str, Fact)>) -> impl IntoView {
    let fact = |(label, fact): (&'static str, Fact)| {
        let told = match fact {
            Fact::ToTheLetter(lines) => {
                lines.into_iter().map(|line| view! { <dd><code>{line}</code></dd> }).collect_view().into_any()
            }
            Fact::InWords(words) => view! { <dd>{words}</dd> }.into_any(),
        };
        view! { <div><dt>{label}</dt>{told}</div> }
    };
    view! { <dl class="fault-facts">{facts.into_iter().map(fact).collect_view()}</dl> }
}

#[component]
fn Cures(cures: Vec<Cure>) -> impl IntoView {
    let cure = |Cure { who, what, page }: Cure| {
        let page = page.map(|(name, path)| view! { " " <a href=path>{name}</a> "." });
        view! { <li><b>{who}</b> " " {what} {page}</li> }
    };
    view! { <ul class="fault-cures">{cures.into_iter().map(cure).collect_view()}</ul> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_stays_text() {
        let hostile = || "\"><img src=x>".to_owned();
        let page = FaultPage {
            facts: vec![("Sent", Fact::ToTheLetter(vec![hostile()])), ("In words", Fact::InWords(hostile()))],
            cures: vec![Cure { who: "You:", what: hostile(), page: None }],
            way_on: Some(WayOn { label: hostile(), url: hostile() }),
            ..FaultPage::new("<script>alert(1)</script>", "a & b").with_detail(Some(hostile()))
        };
        let page = page.to_html();
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{page}");
        assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
        assert!(page.contains("<title>&lt;script&gt;alert(1)&lt;/script&gt; · Visage</title>"), "{page}");
    }
}
