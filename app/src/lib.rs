//! What people see: pages, components, islands, server functions.
//!
//! Pages are drawn on the server alone and are whole without a script; the browser's half of this crate is `islands`.

#![recursion_limit = "256"]
#![cfg_attr(
    feature = "ssr",
    expect(clippy::needless_pass_by_value, reason = "a component owns its properties, whether it uses them up or not")
)]

pub mod islands;

#[cfg(feature = "ssr")]
mod authorize_fault;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod error;
#[cfg(feature = "ssr")]
mod fault_page;
#[cfg(feature = "ssr")]
mod one_shot;
#[cfg(feature = "ssr")]
mod onward;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod request;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod visit;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {
    authorize_fault::page_fault,
    fault_page::{FaultPage, WayOn},
    onward::OwnPages,
    pages::consent::{Again, CLOSED, with_ticked},
    shell::{App, content_security_policy, shell},
};
