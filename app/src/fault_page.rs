//! A page for faults that end a visit before any of our pages could be shown: an app that sent a person here wrongly.

use leptos::prelude::*;

/// Where a person may go on to, if they want.
#[derive(Debug, Clone)]
pub struct WayOn {
    pub label: String,
    /// Somebody else's address, which is told nothing of where the person comes from.
    pub url: String,
}

/// A complete document: what happened, what to do, perhaps the technical detail, and perhaps a way on. Everything is escaped.
///
/// It has no script: send it with [`crate::content_security_policy`] without a nonce.
pub fn fault_page(title: &str, text: &str, detail: Option<&str>, way_on: Option<WayOn>) -> String {
    let (title, text, detail) = (title.to_owned(), text.to_owned(), detail.map(str::to_owned));
    let page = view! {
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{format!("{title} · Visage")}</title>
                <link rel="stylesheet" href="/pkg/visage.css" />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
            </head>
            <body>
                <main class="plain-page">
                    <a class="brand" href="/">
                        <span class="brand-mark" aria-hidden="true">"V"</span>
                        "Visage"
                    </a>
                    <div class="card plain-card stack">
                        <h1>{title.clone()}</h1>
                        <p class="muted">{text}</p>
                        {detail.map(|detail| view! { <p class="fault-detail"><code>{detail}</code></p> })}
                        <p class="actions">
                            {way_on
                                .map(|WayOn { label, url }| {
                                    view! { <a class="button" href=url rel="noreferrer">{label}</a> }
                                })}
                            <a class="button" href="/">"Go to Visage"</a>
                        </p>
                    </div>
                </main>
            </body>
        </html>
    };
    // A title holds text alone: the mark that leptos puts beside dynamic text would be read out loud.
    format!("<!DOCTYPE html>{}", page.to_html().replacen("<!></title>", "</title>", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_stays_text() {
        let page = fault_page("<script>alert(1)</script>", "a & b", Some("\"><img src=x>"), None);
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{page}");
        assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
        assert!(page.contains("<title>&lt;script&gt;alert(1)&lt;/script&gt; · Visage</title>"), "{page}");
    }
}
