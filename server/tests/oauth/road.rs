//! The road as a library that is not ours walks it: the `oauth2` crate as the client.

use super::support::{Answer, CALLBACK, House};
use axum::body::Body;
use http::{Request, Response};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, EmptyExtraTokenFields, HttpRequest, PkceCodeChallenge,
    RedirectUrl, RefreshToken, RevocationUrl, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse,
    TokenUrl,
    basic::{BasicClient, BasicTokenType},
};
use std::{convert::Infallible, future::Future, pin::Pin};

type Tokens = StandardTokenResponse<EmptyExtraTokenFields, BasicTokenType>;
type Sent = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, Infallible>>>>;

#[tokio::test]
async fn a_standard_client_authorizes_refreshes_and_revokes() {
    let house = House::start().await;
    let person = house.person().await;
    let metadata = house.get("/.well-known/oauth-authorization-server").await.json();
    let address = |name: &str| metadata[name].as_str().unwrap().to_owned();
    let client = BasicClient::new(ClientId::new(house.client().await))
        .set_auth_uri(AuthUrl::new(address("authorization_endpoint")).unwrap())
        .set_token_uri(TokenUrl::new(address("token_endpoint")).unwrap())
        .set_revocation_url(RevocationUrl::new(address("revocation_endpoint")).unwrap())
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap());

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("openid".to_owned()))
        .add_extra_param("resource", "https://visage.example/mcp")
        .set_pkce_challenge(challenge)
        .url();
    let consent = house.get(&url[url::Position::BeforePath..]).await.location();
    let request = consent.strip_prefix("/consent/").unwrap();
    let answer = house.decide(&person, request, "authorize").await;
    assert_eq!(answer.location_parameter("state").as_ref(), Some(state.secret()));

    let router = house.router.clone();
    let http = move |request: HttpRequest| -> Sent {
        let router = router.clone();
        Box::pin(async move { Ok(send(router, request).await) })
    };
    let code = AuthorizationCode::new(answer.location_parameter("code").unwrap());
    let tokens: Tokens = client.exchange_code(code).set_pkce_verifier(verifier).request_async(&http).await.unwrap();
    // A minute less than the token lives: a client that goes by its own clock renews it before it is refused.
    assert_eq!(tokens.expires_in().map(|time| time.as_secs()), Some(86_340));

    let refresh = RefreshToken::new(tokens.refresh_token().unwrap().secret().clone());
    let refreshed: Tokens = client.exchange_refresh_token(&refresh).request_async(&http).await.unwrap();
    assert_eq!(call(&house, refreshed.access_token().secret()).await.status, 200);

    let token = StandardRevocableToken::RefreshToken(refreshed.refresh_token().unwrap().clone());
    client.revoke_token(token).unwrap().request_async(&http).await.unwrap();
    assert_eq!(call(&house, refreshed.access_token().secret()).await.status, 401);
}

async fn send(router: axum::Router, request: HttpRequest) -> Response<Vec<u8>> {
    use tower::ServiceExt;
    let (mut parts, body) = request.into_parts();
    parts.uri = parts.uri.path().parse().unwrap();
    let response = router.oneshot(Request::from_parts(parts, Body::from(body))).await.unwrap();
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

async fn call(house: &House, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let ping = serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    house.post_json("/mcp", &[("authorization", &bearer)], &ping).await
}
