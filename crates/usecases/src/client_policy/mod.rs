//! The operator's policy for clients: its rules, and where each client stands by them.
//!
//! A standing is written into the client's row, so that every request finds it there without judging anew. Whatever
//! changes a rule or a client writes it in the same transaction.

mod affected;
mod catch_up;
mod change;
mod clients;
mod foresee;
mod rules;

pub use catch_up::catch_up;
pub use change::Moved;
pub use clients::{ClientLine, ClientList, PAGE, Search, client, clients, entered_alike};
pub use foresee::{Change, Foreseen, Kept, Moving, PolicyAtWork, RuleAtWork, at_work, foresee};
pub use rules::{
    AddRuleError, Against, Changed, MOST_RULES, RemoveRuleError, add_rule, policy, release, remove_rule, set_default,
    unblock,
};
pub use store::client_search::Wanted;

use domain::oauth::client::{Client, Standing};
use store::{StoreError, Transaction};

/// Where a client that is about to be written stands. The policy holds still until the transaction ends; a client's row is
/// locked after this, never before, as those who change the policy do.
pub async fn standing(transaction: &Transaction, client: &Client) -> Result<Standing, StoreError> {
    Ok(store::client_policy::find_held(transaction).await?.standing(client))
}
