//! OAuth 2.1 in words and rules: clients, requests, grants, tokens. RFC names throughout.

pub mod authorization_request;
pub mod client;
pub mod client_assertion;
pub mod client_document;
pub mod client_metadata;
pub mod client_name;
pub mod client_policy;
pub mod error;
pub mod grant;
pub mod identity_token;
pub mod jwk;
pub mod jws;
pub mod known_clients;
pub mod logo;
pub mod pkce;
pub mod prompt;
pub mod publisher;
pub mod redirect_uri;
pub mod resource;
pub mod scope;
pub mod signing;
pub mod token;
