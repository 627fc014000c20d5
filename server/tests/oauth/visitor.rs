//! A browser in which nobody is signed in, before the forms of signing in and up.

use super::support::{Answer, House};
use http::header;

#[derive(Clone)]
pub struct Visitor {
    pub cookie: String,
    pub form_token: String,
}

impl Visitor {
    /// Opens a page with a form.
    pub async fn at(house: &House, path: &str) -> Self {
        let page = house.get(path).await;
        let cookies = page.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let cookie = cookies.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
        let html = page.text();
        let (_, rest) = html.split_once("name=\"form_token\" value=\"").unwrap_or_else(|| panic!("no token: {html}"));
        Self { cookie, form_token: rest.split('"').next().unwrap().to_owned() }
    }

    /// With one cookie more.
    pub fn and_cookie(mut self, cookie: &str) -> Self {
        self.cookie = format!("{}; {cookie}", self.cookie);
        self
    }

    pub async fn sign_in(&self, house: &House, email: &str, password: &str) -> Answer {
        self.sign_in_onward(house, email, password, "").await
    }

    /// With what the person came for in the form's hidden field.
    pub async fn sign_in_onward(&self, house: &House, email: &str, password: &str, onward: &str) -> Answer {
        let fields =
            [("email", email), ("password", password), ("onward", onward), ("form_token", self.form_token.as_str())];
        house.post_form("/api/sign_in", &[("cookie", &self.cookie)], &fields).await
    }

    pub async fn sign_up(&self, house: &House, name: &str, email: &str, password: &str) -> Answer {
        let fields =
            [("name", name), ("email", email), ("password", password), ("form_token", self.form_token.as_str())];
        house.post_form("/api/sign_up", &[("cookie", &self.cookie)], &fields).await
    }
}

/// Whether an answer signs the browser in.
pub fn sets_session(answer: &Answer) -> bool {
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    cookies.any(|cookie| cookie.starts_with("__Host-visage_session=vss_"))
}
