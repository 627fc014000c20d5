//! Rows on real databases: each test runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod accounts;
mod connections;
mod directory;
mod files;
mod metering;
mod oauth;
mod policy;
mod schema;
mod tokens;
mod workshop;
