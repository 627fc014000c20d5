//! The main road: sign up, import, connect a real client, look people up, take it back.

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::{Browser, Role},
    mcp_client::{Generation, McpClient},
    visage::Visage,
};
use serde_json::{Value, json};

use crate::story::{
    ADA, SLUG, UNKNOWN, WITH_PHOTO, WITHOUT_PHOTO, ensure_console_is_clean, furnished, open_page, revoke_first,
};

const TOOLS: [&str; 3] = ["get_profile", "get_profile_avatar", "get_publishable_key"];

#[test]
fn the_typescript_client_connects_and_is_taken_back() -> Result<()> {
    connects_and_is_taken_back(Generation::TypescriptOne)
}

#[test]
fn the_typescript_client_of_the_second_generation_connects_and_is_taken_back() -> Result<()> {
    connects_and_is_taken_back(Generation::TypescriptTwo)
}

#[test]
fn the_typescript_client_of_the_second_generation_that_initializes_connects_and_is_taken_back() -> Result<()> {
    connects_and_is_taken_back(Generation::TypescriptTwoLegacy)
}

#[test]
fn the_python_client_connects_and_is_taken_back() -> Result<()> {
    connects_and_is_taken_back(Generation::Python)
}

#[test]
fn the_python_client_that_initializes_connects_and_is_taken_back() -> Result<()> {
    connects_and_is_taken_back(Generation::PythonLegacy)
}

