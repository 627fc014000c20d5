//! What a form's answer hands to the next page: cookies that are read once and cleared.
//!
//! A form that was refused keeps what was typed this way (never a password), and a new key is shown once. Neither is ever
//! part of an address, where histories and logs would keep it.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::{Cookie, time::Duration};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use usecases::Deps;

use crate::request::{cookie, own_cookie, set_cookie};

/// Browsers keep cookies of up to 4,096 bytes; a quarter of that goes into base64.
const LONGEST_VALUE: usize = 2_500;
/// Half a list would be sent again as if it were whole: a longer text is not kept.
const LONGEST_TYPED: usize = 1_500;
/// Characters of a message that has no room; even written as escapes they fit.
const LONGEST_CUT_MESSAGE: usize = 300;
/// Seconds until a browser forgets what nobody came for.
const LIFETIME: Duration = Duration::seconds(60);

/// Why a form was refused, and what was typed into it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Which form it was: another page must not show it.
    pub form: String,
    pub message: String,
    /// The name of the field at fault.
    pub field: Option<String>,
    pub typed: BTreeMap<String, String>,
}

impl Refusal {
    pub fn new(form: &str, message: &impl ToString) -> Self {
        Self { form: form.to_owned(), message: message.to_string(), ..Self::default() }
    }

    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Keeps what was typed into a field, while there is room.
    #[must_use]
    pub fn keeping(mut self, field: &str, value: &str) -> Self {
        if value.len() <= LONGEST_TYPED {
            self.typed.insert(field.to_owned(), value.to_owned());
        }
        self
    }

    /// What was typed into a field, or nothing.
    pub fn typed(&self, field: &str) -> String {
        self.typed.get(field).cloned().unwrap_or_default()
    }

    /// The message, where this field is at fault.
    pub fn fault_of(&self, field: &str) -> Option<String> {
        (self.field.as_deref() == Some(field)).then(|| self.message.clone())
    }

    /// The message, where no field in particular is at fault.
    pub fn fault_of_all(&self) -> Option<String> {
        (self.field.is_none() && !self.message.is_empty()).then(|| self.message.clone())
    }

    /// Leaves it for the next page.
    pub fn leave(&self, deps: &Deps) {
        let is_https = deps.settings.public_url.is_https();
        if let Some(value) = self.clone().fitting() {
            set_cookie(&left(refusal_cookie(is_https), value, "/", is_https));
        }
    }

    /// As a cookie's value. What was typed gives way first, the longest first; the reason stays, cut if it must be.
    fn fitting(mut self) -> Option<String> {
        loop {
            if let Some(value) = encode(&self) {
                return Some(value);
            }
            let longest = self.typed.iter().max_by_key(|(_, value)| value.len()).map(|(field, _)| field.clone());
            let Some(field) = longest else { break };
            self.typed.remove(&field);
        }
        self.message = self.message.chars().take(LONGEST_CUT_MESSAGE).chain(['…']).collect();
        encode(&self)
    }

    /// What was left for this form; an empty refusal where nothing was.
    pub fn take(deps: &Deps, form: &str) -> Self {
        let is_https = deps.settings.public_url.is_https();
        let name = refusal_cookie(is_https);
        match cookie(name).and_then(|value| decode::<Self>(&value)).filter(|refusal| refusal.form == form) {
            Some(refusal) => {
                clear(name, "/", is_https);
                refusal
            }
            None => Self::default(),
        }
    }
}

/// A key that was just made: the one time that it is shown.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewKey {
    pub name: String,
    pub secret: String,
}

impl NewKey {
    /// Leaves it for the page at `path` alone, which the browser asks for next.
    pub fn leave(&self, deps: &Deps, path: &str) {
        leave_at(deps, NEW_KEY, path, self);
    }

    pub fn take(deps: &Deps, path: &str) -> Option<Self> {
        take_at(deps, NEW_KEY, path)
    }
}

/// An app that an operator just entered: the one time that its secret is shown, if it has one.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewApp {
    pub name: String,
    pub id: String,
    pub secret: Option<String>,
}

impl NewApp {
    pub fn leave(&self, deps: &Deps, path: &str) {
        leave_at(deps, NEW_APP, path, self);
    }

    pub fn take(deps: &Deps, path: &str) -> Option<Self> {
        take_at(deps, NEW_APP, path)
    }
}

/// The name of an app or a key that was just revoked.
#[derive(Clone, Serialize, Deserialize)]
pub struct Revoked {
    pub name: String,
}

impl Revoked {
    /// Leaves it for the page at `path` alone.
    pub fn leave(&self, deps: &Deps, path: &str) {
        leave_at(deps, REVOKED, path, self);
    }

    pub fn take(deps: &Deps, path: &str) -> Option<Self> {
        take_at(deps, REVOKED, path)
    }
}

/// What a form just did, in one sentence.
#[derive(Clone, Serialize, Deserialize)]
pub struct Done {
    pub sentence: String,
}

impl Done {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into() }
    }

    /// Leaves it for the page at `path` alone.
    pub fn leave(&self, deps: &Deps, path: &str) {
        leave_at(deps, DONE, path, self);
    }

    pub fn take(deps: &Deps, path: &str) -> Option<Self> {
        take_at(deps, DONE, path)
    }
}

