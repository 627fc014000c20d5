//! Verbs: one file per thing the product does. Each loads, lets the domain decide, and writes in one transaction with its
//! audit event. No framework, no status code.

pub mod access;
pub mod api_key;
mod audit;
pub mod authorize;
pub mod avatar;
pub mod client;
pub mod client_policy;
pub mod connection_log;
pub mod demo;
pub mod deps;
pub mod doctor;
pub mod grant;
pub mod housekeeping;
pub mod metering;
pub mod notice;
pub mod pace;
pub mod passwords;
pub mod profile;
pub mod sign_in;
mod signature;
pub mod token;
pub mod user;
pub mod workspace;

pub use deps::Deps;
