//! The schema, one file per change, for SQLite and PostgreSQL.
