//! Other sites: one that opens the way to consent in a window of its own, and those that try to use a visitor.

use anyhow::{Result, ensure};
use end2end::{
    app::App,
    browser::{Browser, Role, Setup},
    other_site,
    visage::Visage,
};

use crate::story::{ADA, fill_in_sign_in, furnished, sign_up_with_workspace};

/// The page at the callback hands over to the one that opened it, as apps in a browser do.
const HANDS_OVER: &str = "<h1>Back at the app</h1><script>opener.postMessage(location.href, '*')</script>";

#[test]
fn with_third_party_cookies_off_a_site_that_opens_a_window_connects() -> Result<()> {
    let visage = Visage::start()?;
    sign_up_with_workspace(&visage, &Browser::open()?, &ADA)?;
    let browser = Browser::open_with(Setup::NoThirdPartyCookies)?;
    let app = App::register(&visage, "Web App", &(other_site::serve(HANDS_OVER.to_owned())? + "callback"))?;
    let opener = format!(
        "<h1>Web App</h1><p id=answer></p><button onclick=\"open('{}', 'connect', 'popup,width=500,height=700')\">Connect</button>\
         <script>onmessage = message => answer.textContent = message.data</script>",
        app.authorize_url()?
    );
    browser.go(&other_site::serve(opener)?)?;
    let site = browser.tab()?;

    browser.press("Connect")?;
    browser.look_at_opened(std::slice::from_ref(&site))?;
    browser.wait_for_heading("Sign in")?;
    fill_in_sign_in(&browser, &ADA)?;
    browser.press("Authorize")?;
    browser.wait_for_heading("Back at the app")?;

    browser.look_at(&site)?;
    browser.wait_for_text("code=vac_")?;
    let answer = browser.one_by_css("#answer")?.text()?;
    ensure!(app.read(&answer)?.code.is_some_and(|code| app.connect(&code).is_ok()), "the code does not work: {answer}");
    Ok(())
}

#[test]
fn no_other_site_shows_the_consent_screen_in_a_frame() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = App::register(&visage, "Clickjacker", "https://clickjacker.example/callback")?;
    browser.go(&app.authorize_url()?)?;
    let consent = browser.url()?;
    let frames = format!(
        "<h1>A game</h1><iframe src=\"{consent}\"></iframe><iframe src=\"{}\"></iframe>",
        visage.url("/sign-in"),
    );
    browser.console_faults()?;
    browser.go(&other_site::serve(frames)?)?;
    browser.wait_for_heading("A game")?;

    let refusals = browser.console_faults()?;
    let refused = refusals.iter().filter(|fault| fault.contains("frame-ancestors 'none'")).count();
    ensure!(refused == 2, "{refused} of two frames were refused: {refusals:#?}");
    Ok(())
}

#[test]
fn no_other_site_signs_a_visitor_in_to_an_account_of_its_own() -> Result<()> {
    let (visage, browser) = furnished()?;
    browser.go(&visage.url("/account"))?;
    browser.submit("Sign out")?;
    browser.find(Role::Link, "Sign in")?;
    let trap = format!(
        "<form method=post action=\"{}\"><input name=email value=\"{}\"><input name=password value=\"{}\"><button>Win</button></form>",
        visage.url("/api/sign_in"),
        ADA.email,
        ADA.password,
    );
    browser.go(&other_site::serve(trap)?)?;
    browser.press("Win")?;
    browser.wait_for_text("sent from another site")?;
    browser.photograph("form-from-elsewhere")?;

    browser.go(&visage.url("/account"))?;
    browser.wait_for_heading("Sign in")
}

#[test]
fn no_other_site_answers_a_request_for_a_visitor() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = App::register(&visage, "Forger", "https://forger.example/callback")?;
    browser.go(&app.authorize_url()?)?;
    let consent = browser.url()?;
    let request = consent.rsplit('/').next().unwrap_or_default();
    let trap = format!(
        "<form method=post action=\"{}\"><input name=request value=\"{request}\"><input name=decision value=authorize>\
         <button>Win</button></form>",
        visage.url("/authorize/decision"),
    );
    browser.go(&other_site::serve(trap)?)?;
    browser.press("Win")?;
    browser.wait_for_text("sent from another site")?;

    browser.go(&consent)?;
    browser.find(Role::Button, "Authorize")?;
    Ok(())
}
