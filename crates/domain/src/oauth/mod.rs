//! OAuth 2.1 in words and rules: clients, requests, grants, tokens. RFC names throughout.

pub mod authorization_request;
pub mod client;
pub mod client_metadata;
pub mod client_name;
pub mod error;
pub mod grant;
pub mod pkce;
pub mod publisher;
pub mod redirect_uri;
pub mod resource;
pub mod scope;
pub mod signing;
pub mod token;
