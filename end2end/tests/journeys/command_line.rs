//! What an operator meets: help, faults at the start, commands beside a running server, the demo, the end.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::Browser,
    fixtures::fixture,
    http,
    patience::wait_for,
    visage::{Home, Spoken, Visage},
};

use crate::story::{ADA, SLUG, WORKSPACE};

#[test]
fn everything_has_help() -> Result<()> {
    let home = Home::new()?;
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["demo", "--help"],
        &["import", "--help"],
        &["user", "create", "--help"],
        &["user", "list", "--help"],
        &["user", "disable", "--help"],
        &["workspace", "create", "--help"],
        &["workspace", "plan", "--help"],
        &["key", "create", "--help"],
        &["key", "revoke", "--help"],
        &["client", "add", "--help"],
        &["doctor", "--help"],
        &["openapi", "--help"],
    ] {
        let said = home.run(command)?;
        ensure!(said.code == Some(0) && said.stdout.contains("Usage:"), "{command:?} said {said:?}");
    }
    let said = home.run(&["frobnicate"])?;
    ensure!(said.code == Some(2), "a command that isn't there ended with {said:?}");
    ensure!(!home.folder().join("data").exists(), "asking for help left something behind");
    Ok(())
}

/// Exit code 1 and one plain sentence on stderr that holds these words, and nothing that smells of a panic.
fn ensure_refused(said: &Spoken, words: &[&str]) -> Result<()> {
    ensure!(said.code == Some(1), "it ended with {said:?}");
    let sentence = said.stderr.trim();
    ensure!(!sentence.is_empty() && sentence.lines().count() == 1, "not one sentence: {sentence:?}");
    ensure!(!sentence.contains("panicked") && !sentence.contains("Error {"), "not a plain sentence: {sentence:?}");
    for word in words {
        ensure!(sentence.contains(word), "{word:?} is not in {sentence:?}");
    }
    Ok(())
}

#[test]
fn a_start_that_cannot_be_is_one_plain_sentence() -> Result<()> {
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?.to_string();
    ensure_refused(&Home::new()?.with("VISAGE_LISTEN", &address).run(&["serve"])?, &[&address, "VISAGE_LISTEN"])?;

    ensure_refused(&Home::new()?.with("VISAGE_SIGN_UP", "maybe").run(&["serve"])?, &["VISAGE_SIGN_UP"])?;
    let two = Home::new()?.with("VISAGE_SIGN_UP", "maybe").with("VISAGE_PUBLIC_URL", "ftp://x").run(&["serve"])?;
    ensure_refused(&two, &["VISAGE_SIGN_UP", "VISAGE_PUBLIC_URL"])?;

    let odd_key = Home::new()?;
    fs::write(odd_key.folder().join("visage.toml"), "publik_url = \"https://x.example\"\n")?;
    ensure_refused(&odd_key.run(&["serve"])?, &["publik_url"])?;

    // A file where the folder should be is unwritable even for root.
    let blocked = Home::new()?;
    fs::write(blocked.folder().join("data"), "in the way")?;
    ensure_refused(&blocked.run(&["serve"])?, &["data", "VISAGE_DATA_DIR"])?;

    let nowhere = Home::new()?.with("VISAGE_DATABASE_URL", "postgres://visage:hunter2@127.0.0.1:1/visage");
    let said = nowhere.run(&["serve"])?;
    ensure_refused(&said, &["VISAGE_DATABASE_URL"])?;
    ensure!(!said.stderr.contains("hunter2"), "the database's password is told: {}", said.stderr);
    Ok(())
}

