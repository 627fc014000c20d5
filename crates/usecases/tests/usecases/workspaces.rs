//! New workspaces, and their slugs.

use crate::house::House;
use domain::{audit::Actor, slug::Slug};
use std::collections::BTreeSet;
use store::Store;
use testkit::on_both_databases;
use usecases::workspace::{CreateWorkspaceError, NewWorkspace, create};

on_both_databases! {
    async fn workspaces_of_one_name_made_at_once_each_get_a_number(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await.user.id;
        for name in ["Babbage Labs", &"Long ".repeat(12)] {
            let tasks: Vec<_> = (0..8)
                .map(|_| {
                    let (deps, new) = (house.deps.clone(), NewWorkspace { name: name.to_owned(), slug: None });
                    tokio::spawn(async move { create(&deps, ada, new, Actor::User(ada)).await })
                })
                .collect();
            let mut slugs = BTreeSet::new();
            for task in tasks {
                slugs.insert(task.await.unwrap().unwrap().slug.to_string());
            }
            assert_eq!(slugs.len(), 8, "{slugs:?}");
            assert!(slugs.contains(Slug::from_name(name).as_str()), "{slugs:?}");
        }
        assert_eq!(usecases::workspace::list_for(&house.deps, ada).await.unwrap().len(), 16);
    }

    async fn of_two_who_choose_one_slug_at_once_one_is_told_that_it_is_taken(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await.user.id;
        let new = |name: &str| NewWorkspace { name: name.to_owned(), slug: Some("engines".to_owned()) };
        let (one, two) = tokio::join!(
            create(&house.deps, ada, new("Engines"), Actor::User(ada)),
            create(&house.deps, ada, new("More engines"), Actor::User(ada)),
        );
        let taken = [one, two].iter().filter(|made| matches!(made, Err(CreateWorkspaceError::Taken))).count();
        assert_eq!(taken, 1);
    }
}
