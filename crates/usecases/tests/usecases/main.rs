//! Use cases on both databases, with a clock that stands still and repeatable chance.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod accounts;
mod apps;
mod assertions;
mod changed_registrations;
mod codes;
mod connection_headlines;
mod connection_log;
mod connection_look_ins;
mod connections;
mod documents;
mod house;
mod importing;
mod logos;
mod members;
mod metering;
mod moving;
mod notices;
mod overtaken;
mod policy;
mod prompts;
mod races;
mod registrations;
mod signing;
mod slow_hosts;
mod tokens;
mod workspaces;
