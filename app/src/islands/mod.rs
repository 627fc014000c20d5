//! The few parts that move in the browser. Everything else is inert HTML.

mod chart_hover;
mod copy_button;

pub use chart_hover::ChartHover;
pub use copy_button::CopyButton;
