//! Use cases on both databases, with a clock that stands still and repeatable chance.

mod accounts;
mod connections;
mod house;
mod importing;
mod members;
mod metering;
mod tokens;
mod workspaces;
