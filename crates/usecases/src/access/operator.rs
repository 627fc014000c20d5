//! Who runs the server: somebody at its command line, or a person whom its accounts name.

use super::session::Viewer;
use domain::audit::Actor;

/// Somebody who may do what the server's operators do. Only this file makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator(Actor);

/// The person before the browser, if they run the server.
pub fn operator(viewer: &Viewer) -> Option<Operator> {
    viewer.user.is_operator().then_some(Operator(Actor::User(viewer.user.id)))
}

/// Whoever may start commands on the server's machine.
pub const fn at_command_line() -> Operator {
    Operator(Actor::Operator)
}

impl Operator {
    /// As the audit log names them.
    pub(crate) fn actor(&self) -> Actor {
        self.0.clone()
    }
}
