//! The clients that a change of the policy may be about.

use domain::oauth::{client::Client, client_policy::RuleSubject};
use store::{Rows, StoreError};

/// How many are read at once: there may be more than should be held in memory.
const AT_ONCE: u64 = 500;

/// Shows those that may stand elsewhere once a rule about `subject` comes or goes. None is the default, for all others.
pub(super) async fn each(
    rows: &impl Rows,
    subject: Option<&RuleSubject>,
    mut look: impl FnMut(Client) + Send,
) -> Result<(), StoreError> {
    if let Some(RuleSubject::Client(id)) = subject {
        if let Some(client) = store::client::find(rows, id).await? {
            look(client);
        }
        return Ok(());
    }
    let mut last = None;
    loop {
        let some = store::client::list_after(rows, last.as_ref(), AT_ONCE).await?;
        let Some(client) = some.last() else { return Ok(()) };
        last = Some(client.id.clone());
        some.into_iter().for_each(&mut look);
    }
}
