//! The second front door: keys from the page, faces in an `<img>`, the numbers that servers read.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::{Browser, Role},
    http, other_site,
    patience::wait_for,
    visage::Visage,
};
use serde_json::Value;

use crate::story::{
    ADA, SLUG, UNKNOWN, WITH_PHOTO, WORKSPACE, ensure_console_is_clean, furnished, import_people, open_page,
    revoke_first,
};

#[test]
fn keys_are_made_used_counted_and_revoked() -> Result<()> {
    let (visage, browser) = furnished()?;
    let publishable = create_key(&visage, &browser, "Website", "Publishable", "pk_")?;
    browser.photograph("keys-new")?;
    let secret = create_key(&visage, &browser, "CRM", "Secret", "sk_")?;
    open_page(&visage, &browser, "Keys", "/keys")?;
    let text = browser.text()?;
    ensure!(!text.contains(&secret), "a secret key is shown twice");
    ensure!(text.contains(&secret[..7]), "the key's hint is missing:\n{text}");

    ensure_a_photo_comes(&visage, &publishable)?;
    ensure_initials_come(&visage, &publishable)?;
    ensure_it_shows_in_a_page(&visage, &browser, &publishable)?;

    let usage = usage(&visage, &secret)?;
    ensure!(usage["workspace"] == "analytical-engines", "the usage is {usage}");
    ensure!(usage["meters"]["avatar_requests"]["limit"] == 1000, "the usage is {usage}");
    ensure!(usage["meters"]["avatar_new_profiles"]["used"] == 2, "two people were looked up: {usage}");
    let used = usage["meters"]["avatar_requests"]["used"].as_u64().context("no number")?;
    open_page(&visage, &browser, "Usage", "/usage")?;
    let shown = browser.text()?;
    ensure!(shown.contains(&used.to_string()) && shown.contains("Website"), "the page disagrees with {used}:\n{shown}");
    browser.photograph("usage-with-keys")?;

    let refused = http::get(&visage.url(&format!("/v1/usage?key={publishable}")), &[])?;
    ensure!(matches!(refused.status, 401 | 403), "a publishable key reads the usage: {}", refused.status);

    open_page(&visage, &browser, "Keys", "/keys")?;
    browser.photograph("keys")?;
    visage.command(&["key", "revoke", &publishable[..9]])?;
    let after = http::get(&avatar(&visage, &publishable, WITH_PHOTO, "&size=64"), &[])?;
    ensure!(after.status == 401, "a revoked key is answered with {}", after.status);
    ensure!(after.text().starts_with("<svg"), "a broken key breaks the page: {}", after.text());

    open_page(&visage, &browser, "Keys", "/keys")?;
    revoke_first(&browser)?;
    browser.wait_for_heading("Keys")?;
    let left = http::get(&visage.url("/v1/usage"), &[("x-api-key", &secret)])?;
    ensure!(left.status == 401, "a secret key that was revoked in the page is answered with {}", left.status);
    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[])
}

