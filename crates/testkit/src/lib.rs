//! Tests only: databases, TestServer, builders, a clock that stands still.
