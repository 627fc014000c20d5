//! The pieces that pages are made of. Inert: what moves lives in `islands`.

pub mod chart;
pub mod choice;
pub mod client_tile;
pub mod confirm;
pub mod copy_field;
pub mod field;
pub mod frame;
pub mod initials;
pub mod meter;
pub mod moment;
pub mod notice;
pub mod publisher;
pub mod road;
