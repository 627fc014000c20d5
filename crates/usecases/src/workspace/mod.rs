//! Workspaces: made, opened, looked over.

mod change_plan;
mod create;
mod list;
mod member;
mod open;
mod overview;

pub use change_plan::{ChangePlanError, change_plan};
pub use create::{CreateWorkspaceError, NewWorkspace, create};
pub use list::{Line, list};
pub use member::{Added, MemberError, members, remove_member, set_member};
pub use open::{Member, OpenError, find_by_slug, list_for, open};
pub use overview::{Face, Overview, overview};