fn connects_and_is_taken_back(generation: Generation) -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut client = McpClient::start(generation, &visage.url("/mcp"))?;

    let authorize_url = client.begin_to_connect()?;
    browser.go(&authorize_url)?;
    ensure_consent_says_it_all(&browser, generation)?;
    if generation == Generation::TypescriptOne {
        browser.photograph("consent")?;
    }
    browser.press("Authorize")?;
    let connected = client.connected()?;
    browser.wait_for_heading("Back at the client")?;
    ensure_connection(&connected, &visage, generation)?;

    ensure_tools_answer(&mut client, &visage)?;
    let refreshed = client.refresh()?;
    ensure!(refreshed["is_access_token_new"] == true, "the access token stayed: {refreshed}");
    ensure!(refreshed["is_refresh_token_new"] == true, "the refresh token was not rotated: {refreshed}");
    ensure_tools_answer(&mut client, &visage)?;

    take_back(&visage, &browser, generation)?;
    let story = client.call_in_vain("get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
    ensure_challenged(&story, &visage)?;

    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

fn ensure_consent_says_it_all(browser: &Browser, generation: Generation) -> Result<()> {
    browser.find(Role::Button, "Authorize")?;
    browser.find(Role::Button, "Cancel")?;
    let text = browser.text()?;
    let client = generation.client_name();
    for words in [
        client.as_str(),
        ADA.name,
        ADA.email,
        "Analytical Engines",
        "get_profile_avatar",
        "get_profile",
        "/callback",
        "openid",
        "profile",
        "email",
        "offline_access",
    ] {
        ensure!(text.contains(words), "the consent screen doesn't show {words:?}:\n{text}");
    }
    ensure!(!text.contains("✓ Verified"), "a loopback client is called verified:\n{text}");
    let required = browser.find(Role::Checkbox, "openid")?;
    ensure!(required.is_chosen()? && !required.is_enabled()?, "openid can be switched off");
    let optional = browser.find(Role::Checkbox, "email")?;
    ensure!(optional.is_enabled()?, "email can't be switched off");
    Ok(())
}

fn ensure_connection(connected: &Value, visage: &Visage, generation: Generation) -> Result<()> {
    let protocol = connected["protocol"].as_str().unwrap_or_default();
    let expected = generation.protocol();
    ensure!(protocol == expected, "the protocol is {protocol:?} instead of {expected}");
    let issuer = connected["iss"].as_str().unwrap_or_default();
    ensure!(issuer == visage.url(""), "the answer came from {issuer:?}");

    let tools = connected["tools"].as_array().context("no tools are listed")?;
    let mut names: Vec<_> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    names.sort_unstable();
    ensure!(names == TOOLS, "the tools are {names:?}");
    for tool in tools {
        let hints = &tool["annotations"];
        ensure!(hints["readOnlyHint"] == true && hints["destructiveHint"] == false, "hints are missing: {tool}");
        ensure!(hints["openWorldHint"].is_boolean(), "openWorldHint is not said: {tool}");
        ensure!(tool["title"].is_string() || hints["title"].is_string(), "a title is missing: {tool}");
        ensure!(tool["outputSchema"].is_object(), "an output schema is missing: {tool}");
    }

    // Anything but 2xx on the way is what trips clients, apart from the challenge that starts it all.
    let exchanges = connected["http"].as_array().context("the client kept no trace")?;
    let first = exchanges.first().context("nothing was asked")?;
    ensure!(first["status"] == 401 && first["path"] == "/mcp", "the first request was no challenge: {first}");
    let odd: Vec<_> = exchanges
        .iter()
        .skip(1)
        // A GET would open a stream, which a stateless server has not.
        .filter(|exchange| exchange["method"] != "GET" || exchange["path"] != "/mcp" || exchange["status"] != 405)
        .filter(|exchange| !(200..300).contains(&exchange["status"].as_u64().unwrap_or_default()))
        // Clients of the second generation may be asked to prove themselves on their second greeting too.
        .filter(|exchange| exchange["status"] != 401)
        .collect();
    ensure!(odd.is_empty(), "the client was refused on its way: {odd:#?}");
    Ok(())
}

fn ensure_tools_answer(client: &mut McpClient, visage: &Visage) -> Result<()> {
    let face = client.call("get_profile_avatar", &json!({"linkedin_url": WITH_PHOTO, "size": 128}))?;
    ensure_image(&face, "image/jpeg")?;
    let image_url = face["structuredContent"]["imageUrl"].as_str().with_context(|| format!("no imageUrl: {face}"))?;
    ensure!(image_url.starts_with(&visage.url("/v1/avatar?")), "the durable URL is {image_url}");
    ensure!(image_url.contains("key=pk_"), "the durable URL has no key: {image_url}");
    ensure!(text_of(&face).contains(image_url), "the text doesn't hold the URL: {face}");

    let initials = client.call("get_profile_avatar", &json!({"username": "tariq-noor-eldin"}))?;
    ensure_image(&initials, "image/png")?;

    let profile = client.call("get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
    ensure!(profile["structuredContent"]["name"] == "Commander Vega", "the profile is {profile}");
    ensure!(text_of(&profile).contains("Flies what others build"), "the text has no headline: {profile}");
    for person in [WITHOUT_PHOTO, UNKNOWN] {
        let profile = client.call("get_profile", &json!({"linkedin_url": person}))?;
        ensure!(profile["isError"] != true, "looking up {person} is an error: {profile}");
    }

    let key = client.call("get_publishable_key", &json!({}))?;
    ensure!(key["structuredContent"].to_string().contains("pk_"), "there is no publishable key: {key}");

    let wrong = client.call("get_profile", &json!({"linkedin_url": "https://www.linkedin.com/company/acme"}))?;
    ensure!(wrong["isError"] == true, "a company passed as a person: {wrong}");
    let both = client.call("get_profile_avatar", &json!({"linkedin_url": WITH_PHOTO, "username": "x-y-z"}))?;
    ensure!(both["isError"] == true, "two ways to name a person at once passed: {both}");
    Ok(())
}

fn ensure_image(result: &Value, mime_type: &str) -> Result<()> {
    let mut items = result["content"].as_array().into_iter().flatten();
    let image = items.find(|item| item["type"] == "image").with_context(|| format!("no image came: {result}"))?;
    ensure!(image["mimeType"] == mime_type, "the image is {} instead of {mime_type}", image["mimeType"]);
    ensure!(image["data"].as_str().is_some_and(|data| data.len() > 500), "the image is empty");
    Ok(())
}

fn text_of(result: &Value) -> String {
    let items = result["content"].as_array().into_iter().flatten();
    items.filter_map(|item| item["text"].as_str()).collect::<Vec<_>>().join("\n")
}

fn take_back(visage: &Visage, browser: &Browser, generation: Generation) -> Result<()> {
    open_page(visage, browser, "Authorized apps", "/apps")?;
    let name = generation.client_name();
    browser.wait_for_text(&name)?;
    if generation == Generation::TypescriptOne {
        browser.photograph("apps")?;
    }
    revoke_first(browser)?;
    browser.go(&visage.url(&format!("/w/{SLUG}/apps")))?;
    browser.wait_for_heading("Authorized apps")?;
    let listed = browser.all_now(Role::Button, "Revoke")?;
    ensure!(listed.is_empty(), "the connection is still listed: {}", browser.text()?);
    Ok(())
}

/// The first call after revocation: 401 with the challenge; and if the client tried to refresh, exactly `invalid_grant`.
fn ensure_challenged(story: &Value, visage: &Visage) -> Result<()> {
    let exchanges = story["http"].as_array().context("the client kept no trace")?;
    let first = exchanges.first().with_context(|| format!("nothing was asked: {story}"))?;
    ensure!(first["status"] == 401, "the first call after revocation was answered with {first}");
    let challenge = first["challenge"].as_str().unwrap_or_default();
    let metadata = visage.url("/.well-known/oauth-protected-resource/mcp");
    ensure!(challenge.starts_with("Bearer "), "the challenge is {challenge:?}");
    ensure!(challenge.contains(&format!("resource_metadata=\"{metadata}\"")), "the challenge is {challenge:?}");
    ensure!(challenge.contains("error=\"invalid_token\""), "the challenge is {challenge:?}");
    for refresh in exchanges.iter().filter(|exchange| exchange["path"] == "/token") {
        ensure!(refresh["status"] == 400 && refresh["error"] == "invalid_grant", "the refresh ended with {refresh}");
    }
    ensure!(story["asks_again"] == true, "the client doesn't ask for authorization again: {story}");
    Ok(())
}
