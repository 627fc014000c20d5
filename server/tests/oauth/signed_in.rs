//! What somebody who is signed in does in their browser: reads pages, sends the forms that stand on them.

use super::support::{Answer, House, Person};
use axum::body::Body;
use http::Method;
use usecases::access::session::{self, Viewer};

/// Who sits before the browser; none once they have signed out.
pub async fn viewer(house: &House, person: &Person) -> Option<Viewer> {
    let (_, secret) = person.cookie.split_once('=').unwrap();
    session::viewer(&house.deps, secret).await.unwrap()
}

pub async fn read(house: &House, person: &Person, path: &str) -> Answer {
    house.call(Method::GET, path, &[("cookie", &person.cookie)], Body::empty()).await
}

/// A form of one of our pages, with the token of the session.
pub async fn send(house: &House, person: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("form_token", person.form_token.as_str())];
    all.extend_from_slice(fields);
    house.post_form(path, &[("cookie", &person.cookie)], &all).await
}

/// Sends a form and reads the page that it leads to, with whatever was left for it.
pub async fn send_and_read(house: &House, person: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
    let sent = send(house, person, path, fields).await;
    let left = sent.headers.get_all("set-cookie").into_iter().filter_map(|cookie| {
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
        (!cookie.ends_with('=')).then(|| cookie.to_owned())
    });
    let cookies: Vec<String> = std::iter::once(person.cookie.clone()).chain(left).collect();
    house.call(Method::GET, &sent.location(), &[("cookie", &cookies.join("; "))], Body::empty()).await
}
