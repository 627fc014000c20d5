//! Rows on real databases: each test runs on SQLite and on PostgreSQL.

mod accounts;
mod directory;
mod files;
mod metering;
mod oauth;
mod schema;
mod tokens;
mod workshop;