#[test]
fn what_was_answered_before_a_crash_is_counted_once() -> Result<()> {
    const CALLERS: u64 = 4;
    let visage = Visage::start()?;
    let owner = ["user", "create", "--email", ADA.email, "--name", ADA.name, "--password-stdin"];
    visage.home.run_with_input(&owner, ADA.password)?;
    visage.command(&["workspace", "create", WORKSPACE, "--owner", ADA.email])?;
    import_people(&visage)?;
    let key = visage.command(&["key", "create", "--workspace", SLUG, "--kind", "secret", "--name", "CRM"])?;
    let (key, url) = (key.trim(), visage.url(&format!("/v1/avatar?linkedin_url={WITH_PHOTO}")));

    let answered = AtomicU64::new(0);
    let visage =
        thread::scope(|scope| -> Result<Visage> {
            for _ in 0..CALLERS {
                scope.spawn(|| {
                    // Until the server is gone.
                    while http::get(&url, &[("x-api-key", key)]).is_ok_and(|answer| answer.status == 302) {
                        answered.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            wait_for(Duration::from_secs(30), "some answers", || {
                Ok((answered.load(Ordering::SeqCst) >= 60).then_some(()))
            })?;
            let home = visage.crash();
            home.serve()
        })?;

    let answered = answered.load(Ordering::SeqCst);
    let used = usage(&visage, key)?["meters"]["avatar_requests"]["used"].as_u64().context("no number")?;
    // A call that was counted when the crash came may have lost its answer: at most one for each caller.
    ensure!((answered..=answered + CALLERS).contains(&used), "{answered} calls were answered, and {used} are counted");
    Ok(())
}

fn create_key(visage: &Visage, browser: &Browser, name: &str, kind: &str, beginning: &str) -> Result<String> {
    open_page(visage, browser, "Keys", "/keys")?;
    browser.fill("Name", name)?;
    browser.find(Role::Radio, kind)?.click()?;
    browser.submit("Create key")?;
    let key = browser.one_by_css(".new-key .snippet")?.text()?;
    ensure!(key.starts_with(beginning) && key.len() > 30, "the new key is {key:?}");
    Ok(key)
}

fn avatar(visage: &Visage, key: &str, person: &str, more: &str) -> String {
    visage.url(&format!("/v1/avatar?key={key}&linkedin_url={person}{more}"))
}

fn ensure_a_photo_comes(visage: &Visage, key: &str) -> Result<()> {
    for size in [32_u16, 64, 128, 256, 512] {
        let redirect = http::get(&avatar(visage, key, WITH_PHOTO, &format!("&size={size}")), &[])?;
        ensure!(redirect.status == 302, "size {size} was answered with {}: {}", redirect.status, redirect.text());
        ensure!(redirect.header("cache-control") == "public, max-age=86400", "{}", redirect.header("cache-control"));
        let location = redirect.header("location").to_owned();
        ensure!(location.starts_with(&visage.url("/cdn/")), "the photo lies at {location}");

        let image = http::get(&location, &[])?;
        ensure!(
            image.status == 200 && image.header("content-type") == "image/jpeg",
            "{}",
            image.header("content-type")
        );
        ensure!(image.header("cache-control").contains("immutable"), "{}", image.header("cache-control"));
        let found = jpeg_size(&image.body).context("no JPEG")?;
        ensure!(found == (size, size), "the photo is {found:?} instead of {size}");

        let tag = redirect.header("etag").to_owned();
        let known = http::get(&avatar(visage, key, WITH_PHOTO, &format!("&size={size}")), &[("if-none-match", &tag)])?;
        ensure!(known.status == 304, "a photo that is known was answered with {}", known.status);
    }
    Ok(())
}

fn ensure_initials_come(visage: &Visage, key: &str) -> Result<()> {
    let first = http::get(&avatar(visage, key, UNKNOWN, ""), &[])?;
    ensure!(first.status == 200 && first.header("content-type") == "image/svg+xml", "{first:?}");
    ensure!(first.header("cache-control") == "no-store", "{}", first.header("cache-control"));
    let again = http::get(&visage.url(&format!("/v1/avatar?linkedin_url={UNKNOWN}")), &[("x-api-key", key)])?;
    ensure!(first.body == again.body, "the initials differ from call to call");
    Ok(())
}

/// In a page of another origin, as a CRM would show it.
fn ensure_it_shows_in_a_page(visage: &Visage, browser: &Browser, key: &str) -> Result<()> {
    let address = avatar(visage, key, WITH_PHOTO, "&size=128");
    let page = other_site::serve(format!("<!doctype html><img id=face src=\"{}\">", address.replace('&', "&amp;")))?;
    browser.go(&page)?;
    let width = wait_for(Duration::from_secs(10), "the face in the page", || {
        let width = browser
            .run("const face = document.querySelector('#face'); return face.complete ? face.naturalWidth : 0")?;
        Ok(width.as_u64().filter(|width| *width > 0))
    })?;
    ensure!(width == 128, "the face in the page is {width} wide");
    Ok(())
}

fn usage(visage: &Visage, secret: &str) -> Result<Value> {
    let answer = http::get(&visage.url("/v1/usage"), &[("x-api-key", secret)])?;
    ensure!(answer.status == 200, "the usage was answered with {}: {}", answer.status, answer.text());
    answer.json()
}

/// Width and height from the frame header of a JPEG (ITU T.81, B.2.2).
fn jpeg_size(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut at = bytes.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, high, low, rest @ ..] = at else { return None };
        if (0xC0..=0xC3).contains(marker) {
            let [_, h1, h2, w1, w2, ..] = rest else { return None };
            return Some((u16::from_be_bytes([*w1, *w2]), u16::from_be_bytes([*h1, *h2])));
        }
        at = at.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..)?;
    }
}
