//! The whole proof of refresh rotation: a thousand races of thirty-two on each database. It takes minutes, so `cargo test`
//! runs a few races among the other tests and `cargo xtask test` all of them (`cargo test -p usecases --test races`).
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

#[path = "../usecases/house.rs"]
#[expect(dead_code, reason = "the races need little of the house that all tests share")]
mod house;
#[path = "../usecases/races.rs"]
mod races;

use store::Store;
use testkit::on_both_databases;

on_both_databases! {
    async fn a_thousand_races_of_thirty_two_end_as_the_rule_says(store: Store) {
        races::races(store, 1_000).await;
    }
}
