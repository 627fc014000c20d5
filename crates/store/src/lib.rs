//! Rows: the only crate that speaks SQL. One module per noun; domain words in, domain words out.

mod cell;
mod connect;
mod entity;
mod error;
mod join;
mod rows;
mod store;

pub mod api_key;
pub mod audit;
pub mod authorization_code;
pub mod authorization_request;
pub mod client;
pub mod client_assertion;
pub mod client_logo;
pub mod client_policy;
pub mod client_search;
pub mod connection_event;
pub mod grant;
pub mod instance_lock;
pub mod membership;
pub mod notice;
pub mod photo_files;
pub mod plan;
pub mod profile;
pub mod quota;
pub mod session;
pub mod sign_in_attempt;
pub mod signing_key;
pub mod token;
pub mod usage;
pub mod user;
pub mod workspace;

pub use connect::sqlite_path;
pub use error::{DatabaseFault, StoreError};
pub use instance_lock::InstanceLock;
pub use photo_files::PhotoFiles;
pub use rows::Rows;
pub use store::{Store, Transaction};
