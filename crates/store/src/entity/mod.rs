//! Tables as sea-orm sees them. Nothing of this leaves the crate.

pub(crate) mod access_token;
pub(crate) mod api_key;
pub(crate) mod audit_event;
pub(crate) mod authorization_code;
pub(crate) mod authorization_request;
pub(crate) mod client_assertion;
pub(crate) mod client_logo;
pub(crate) mod client_policy_rule;
pub(crate) mod connection_event;
pub(crate) mod membership;
pub(crate) mod notice_put_away;
pub(crate) mod oauth_client;
pub(crate) mod oauth_grant;
pub(crate) mod plan;
pub(crate) mod profile;
pub(crate) mod quota_counter;
pub(crate) mod refresh_token;
pub(crate) mod seen_profile;
pub(crate) mod session;
pub(crate) mod sign_in_attempt;
pub(crate) mod signing_key;
pub(crate) mod usage_day;
pub(crate) mod usage_event;
pub(crate) mod user_account;
pub(crate) mod workspace;
