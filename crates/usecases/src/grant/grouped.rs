//! The connections of a workspace by app and person: whoever connects an app again has one more, and sees one app.

use super::AuthorizedApp;
use domain::{
    oauth::{client::Standing, publisher::Publisher},
    user::User,
};
use std::collections::HashMap;

/// One app as people know it. What has the same name and the same evidence is the same to them, registered anew
/// or not.
#[derive(Debug, Clone)]
pub struct AppConnections {
    /// By person. Never empty, and neither is any of the lists.
    pub people: Vec<PersonConnections>,
}

/// What one person connected, the latest first.
#[derive(Debug, Clone)]
pub struct PersonConnections {
    pub user: User,
    pub connections: Vec<AuthorizedApp>,
}

impl AppConnections {
    pub fn connections(&self) -> impl Iterator<Item = &AuthorizedApp> {
        self.people.iter().flat_map(|person| &person.connections)
    }

    /// All but the one that each person made last.
    pub fn older(&self) -> impl Iterator<Item = &AuthorizedApp> {
        self.people.iter().flat_map(|person| person.connections.iter().skip(1))
    }
}

/// What tells one app from another: what its badge and its name say. One client may have addresses of several sites, so that
/// what is proven of one of its connections is not proven of the others.
#[derive(PartialEq, Eq, Hash)]
struct Known {
    publisher: Publisher,
    consented_name: String,
    client_name: String,
    standing: Standing,
}

impl Known {
    fn of(connection: &AuthorizedApp) -> Self {
        Self {
            publisher: connection.publisher.clone(),
            consented_name: connection.grant.client_name.clone(),
            client_name: connection.client_name.clone(),
            standing: connection.standing,
        }
    }
}

/// Apps and people stay in the order of the list.
pub fn grouped(list: Vec<AuthorizedApp>) -> Vec<AppConnections> {
    let mut apps: Vec<AppConnections> = Vec::new();
    let (mut app_places, mut person_places) = (HashMap::new(), HashMap::new());
    for connection in list {
        let at = *app_places.entry(Known::of(&connection)).or_insert(apps.len());
        if at == apps.len() {
            apps.push(AppConnections { people: Vec::new() });
        }
        let Some(AppConnections { people }) = apps.get_mut(at) else { continue };
        let own = *person_places.entry((at, connection.user.id)).or_insert(people.len());
        match people.get_mut(own) {
            Some(person) => person.connections.push(connection),
            None => people.push(PersonConnections { user: connection.user.clone(), connections: vec![connection] }),
        }
    }
    for person in apps.iter_mut().flat_map(|app| &mut app.people) {
        person
            .connections
            .sort_by_key(|connection| std::cmp::Reverse((connection.grant.created_at, connection.grant.id)));
    }
    apps
}
