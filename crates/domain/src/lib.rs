//! Words and rules of Visage: what things are and how they are decided. Pure and wasm-safe: nothing here awaits, reads a
//! clock, draws randomness, or knows a framework.

pub mod api_key;
pub mod audit;
pub mod avatar;
pub mod clock;
pub mod connection;
pub mod doctor;
pub mod email;
pub mod entropy;
pub mod id;
pub mod import;
pub mod linkedin_url;
pub mod notice;
pub mod oauth;
pub mod password;
pub mod principal;
pub mod profile;
pub mod quota;
pub mod role;
pub mod secret;
pub mod session;
pub mod settings;
pub mod slug;
pub mod text;
pub mod usage;
pub mod user;
pub mod workspace;
