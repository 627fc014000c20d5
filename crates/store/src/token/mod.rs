//! Tokens, found by hash. Access and refresh tokens have a table each; both descend from a grant, in a family.

mod access;
mod end;
mod live;
mod refresh;

pub use access::{AccessToken, find_access, insert_access, last_issued_at, mark_used};
pub use end::{delete_expired, revoke_access, revoke_family, revoke_successors};
pub use live::{LiveClient, LiveToken, find_live};
pub use refresh::{family_is_live, find_refresh, insert_refresh, spend_refresh, successors};
