//! The beginnings that several journeys share.

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::{Browser, Role},
    fixtures::fixture,
    visage::Visage,
};

pub const WORKSPACE: &str = "Analytical Engines";
pub const SLUG: &str = "analytical-engines";

/// Someone with a photo in the imported directory.
pub const WITH_PHOTO: &str = "https://www.linkedin.com/in/commander-vega";
/// Someone in the imported directory without a photo.
pub const WITHOUT_PHOTO: &str = "https://www.linkedin.com/in/tariq-noor-eldin";
/// Someone of whom nobody here has heard.
pub const UNKNOWN: &str = "https://www.linkedin.com/in/no-such-person-here";

pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub password: &'static str,
}

pub const ADA: Person =
    Person { name: "Ada Lovelace", email: "ada@analytical.example", password: "seven brass wheels turn" };
pub const GRACE: Person =
    Person { name: "Grace Hopper", email: "grace@compilers.example", password: "a moth in the relay no 70" };

/// Fills in the form of `/sign-up`, on which the browser is.
pub fn fill_in_sign_up(browser: &Browser, person: &Person) -> Result<()> {
    browser.fill("Name", person.name)?;
    browser.fill("Email", person.email)?;
    browser.fill("Password", person.password)?;
    browser.submit("Create account")
}

/// Opens `/sign-up` and fills in its form.
pub fn fill_in_sign_up_page(visage: &Visage, browser: &Browser, person: &Person) -> Result<()> {
    browser.go(&visage.url("/sign-up"))?;
    fill_in_sign_up(browser, person)
}

/// Fills in the form of `/sign-in`, on which the browser is.
pub fn fill_in_sign_in(browser: &Browser, person: &Person) -> Result<()> {
    browser.fill("Email", person.email)?;
    browser.fill("Password", person.password)?;
    browser.submit("Sign in")
}

/// Fills in the form that asks for a workspace, wherever it is shown.
pub fn fill_in_workspace(browser: &Browser, name: &str) -> Result<()> {
    browser.fill("Workspace name", name)?;
    browser.submit("Create workspace")
}

/// From the front page to a workspace, all of it in the browser.
pub fn sign_up_with_workspace(visage: &Visage, browser: &Browser, person: &Person) -> Result<()> {
    fill_in_sign_up_page(visage, browser, person)?;
    fill_in_workspace(browser, WORKSPACE)?;
    browser.wait_for_path(&format!("/w/{SLUG}")).map(drop)
}

/// Imports both fixtures with the command, beside the running server.
pub fn import_people(visage: &Visage) -> Result<()> {
    let connections = fixture("Connections.csv").display().to_string();
    let said = visage.home.run(&["import", &connections, "--workspace", SLUG])?;
    ensure!(said.code == Some(0), "the import ended badly: {said:?}");
    let told = format!("{}\n{}", said.stdout, said.stderr);
    for line in ["11", "12"] {
        ensure!(told.contains(&format!("line {line}")), "line {line} is not told to be refused: {told}");
    }
    let people = fixture("people.jsonl").display().to_string();
    let told = visage.command(&["import", &people, "--workspace", SLUG])?;
    ensure!(!told.contains("line "), "a row was refused: {told}");
    Ok(())
}

/// A house in which Ada has signed up, made a workspace and imported people, and her browser.
pub fn furnished() -> Result<(Visage, Browser)> {
    let visage = Visage::start()?;
    let browser = furnish(&visage)?;
    Ok((visage, browser))
}

/// The same in a house that stands already.
pub fn furnish(visage: &Visage) -> Result<Browser> {
    let browser = Browser::open()?;
    sign_up_with_workspace(visage, &browser, &ADA)?;
    import_people(visage)?;
    Ok(browser)
}

/// Opens a page of the workspace by its name in the menu, which is its heading too.
pub fn open_page(visage: &Visage, browser: &Browser, name: &str, path: &str) -> Result<()> {
    browser.go(&visage.url(&format!("/w/{SLUG}{path}")))?;
    browser.wait_for_heading(name)
}

/// Ends the first connection or key of a page.
pub fn revoke_first(browser: &Browser) -> Result<()> {
    confirm_first(browser, "Revoke", "Its next request is refused.")
}

/// Presses the first button of this name, which asks in place, and then the one that acts.
pub fn confirm_first(browser: &Browser, button: &str, answer: &str) -> Result<()> {
    browser.press(button)?;
    let buttons = browser.all_now(Role::Button, button)?;
    let acting = buttons.iter().find(|button| {
        button.attribute("type").is_ok_and(|kind| kind.as_deref() == Some("submit"))
            && button.is_shown().unwrap_or(false)
    });
    acting.with_context(|| format!("no {button} is left that acts"))?.click()?;
    // A browser that is sent elsewhere before the answer came takes its form back.
    browser.wait_for_text(answer)
}

/// Fails where the console has noted a fault of one of our pages since it was last asked.
pub fn ensure_console_is_clean(visage: &Visage, browser: &Browser) -> Result<()> {
    let faults: Vec<_> =
        browser.console_faults()?.into_iter().filter(|fault| fault.starts_with(&visage.url("/"))).collect();
    ensure!(faults.is_empty(), "the console says: {faults:#?}");
    Ok(())
}
