//! A new password that comes while the old one is in use: whoever came first is waited for. Only PostgreSQL lets two
//! transactions stand side by side, and tells when one waits for the other.

use crate::house::{House, PASSWORD};
use domain::{
    id::UserId,
    oauth::{grant::Answer, scope::ScopeSet},
};
use testkit::database::TestDatabase;
use usecases::{
    authorize::{self, DecideError},
    sign_in::{SignInError, sign_in},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_waits_for_a_new_password_that_is_being_set() {
    let database = TestDatabase::postgres().await;
    let house = House::new(database.store().clone());
    let ada = house.person("Ada").await;
    let signing_in = Box::pin(sign_in(&house.deps, house.sign_in_form(PASSWORD)));
    let signed_in = overtaken(&database, &house, ada.user.id, signing_in).await;
    assert!(matches!(signed_in, Err(SignInError::Refused)), "the old password opens a session that outlives it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_waits_for_a_new_password_that_is_being_set() {
    let database = TestDatabase::postgres().await;
    let house = House::new(database.store().clone());
    let ada = house.person("Ada").await;
    let engines = house.workspace(&ada, "Engines").await;
    let request = house.ask(&house.client().await).await;
    let answer = Answer::Approve { workspace: engines.id, ticked: ScopeSet::all() };
    let deciding = Box::pin(authorize::decide(&house.deps, &ada, request, answer));
    let decided = overtaken(&database, &house, ada.user.id, deciding).await;
    assert!(matches!(decided, Err(DecideError::SignInAgain)), "{decided:?}");
    assert!(!house.audit(&engines).await.contains(&"grant.approved"));
}

/// Does `work` while a new password is set and not yet kept, and keeps it once the work is done or waits.
async fn overtaken<T>(
    database: &TestDatabase,
    house: &House,
    user: UserId,
    mut work: impl Future<Output = T> + Unpin,
) -> T {
    let hash = house.deps.passwords.hash("a long sentence of hers", &*house.deps.entropy).await.unwrap();
    let transaction = house.deps.store.begin().await.unwrap();
    store::user::set_password(&transaction, user, &hash).await.unwrap();
    store::session::delete_all_of(&transaction, user).await.unwrap();
    let done = tokio::select! {
        done = &mut work => Some(done),
        () = database.until_somebody_waits() => None,
    };
    transaction.commit().await.unwrap();
    match done {
        Some(done) => done,
        None => work.await,
    }
}
