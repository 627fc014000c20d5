//! Other people's servers. Everything that Visage fetches from an address somebody else chose goes through [`http`], the one
//! guarded client; nothing here knows rows or our own HTTP server.

pub mod address;
pub mod client_document;
pub mod doctor;
pub mod exchange;
pub mod http;
pub mod logo;
pub mod operator;
pub mod photo;