#[test]
fn a_second_server_on_the_same_file_refuses_and_commands_work_beside_the_first() -> Result<()> {
    // What is logged for developers would stand between the sentences.
    let visage = Home::new()?.with("VISAGE_LOG", "info").serve()?;
    let home = &visage.home;
    let data = home.folder().join("data").display().to_string();
    let second = Home::new()?.with("VISAGE_DATA_DIR", &data).run(&["serve"])?;
    ensure_refused(&second, &["already"])?;

    let made = home.run_with_input(
        &["user", "create", "--email", ADA.email, "--name", ADA.name, "--password-stdin"],
        &format!("{}\n", ADA.password),
    )?;
    ensure!(made.code == Some(0), "the account was not made: {made:?}");
    ensure!(visage.command(&["user", "list"])?.contains(ADA.email), "the account is not listed");
    let slug = visage.command(&["workspace", "create", WORKSPACE, "--owner", ADA.email])?;
    ensure!(slug.contains(SLUG), "the slug is {slug}");
    let again = visage.command(&["workspace", "create", WORKSPACE, "--owner", ADA.email])?;
    ensure!(again.contains("analytical-engines-2"), "a taken slug became {again}");
    visage.command(&["workspace", "plan", SLUG, "team"])?;

    let connections = fs::read_to_string(fixture("Connections.csv"))?;
    let imported = home.run_with_input(&["import", "-", "--workspace", SLUG], &connections)?;
    ensure!(imported.code == Some(0) && imported.stdout.contains("added 6"), "the import said {imported:?}");
    ensure!(imported.stderr.contains("line 11") && imported.stderr.contains("line 12"), "{}", imported.stderr);

    let key = visage.command(&["key", "create", "--workspace", SLUG, "--kind", "secret", "--name", "CRM"])?;
    let key = key.trim();
    ensure!(key.starts_with("sk_") && !key.contains(char::is_whitespace), "not a key alone: {key:?}");
    let usage = http::get(&visage.url("/v1/usage"), &[("x-api-key", key)])?.json()?;
    ensure!(usage["meters"]["avatar_requests"]["limit"] == 20_000, "the plan did not change: {usage}");
    let client = visage.command(&["client", "add", "--name", "Intranet", "--redirect-uri", "https://x.example/cb"])?;
    ensure!(!client.trim().is_empty(), "no client was printed");

    let browser = Browser::open()?;
    browser.go(&visage.url("/sign-in"))?;
    crate::story::fill_in_sign_in(&browser, &ADA)?;
    browser.wait_for_url("a workspace", |url| url.starts_with(&visage.url("/w/")))?;
    ensure_refused(&home.run(&["import", "nothing.csv", "--workspace", SLUG])?, &["nothing.csv"])?;
    ensure_refused(&home.run(&["workspace", "plan", SLUG, "gigantic"])?, &["gigantic"])?;
    ensure_refused(&home.run(&["workspace", "plan", "nowhere", "team"])?, &["workspace"])?;
    Ok(())
}

#[test]
fn the_demo_says_how_to_sign_in_and_lets_one_in() -> Result<()> {
    let mut visage = Home::new()?.start(&["demo"])?;
    let said = visage.log();
    let after = |label: &str| -> Result<String> {
        let line = said.lines().find(|line| line.trim_start().starts_with(label));
        let line = line.with_context(|| format!("{label:?} is not told:\n{said}"))?;
        Ok(line.trim_start().trim_start_matches(label).trim().to_owned())
    };
    ensure!(said.contains(&format!("claude mcp add --transport http visage {}", visage.url("/mcp"))), "{said}");
    ensure!(after("Connector")? == visage.url("/mcp"), "{said}");

    let browser = Browser::open()?;
    browser.go(&visage.url("/sign-in"))?;
    browser.fill("Email", &after("Sign in")?)?;
    browser.fill("Password", &after("Password")?)?;
    browser.submit("Sign in")?;
    let workspace = browser.wait_for_url("the workspace", |url| url.starts_with(&visage.url("/w/")))?;
    browser.heading()?;
    browser.photograph("demo-overview")?;
    for (page, path) in [("Usage", "/usage"), ("Keys", "/keys"), ("Authorized apps", "/apps")] {
        browser.go(&format!("{}{path}", workspace.trim_end_matches('/')))?;
        browser.wait_for_heading(page)?;
        browser.photograph(&format!("demo-{}", path.trim_start_matches('/')))?;
    }
    crate::story::ensure_console_is_clean(&visage, &browser)?;
    let status = visage.stop()?;
    ensure!(status.success(), "the demo ended with {status}");
    ensure!(!visage.home.folder().join("data").exists(), "the demo left a data folder");
    Ok(())
}

#[test]
fn a_request_that_has_begun_is_answered_while_the_server_drains() -> Result<()> {
    let mut visage = Visage::start()?;
    let mut begun = TcpStream::connect(("127.0.0.1", visage.home.port))?;
    begun.set_read_timeout(Some(Duration::from_secs(20)))?;
    let body = "grant_type=refresh_token&refresh_token=x&client_id=y";
    let head = format!(
        "POST /token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    begun.write_all(head.as_bytes())?;
    begun.write_all(&body.as_bytes()[..10])?;
    // Answering something else shows that the server has read what came before it.
    http::get(&visage.url("/healthz"), &[])?;

    visage.ask_to_stop()?;
    let port = visage.home.port;
    wait_for(Duration::from_secs(10), "the server to stop listening", || {
        Ok(TcpStream::connect(("127.0.0.1", port)).is_err().then_some(()))
    })?;
    begun.write_all(&body.as_bytes()[10..])?;
    let mut answer = String::new();
    begun.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 401") && answer.contains("invalid_client"), "the answer was {answer:?}");
    let status = visage.wait_for_end()?;
    ensure!(status.code() == Some(0), "the server ended with {status}");
    Ok(())
}
