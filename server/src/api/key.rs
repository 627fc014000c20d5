//! The key of a request: `key` in the query or the header `x-api-key`; never a bearer token, which is for `/mcp`.

use super::X_API_KEY;
use domain::principal::KeyHolder;
use http::{HeaderMap, header};
use usecases::{
    Deps,
    access::api_key::{self, KeyError},
};

/// Where the key stood: a cache may share an answer only among those whose key is part of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Query,
    Header,
}

#[derive(Debug, thiserror::Error)]
pub enum NoHolder {
    #[error("A key is missing: send it as the parameter key or in the header x-api-key.")]
    Missing,
    #[error("The key in the parameter key is not the one in the header x-api-key: send one.")]
    Two,
    #[error("A bearer token opens /mcp only: send an API key as the parameter key or in the header x-api-key.")]
    Bearer,
    #[error(transparent)]
    Refused(KeyError),
}

/// Who holds the key that came with a request.
pub async fn holder(deps: &Deps, in_query: Option<&str>, headers: &HeaderMap) -> Result<(KeyHolder, Place), NoHolder> {
    let in_header = headers.get(X_API_KEY).and_then(|value| value.to_str().ok()).filter(|key| !key.is_empty());
    let (key, place) = match (in_query.filter(|key| !key.is_empty()), in_header) {
        (Some(query), Some(header)) if query != header => return Err(NoHolder::Two),
        (_, Some(key)) => (key, Place::Header),
        (Some(key), None) => (key, Place::Query),
        (None, None) if headers.contains_key(header::AUTHORIZATION) => return Err(NoHolder::Bearer),
        (None, None) => return Err(NoHolder::Missing),
    };
    let holder = api_key::holder(deps, key, page(headers)).await.map_err(NoHolder::Refused)?;
    Ok((holder, place))
}

/// The page that a browser says it is on.
fn page(headers: &HeaderMap) -> Option<&str> {
    [header::ORIGIN, header::REFERER]
        .iter()
        .filter_map(|name| headers.get(name)?.to_str().ok())
        // A sandboxed frame has the origin "null" and may still name the page.
        .find(|value| *value != "null")
}
