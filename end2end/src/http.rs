//! Plain requests, as a script or a server would send them: no cookies, no redirects followed.

use std::{sync::LazyLock, time::Duration};

use anyhow::{Context, Result};
use serde_json::Value;
use ureq::{Agent, http::Request};

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
});

/// An answer of any status.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("status {} came with something other than JSON: {}", self.status, self.text()))
    }
}

pub fn get(url: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    let request = headers.iter().fold(Request::get(url), |request, (name, value)| request.header(*name, *value));
    read(AGENT.run(request.body(())?).with_context(|| format!("GET {url}"))?)
}

pub fn post_json(url: &str, headers: &[(&str, &str)], body: &Value) -> Result<Answer> {
    let request = headers
        .iter()
        .fold(Request::post(url), |request, (name, value)| request.header(*name, *value))
        .header("content-type", "application/json");
    read(AGENT.run(request.body(body.to_string())?).with_context(|| format!("POST {url}"))?)
}

pub fn post_form(url: &str, fields: &[(&str, &str)]) -> Result<Answer> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(url).header("content-type", "application/x-www-form-urlencoded");
    read(AGENT.run(request.body(body)?).with_context(|| format!("POST {url}"))?)
}

pub fn delete(url: &str) -> Result<Answer> {
    read(AGENT.run(Request::delete(url).body(())?).with_context(|| format!("DELETE {url}"))?)
}

fn read(response: ureq::http::Response<ureq::Body>) -> Result<Answer> {
    let (head, body) = response.into_parts();
    // Screenshots of long pages are the largest answers.
    let body = body.into_with_config().limit(200_000_000).read_to_vec()?;
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
}
