//! From credential to who it is: the only place where a token, key or cookie becomes a principal, holder or viewer.

pub mod api_key;
pub mod bearer;
pub mod operator;
pub mod session;
