//! Drives the built binary as its users do; sees HTTP only.