/// Bound to one path, so they can't be `__Host-` cookies (RFC 6265bis, section 4.1.3). With https and without.
type Names = [&'static str; 2];
const NEW_KEY: Names = ["__Secure-visage_new_key", "visage_new_key"];
const NEW_APP: Names = ["__Secure-visage_new_app", "visage_new_app"];
const REVOKED: Names = ["__Secure-visage_revoked", "visage_revoked"];
const DONE: Names = ["__Secure-visage_done", "visage_done"];

const fn bound(names: Names, is_https: bool) -> &'static str {
    let [secure, plain] = names;
    if is_https { secure } else { plain }
}

fn leave_at(deps: &Deps, names: Names, path: &str, what: &impl Serialize) {
    let is_https = deps.settings.public_url.is_https();
    if let Some(value) = encode(what) {
        set_cookie(&left(bound(names, is_https), value, path, is_https));
    }
}

fn take_at<T: DeserializeOwned>(deps: &Deps, names: Names, path: &str) -> Option<T> {
    let is_https = deps.settings.public_url.is_https();
    let name = bound(names, is_https);
    let what = cookie(name).and_then(|value| decode(&value))?;
    clear(name, path, is_https);
    Some(what)
}

const fn refusal_cookie(is_https: bool) -> &'static str {
    if is_https { "__Host-visage_refusal" } else { "visage_refusal" }
}

/// A cookie for the very next page.
fn left(name: &str, value: String, path: &str, is_https: bool) -> Cookie<'static> {
    let mut cookie = own_cookie(name.to_owned(), value, path.to_owned(), is_https);
    cookie.set_max_age(LIFETIME);
    cookie
}

fn clear(name: &str, path: &str, is_https: bool) {
    let mut cookie = own_cookie(name.to_owned(), String::new(), path.to_owned(), is_https);
    cookie.set_max_age(Duration::ZERO);
    set_cookie(&cookie);
}

fn encode(value: &impl Serialize) -> Option<String> {
    let json = serde_json::to_vec(value).ok()?;
    (json.len() <= LONGEST_VALUE).then(|| URL_SAFE_NO_PAD.encode(json))
}

fn decode<T: DeserializeOwned>(value: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_survives_the_way_through_a_cookie() {
        let refusal = Refusal::new("sign-up", &"use at least 10 characters")
            .at("password")
            .keeping("name", "Ada “Augusta” Lovelace; ½ 👩‍💻")
            .keeping("email", "ada@analytical.example");
        let value = encode(&refusal).unwrap();
        assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')), "{value}");
        assert_eq!(decode::<Refusal>(&value), Some(refusal));
    }

    #[test]
    fn a_refusal_always_says_why_however_much_was_typed() {
        let typed = "\u{7}".repeat(1_400);
        let refusal =
            Refusal::new("keys", &"no domain").at("domains").keeping("name", "CRM").keeping("domains", &typed);
        let kept = decode::<Refusal>(&refusal.fitting().unwrap()).unwrap();
        assert_eq!((kept.fault_of("domains").as_deref(), kept.typed("name").as_str()), (Some("no domain"), "CRM"));
        assert_eq!(kept.typed("domains"), "");

        for filler in ["x", "\"", "\u{7}", "👩‍💻"] {
            let refusal = Refusal::new("keys", &filler.repeat(9_000)).at("domains").keeping("name", &filler.repeat(90));
            let value = refusal.fitting().unwrap();
            assert!(value.len() < 3_500, "{}", value.len());
            assert!(decode::<Refusal>(&value).unwrap().fault_of("domains").unwrap().starts_with(filler));
        }
    }

    #[test]
    fn half_of_what_was_typed_is_not_kept() {
        let long = "crm.example.com ".repeat(100);
        assert_eq!(Refusal::new("keys", &"no").keeping("domains", &long).typed("domains"), "");
        assert_eq!(Refusal::new("keys", &"no").keeping("domains", &long[..1_500]).typed("domains"), long[..1_500]);
    }

    #[test]
    fn what_nobody_came_for_is_forgotten_within_a_minute() {
        let cookie = left(bound(NEW_KEY, true), "value".to_owned(), "/w/engines/keys", true).to_string();
        assert!(cookie.contains("Max-Age=60") && cookie.contains("Path=/w/engines/keys"), "{cookie}");
    }

    #[test]
    fn a_cookie_that_is_not_ours_means_nothing() {
        for value in ["", "x", "e30", "bm90IGpzb24"] {
            assert_eq!(decode::<Refusal>(value), None, "{value}");
        }
    }

    #[test]
    fn a_fault_belongs_to_one_field_or_to_the_form() {
        let at_field = Refusal::new("keys", &"no domain").at("domains");
        assert_eq!(at_field.fault_of("domains").as_deref(), Some("no domain"));
        assert_eq!((at_field.fault_of("name"), at_field.fault_of_all()), (None, None));
        assert_eq!(Refusal::new("keys", &"no").fault_of_all().as_deref(), Some("no"));
        assert_eq!(Refusal::default().fault_of_all(), None);
    }
}
