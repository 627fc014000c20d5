//! `/userinfo` (OpenID Connect Core 1.0, section 5.3): what the bearer of an access token may know of its person. The token
//! comes in the `Authorization` header and nowhere else.

use super::{error::OAuthError, wire};
use crate::bearer::{self, Sent};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Uri};
use usecases::{Deps, token};

pub async fn show(State(deps): State<Deps>, uri: Uri, headers: HeaderMap) -> Result<Response, OAuthError> {
    if bearer::is_in_query(uri.query()) {
        let description = "send the access token in the Authorization header, never in the address";
        return Err(OAuthError::bearer_request(description));
    }
    let sent = match bearer::token(&headers) {
        Sent::Nothing => return Err(OAuthError::no_token()),
        Sent::Unreadable => return Err(OAuthError::bearer_request("send one Authorization header, of type Bearer")),
        Sent::Token(token) => token,
    };
    let claims = token::user_info(&deps, sent).await?;
    let mut response = Json(claims).into_response();
    wire::forbid_storing(response.headers_mut());
    Ok(response)
}
